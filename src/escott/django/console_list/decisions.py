"""What is decided by the console's list, on its way through the confirmation page.

Between the dry run and the confirmation nothing is stored: the page carries the decisions,
signed, so that what is confirmed is what was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core import signing

from escott.django.console_list.findings import ACTED_ON, SETTLES, Finding
from escott.rules.console_evidence import ListedState
from escott.rules.drift import Drift, Found

#: How long a dry run may be confirmed.
_GOOD_FOR: Final = timedelta(minutes=30)

_SALT: Final = "escott.console_list"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about one payment.

    Attributes:
        operation_id: the operation whose result is unknown; 0 where there is none.
        state: our record at the dry run.
        operations: how many the payment had then.
        transaction_id: 処理連番 in the list; empty where the list has no line.
        listed_state, listed_amount, sales_date: the line; empty, 0 and empty without one.
    """

    meaning: str
    payment_id: int
    operation_id: int
    state: str
    operations: int
    transaction_id: str = ""
    listed_state: str = ""
    listed_amount: int = 0
    sales_date: str = ""
    drift: str = ""

    @property
    def settles(self) -> bool:
        """It ends an unknown result."""
        return self.meaning in SETTLES

    @property
    def found(self) -> Found | None:
        """What the line told; ``None`` without one."""
        if not self.listed_state:
            return None
        day = date.fromisoformat(self.sales_date) if self.sales_date else None
        cancelled = self.listed_state == ListedState.CANCELLED
        return Found(self.listed_amount, day, cancelled=cancelled)

    @property
    def what_was_done(self) -> Drift | None:
        """In the console."""
        return Drift(self.drift) if self.drift else None


class Expired(Exception):
    """The dry run is too old, or is not ours: the list has to be uploaded again."""


def decision_on(finding: Finding) -> Decision | None:
    """What follows from a finding; ``None`` where it is left to staff."""
    if finding.meaning not in ACTED_ON:
        return None
    payment, line = finding.payment, finding.line
    day = line.found.sales_date if line else None
    return Decision(
        meaning=finding.meaning.value,
        payment_id=payment.pk,
        operation_id=finding.operation.pk if finding.operation else 0,
        state=payment.state,
        operations=finding.operations,
        transaction_id=line.transaction_id[:64] if line else "",
        listed_state=line.state.value if line else "",
        listed_amount=line.amount if line else 0,
        sales_date=day.isoformat() if day else "",
        drift=finding.drift.value if finding.drift else "",
    )


def sign_decisions(decisions: Iterable[Decision], *, key: str, user_id: Any) -> str:
    """The decisions as text for one person's page.

    Args:
        key: names the press that will confirm them.
    """
    rows = [list(asdict(decision).values()) for decision in decisions]
    return signing.dumps([key, str(user_id), rows], salt=_SALT, compress=True)


def read_decisions(text: str, *, user_id: Any) -> tuple[str, Sequence[Decision]]:
    """The key and the decisions of a confirmed page.

    Raises:
        Expired: see there.
    """
    try:
        key, user, rows = signing.loads(text, salt=_SALT, max_age=_GOOD_FOR)
    except signing.BadSignature:
        raise Expired from None
    if user != str(user_id):
        raise Expired
    return key, [Decision(*row) for row in rows]
