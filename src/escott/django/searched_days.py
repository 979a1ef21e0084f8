"""The days that staff may search for: beyond them a moment cannot be reckoned with or stored."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

#: Validators of a form's day.
SEARCHED_DAYS: Final = (
    MinValueValidator(date(2000, 1, 1), _("Please give a date from 2000 on.")),
    MaxValueValidator(date(2099, 12, 31), _("Please give a date until 2099.")),
)
