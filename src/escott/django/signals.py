"""What the host shop listens to.

``payment_changed`` is sent after every change of a payment's state, at least once, in a
transaction of its own that opens after the change itself is safely committed. A receiver
that raises loses only its own work: the worker sends the signal again later. Receivers must
be idempotent and look at ``payment.state``.

Arguments: ``payment`` (:class:`escott.django.models.Payment`).
"""

from django.dispatch import Signal

payment_changed = Signal()
