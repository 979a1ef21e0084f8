"""What Oscar looks up by name in a checkout app. Each view lives in the module of its page."""

from oscar.apps.checkout.views import IndexView as OscarIndexView
from oscar.apps.checkout.views import ShippingMethodView as OscarShippingMethodView
from oscar.apps.checkout.views import UserAddressDeleteView as OscarUserAddressDeleteView

from escott.oscar.checkout.addresses import ShippingAddressView, UserAddressUpdateView
from escott.oscar.checkout.confirmation import PaymentDetailsView
from escott.oscar.checkout.other_way import OtherWayView
from escott.oscar.checkout.payment_method import PaymentMethodView
from escott.oscar.checkout.payment_page import PaymentPageView, PaymentStateView
from escott.oscar.checkout.private_pages import private_page
from escott.oscar.checkout.thank_you import OrderCompleteView, ThankYouView


@private_page
class IndexView(OscarIndexView):
    """Sign in, or go on as a guest."""


@private_page
class ShippingMethodView(OscarShippingMethodView):
    """How it is shipped; skipped while there is one way."""


@private_page
class UserAddressDeleteView(OscarUserAddressDeleteView):
    """Take an entry out of the address book."""


__all__ = [
    "IndexView",
    "OrderCompleteView",
    "OtherWayView",
    "PaymentDetailsView",
    "PaymentMethodView",
    "PaymentPageView",
    "PaymentStateView",
    "ShippingAddressView",
    "ShippingMethodView",
    "ThankYouView",
    "UserAddressDeleteView",
    "UserAddressUpdateView",
]
