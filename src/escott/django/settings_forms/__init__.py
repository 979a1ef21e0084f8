"""The forms in which staff set up the payment methods; the dashboard and the admin share them.

===================  =====================================================================
``card_settings``    the form of クレジットカード決済, in the order of the manual
``card_texts``       what each of its fields is called, and its help
``card_switch``      有効化 and 無効化 in the list of methods
``half_width``       a field for digits and letters that forgives 全角
``secret_field``     a field that is written and never read
``seen``             what the person was shown, so that two do not overwrite each other
``stored``           the account to change, locked
===================  =====================================================================
"""

from escott.django.settings_forms.card_settings import CardSettingsForm
from escott.django.settings_forms.card_switch import MethodNotAllowed, switch_card
from escott.django.settings_forms.stored import account_to_change, account_to_show

__all__ = [
    "CardSettingsForm",
    "MethodNotAllowed",
    "account_to_change",
    "account_to_show",
    "switch_card",
]
