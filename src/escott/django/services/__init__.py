"""When something is said to the gateway. Nobody else in this package, or above it, does.

====================== =====================================================================
``begin``              charge at once, or send the browser to the gateway
``pay``                charge a card for an order
``token_check``        is a token good, and which card is behind it
``card_label``         brand and last four digits of a payment
``open_trip``          write down what the browser is sent for
``start_trip``         what it takes along
``return_trip``        what it brings back: ``authenticated``, ``hosted_return``
``members``            save and change a card; ``member_reference`` asks how it stands
``keep_card``          save the card of a payment
``charge_saved_card``  登録済みカードで決済 by staff
``operate``            売上計上, 取消, 利用額変更, 再オーソリ
``collection``         payments by slip (オンライン収納代行)
``claim``              write down, before anything is sent, and win or lose against others;
                       ``card_claims`` for cards
``call``               send it, within the bound on calls
``record``             write down what came back: ``write_end``, ``persist``
``card_end``           what the end of an operation makes of a payment; ``slip_end``
``late_answer``        what came back after its operation had ended; ``late_slip_answer``
``announce``           tell the host shop, at least once
``recovery``           ask about what is unfinished or unknown
``settle``             what staff found in the gateway's console
``console_settling``   the same for many, by the console's list
``cases``              要対応: open a matter for staff, and close it
``compare``            does the gateway hold what our record says
``adopt``              take over what was done in the gateway's console
``plans``              一括処理, carried out by the worker
``refunds``            money that went back outside the gateway
``warnings``           the last day of operations comes near
``expiry``             期限切れ
====================== =====================================================================
"""

from escott.django.services.card_account import MethodUnavailable
from escott.django.services.operate import operate
from escott.django.services.pay import (
    BrowserTripNeeded,
    carry_out,
    claim_payment,
    pay_by_token,
)
from escott.django.services.payments import (
    current_payment_of,
    latest_authentication_of,
    live_payment_of,
    payments_of,
)
from escott.django.services.settle import NotSettleable, settle

__all__ = [
    "BrowserTripNeeded",
    "MethodUnavailable",
    "NotSettleable",
    "carry_out",
    "claim_payment",
    "current_payment_of",
    "latest_authentication_of",
    "live_payment_of",
    "operate",
    "pay_by_token",
    "payments_of",
    "settle",
]
