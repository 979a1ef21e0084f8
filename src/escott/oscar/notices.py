"""The shopper's mails about operations go out with the changes of the payment itself.

What goes to the shop alone is queued by escott.django.notices, on every site.
"""

from __future__ import annotations

from escott.django.notices import tell_of_operations
from escott.django.signals import payment_changed

payment_changed.connect(tell_of_operations, dispatch_uid="escott.oscar.tell_of_operations")
