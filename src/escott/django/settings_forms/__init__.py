"""The forms in which staff set up the payment methods; the dashboard and the admin share them.

=======================  =================================================================
``settings_form``        what the forms of both methods share
``page_texts``           the words of a page of settings, as data
``card_settings``        the form of クレジットカード決済, in the order of the manual
``card_texts``           what each of its fields is called, and its help
``collection_settings``  the form of オンライン収納代行サービス
``collection_texts``     what each of its fields is called, and its help
``switches``             有効化 and 無効化 in the list of methods
``fee_rows``             the rows of 決済手数料, as they are typed and checked
``fee_table_field``      the table of them as a field
``fee_example``          what a total pays by the table as it is typed
``slip_fields``          fields for what stands on a slip
``networks``             a field for addresses and networks
``half_width``           a field for digits and letters that forgives 全角
``secret_field``         a field that is written and never read
``seen``                 what the person was shown, so that two do not overwrite each other
``stored``               the rows to change, locked
=======================  =================================================================
"""

from escott.django.settings_forms.card_settings import CardSettingsForm
from escott.django.settings_forms.collection_settings import CollectionSettingsForm
from escott.django.settings_forms.stored import (
    account_to_change,
    account_to_show,
    collection_to_change,
    collection_to_show,
)
from escott.django.settings_forms.switches import (
    MethodNotAllowed,
    switch_card,
    switch_collection,
)

__all__ = [
    "CardSettingsForm",
    "CollectionSettingsForm",
    "MethodNotAllowed",
    "account_to_change",
    "account_to_show",
    "collection_to_change",
    "collection_to_show",
    "switch_card",
    "switch_collection",
]
