"""What the host shop listens to.

``payment_changed`` is sent after every change of a payment's state, at least once, in a
transaction of its own that opens after the change itself is safely committed. A receiver
that raises loses only its own work: the worker sends the signal again later. Receivers must
be idempotent and look at ``payment.state``.

Arguments: ``payment`` (:class:`escott.django.models.Payment`).

``authentication_failed`` is sent when a 本人認証 has ended and nothing will be charged: refused,
cancelled, or nobody came back. It is sent at most once, so it serves what is good to have, such
as a mail with the way back to the order.

Arguments: ``trip`` (:class:`escott.django.models.Trip`).

``charge_claimed`` is sent in the transaction that writes a charge down, before anything is asked
of the gateway. A receiver may hold the order's row, so that nobody closes the order at that very
moment, and raises :class:`escott.django.orders.OrderNotPayable` where it is closed already.

Arguments: ``order_reference``.

``case_opened`` is sent once when something needs a person (要対応), after the commit. It may be
lost with its process, so it serves notices; the queue itself stands in the rows.

Arguments: ``case`` (:class:`escott.django.models.Case`).

``guidance_sent`` is sent in the transaction that queues an お支払い案内 that staff send again.

Arguments: ``payment`` and ``actor``, the member of staff.

``last_day_near`` is sent in the transaction that notes the warnings, so that a mail queued by a
receiver is written with them or not at all.

Arguments: ``payments`` (those to warn of) and ``now`` (the date in Japan).
"""

from django.dispatch import Signal

payment_changed = Signal()
authentication_failed = Signal()
charge_claimed = Signal()
case_opened = Signal()
guidance_sent = Signal()
last_day_near = Signal()
