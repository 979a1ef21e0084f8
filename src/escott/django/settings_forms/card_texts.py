"""What each card setting is called, and what staff should know before they change it.

The order and the names are the manual's (requirements.md A030 to A055); the help is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from escott.django.settings_forms.page_texts import PageTexts

#: The fields under the headings of the page, in the order of the manual.
SECTIONS: Final[Sequence[tuple[Any, Sequence[str]]]] = (
    (_("What customers see"), ("card_enabled", "card_title", "card_description")),
    (
        _("Connection and contract"),
        (
            "mode",
            "connection",
            "merchant_id",
            "test_password",
            "production_password",
            "tenant_id",
            "settlement_key",
        ),
    ),
    (
        _("3-D Secure and encryption"),
        (
            "secure_use",
            "secure_policy",
            "risk_acknowledged",
            "encryption_key",
            "initial_vector",
        ),
    ),
    (_("Card entry"), ("token_code", "needs_security_code")),
    (_("Saved cards"), ("saves_cards", "always_saves_card", "shoppers_delete_cards")),
    (
        _("Charging"),
        ("card_charge", "subscription_charge", "instalments", "consent_text"),
    ),
    (_("Orders and records"), ("order_status", "abandoned_after_hours", "keeps_log")),
    (
        _("After the charge"),
        ("handling_days", "captures_on_shipping", "compares_a_minute"),
    ),
    (_("The seller"), ("seller_country", "currency")),
)

FIELDS: Final[tuple[str, ...]] = tuple(name for _title, names in SECTIONS for name in names)

LABELS: Final[Mapping[str, Any]] = {
    "card_enabled": _("Enable/disable"),
    "mode": _("Test mode"),
    "needs_security_code": _("Security code"),
    "risk_acknowledged": _("Risk without 3-D Secure"),
    "saves_cards": _("Card members"),
    "keeps_log": _("Keep the log"),
    "handling_days": _("Handling period (days)"),
    "captures_on_shipping": _("Capture when shipped"),
    "abandoned_after_hours": _("Cancel unpaid orders after (hours)"),
    "compares_a_minute": _("Comparisons a minute"),
}

#: What stands beside the box of a switch, where the label names the whole row.
SWITCHES: Final[Mapping[str, Any]] = {
    "card_enabled": _("Take payments by credit card"),
    "risk_acknowledged": _("We have read this and accept the risk"),
    "needs_security_code": _("Ask for the security code"),
    "saves_cards": _("Customers may pay with a saved card"),
    "always_saves_card": _("Save the card of every customer who is signed in"),
    "shoppers_delete_cards": _("Customers may delete their card themselves"),
    "keeps_log": _("Keep it"),
    "captures_on_shipping": _("Capture the authorised amount by itself once an order is shipped"),
}

HELP: Final[Mapping[str, Any]] = {
    "card_enabled": _("Off: checkout does not offer cards. The settings are kept."),
    "card_title": _("The name of this method at checkout and in mails."),
    "card_description": _("One sentence below the name at checkout."),
    "mode": _(
        "One switch for every payment method of this shop. In test mode nothing is really "
        "charged; switch it off before you open."
    ),
    "connection": _(
        "Token type: the card is typed on the shop's page and goes from the browser straight to "
        "the gateway. External link type: customers leave for the gateway's page and come back; "
        "one payment only, and both the encryption key and the initialisation vector are needed."
    ),
    "merchant_id": _("Digits, from your contract. The same in test and production."),
    "test_password": _("For the test environment. It differs from the one for production."),
    "production_password": _(
        "For real payments. When you change it in the gateway's console, change it here as well."
    ),
    "tenant_id": _("Four digits. 0001 if your contract has one shop."),
    "settlement_key": _("Digits, from your contract. Kept for your records; no request uses it."),
    "secure_use": _(
        "Choose one. To use it, apply to your gateway first. If the gateway answers K06, your "
        "contract does not include it yet."
    ),
    "secure_policy": _(
        "Which results of the authentication let a payment go on. A customer who fails it is "
        "refused either way."
    ),
    "encryption_key": _("16 letters and digits. Needed for 3-D Secure and the external link type."),
    "initial_vector": _("16 letters and digits. Needed for 3-D Secure and the external link type."),
    "token_code": _(
        "Letters and digits, from your contract. Needed for the token type. It stands in the "
        "checkout page, so it is no secret."
    ),
    "needs_security_code": _(
        "On: customers must enter the 3 or 4 digits. If you switch it off, set the gateway's "
        "console not to verify security codes as well, or payments will be refused."
    ),
    "saves_cards": _(
        "The gateway keeps the card, the shop never does. Subscriptions need this switch."
    ),
    "always_saves_card": _("Customers are then not asked whether to save the card."),
    "shoppers_delete_cards": _("Off: customers change their card, and staff delete it on request."),
    "card_charge": _(
        "“Authorise and capture” takes the money with the order. “Authorise” only holds the "
        "amount: nobody is billed until staff capture it."
    ),
    "subscription_charge": _("The same choice for the renewals of subscriptions."),
    "instalments": _(
        "What customers may choose, as far as the brand of their card allows it. With the "
        "external link type and for subscriptions it is always one payment."
    ),
    "consent_text": _(
        "Customers agree to it before 3-D Secure or the gateway's page. It must say what is "
        "handed to the card company, and that the data may go abroad."
    ),
    "order_status": _(
        "“Completed” is given only when nothing has to be shipped and the money was captured "
        "with the order; otherwise it is “Processing”."
    ),
    "keeps_log": _(
        "What the payment module did, for 30 days. Payments, operations and the audit log are "
        "always kept."
    ),
    "handling_days": _(
        "Days after the charge in which it can be changed, by contract. Usually 60. Payments made "
        "before you change it keep their last day."
    ),
    "captures_on_shipping": _(
        "When every line of an order has been shipped, or its status becomes “Completed”. If the "
        "order's total is no longer the authorised amount, nothing is captured and staff are told."
    ),
    "abandoned_after_hours": _(
        "An order that nobody has paid or tried to pay for so long is cancelled, its goods go "
        "back on the shelf, and the customer gets a mail. 0: never."
    ),
    "compares_a_minute": _(
        "How many payments are compared with the gateway in a minute, so that what was done in "
        "its console is found within a day. At 60 that is enough for about 80,000 payments."
    ),
    "seller_country": _("JP. Sellers in other countries cannot use this method."),
    "currency": _("JPY. Other currencies cannot be charged."),
}

CARD_PAGE: Final = PageTexts(SECTIONS, LABELS, SWITCHES, HELP)
