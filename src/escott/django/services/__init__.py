"""When something is said to the gateway. Nobody else in this package, or above it, does.

===================  =====================================================================
``pay``              charge a card for an order
``operate``          売上計上, 取消, 利用額変更, 再オーソリ
``claim``            write down, before anything is sent, and win or lose against others
``call``             send it, within the bound on calls
``record``           write down what came back
``late_answer``      what came back after its operation had ended
``announce``         tell the host shop, at least once
``recovery``         ask about what is unfinished or unknown
``settle``           what staff found in the gateway's console
``expiry``           期限切れ
===================  =====================================================================
"""

from escott.django.services.operate import operate
from escott.django.services.pay import (
    MethodUnavailable,
    carry_out,
    claim_by_token,
    pay_by_token,
)
from escott.django.services.payments import (
    current_payment_of,
    live_payment_of,
    payments_of,
    was_tried_too_often,
)
from escott.django.services.settle import NotSettleable, settle

__all__ = [
    "MethodUnavailable",
    "NotSettleable",
    "carry_out",
    "claim_by_token",
    "current_payment_of",
    "live_payment_of",
    "operate",
    "pay_by_token",
    "payments_of",
    "settle",
    "was_tried_too_often",
]
