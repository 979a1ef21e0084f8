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
"""

from django.dispatch import Signal

payment_changed = Signal()
authentication_failed = Signal()
