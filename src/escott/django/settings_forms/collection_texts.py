"""What each setting of online collection is called, and what staff should know of it.

The order and the names are the manual's (requirements.md A060 to A067); then come ours. The help
is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from escott.django.settings_forms.page_texts import PageTexts

#: The fields under the headings of the page, in the order of the manual.
SECTIONS: Final[Sequence[tuple[Any, Sequence[str]]]] = (
    (_("What customers see"), ("enabled", "title", "description")),
    (
        _("Connection and contract"),
        ("mode", "merchant_id", "test_password", "production_password"),
    ),
    (_("Last day and fee"), ("due_days", "charges_fee", "fee_rows")),
    (_("Orders and records"), ("order_status", "keeps_log")),
    (
        _("Texts on the payment slip"),
        (
            "slip_title",
            "slip_comment",
            "slip_contact",
            "slip_contact_telephone",
            "slip_contact_hours",
        ),
    ),
    (
        _("Deposits and their notices"),
        ("grace_business_days", "asks_a_minute", "notice_reply", "notice_addresses"),
    ),
)

FIELDS: Final[tuple[str, ...]] = tuple(name for _title, names in SECTIONS for name in names)

LABELS: Final[Mapping[str, Any]] = {
    "enabled": _("Enable/disable"),
    "mode": _("Test mode"),
    "due_days": _("Days to pay"),
    "charges_fee": _("Payment fee"),
    "fee_rows": _("Table of fees"),
    "keeps_log": _("Keep the log"),
    "slip_title": _("Heading of the notice"),
    "slip_comment": _("Notice to customers"),
    "slip_contact": _("Whom to ask"),
    "slip_contact_telephone": _("Telephone to ask"),
    "slip_contact_hours": _("Hours to ask"),
    "grace_business_days": _("Days of grace (business days)"),
    "asks_a_minute": _("Inquiries a minute"),
    "notice_reply": _("Answer to a notice"),
    "notice_addresses": _("Addresses that may send notices"),
}

#: What stands beside the box of a switch, where the label names the whole row.
SWITCHES: Final[Mapping[str, Any]] = {
    "enabled": _("Take payments at convenience stores, by Pay-easy and with e-money"),
    "charges_fee": _("Charge a payment fee"),
    "keeps_log": _("Keep it"),
}

HELP: Final[Mapping[str, Any]] = {
    "enabled": _("Off: checkout does not offer this method. The settings are kept."),
    "title": _("The name of this method at checkout and in mails."),
    "description": _("One sentence below the name at checkout."),
    "mode": _(
        "One switch for every payment method of this shop: what you choose here holds for "
        "credit cards too. One method in test mode and another in production is not possible. "
        "Switch it off before you open."
    ),
    "merchant_id": _(
        "Digits, from your contract for online collection, which may differ from the one for "
        "cards. The same in test and production."
    ),
    "test_password": _("For the test environment. It differs from the one for production."),
    "production_password": _(
        "For real payments. When you change it in the gateway's console, change it here as "
        "well. Notices made with the former one are still accepted for some days."
    ),
    "due_days": _(
        "1 to 60. Customers may pay until 23:59:59 of that day, Japan time; 1 is tomorrow. "
        "Slips made before you change it keep their last day."
    ),
    "charges_fee": _(
        "The fee, tax included, is added to what the customer pays. When staff change the "
        "amount of a slip later, the fee is not worked out again. Where a total with its fee is "
        "more than ¥299,999, checkout does not offer this method."
    ),
    "fee_rows": _(
        "Which fee an order's total pays; the total is with shipping and tax, without the fee. "
        "Both ends belong to the row. An empty “to” has no upper limit, an empty fee is ¥0. A "
        "total that stands in no row pays no fee."
    ),
    "order_status": _(
        "The order's status after the deposit. “Completed” is given only when nothing has to be "
        "shipped; otherwise it is “Processing”."
    ),
    "keeps_log": _(
        "What the payment module did for this method, for 30 days; cards have a switch of their "
        "own. Payments, deposit notices, operations and the audit log are always kept."
    ),
    "slip_title": _(
        "Stands above the notice on the payment slip. Full width, 20 characters at most."
    ),
    "slip_comment": _("One line for your customers. Full width, 30 characters at most."),
    "slip_contact": _(
        "Such as the name of your shop or your customer service. Full width, 21 characters at most."
    ),
    "slip_contact_telephone": _(
        "Digits and hyphens, 12 at most; write a mobile number without hyphens."
    ),
    "slip_contact_hours": _("Half width, 11 characters at most, such as 10:00-18:00."),
    "grace_business_days": _(
        "How long a slip may stay without a deposit after its last day, in days on which banks "
        "are open. Then the gateway is asked once more, the payment expires, and the order is "
        "cancelled."
    ),
    "asks_a_minute": _(
        "How many unpaid slips the worker asks the gateway about in a minute, so that a lost "
        "notice costs minutes and no order."
    ),
    "notice_reply": _(
        "What the gateway reads in answer to a notice that was received. Leave it at 0 unless "
        "your gateway tells you otherwise."
    ),
    "notice_addresses": _(
        "One address or network (CIDR) a line. Empty: from anywhere. A notice is never believed "
        "by itself, so this is a second lock, not the first. Wrong addresses here would keep "
        "out real notices."
    ),
}

COLLECTION_PAGE: Final = PageTexts(SECTIONS, LABELS, SWITCHES, HELP)
