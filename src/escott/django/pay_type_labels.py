"""支払区分 in the words of shoppers and staff."""

from __future__ import annotations

from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from escott.rules.instalments import BONUS, LUMP_SUM, REVOLVING, TAKEN

_COUNTED: Final = {code for taken in TAKEN.values() for code in taken} - {
    LUMP_SUM,
    REVOLVING,
    BONUS,
}

#: Every PayType that any card takes.
PAY_TYPE_LABELS: Final = {
    LUMP_SUM: _("One payment"),
    **{code: format_lazy(_("{count} payments"), count=int(code)) for code in sorted(_COUNTED)},
    REVOLVING: _("Revolving payments"),
    BONUS: _("One payment from the bonus"),
}
