"""監査ログ: write down who changed what. Kept whatever the switch ログを保存 says.

A secret is only said to have been changed; neither its old nor its new text is asked for here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.models import AuditArea, AuditEntry
from escott.gateway.secret import Secret

#: The text before and after; ``None`` for a secret, of which neither is kept.
Change = tuple[str, str] | None


def record_change(
    actor: Any,
    action: str,
    subject: str,
    changes: Mapping[str, Change],
    *,
    area: AuditArea = AuditArea.SETTINGS,
    reason: str = "",
    clock: Clock | None = None,
) -> AuditEntry:
    """Write one entry, in the caller's transaction, so that no change goes without it.

    Args:
        actor: the user who did it; ``None`` or an anonymous one where nobody is signed in.
        action: what was done, in the words of the page.
        subject: whom or what it was done to.
        changes: by the label of each thing that differs, its text before and after.
        area: what it belongs to.
        reason: why, where staff must say so.
        clock: the present; the site's clock by default.
    """
    known = actor is not None and actor.is_authenticated
    return AuditEntry.objects.create(
        at=(clock or the_clock()).now(),
        actor=actor if known else None,
        actor_name=str(actor)[:150] if known else "",
        area=area,
        action=str(action)[:100],
        subject=str(subject)[:150],
        reason=reason[:300],
        changes={str(label): change for label, change in changes.items()},
    )


def shown(row: models.Model, name: str, value: Any) -> str:
    """A field's value in words: what a choice is called, On or Off for a switch."""
    if isinstance(value, Secret):
        raise TypeError(f"{name} is a secret and is not shown")
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    choices = dict(getattr(row._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))
