"""お届け先: where the order goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from oscar.apps.checkout.views import ShippingAddressView as OscarShippingAddressView
from oscar.apps.checkout.views import UserAddressUpdateView as OscarUserAddressUpdateView

from escott.oscar.checkout.forms import ShippingAddressForm, UserAddressForm
from escott.oscar.checkout.private_pages import private_page
from escott.oscar.order_kana import kana_of


@private_page
class ShippingAddressView(OscarShippingAddressView):
    """The address form with kana, and the customer's address book above it."""

    form_class = ShippingAddressForm

    def get_initial(self) -> dict[str, Any]:
        return {**(super().get_initial() or {}), **self.checkout_session.kana()}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take an address of the book only with its reading; older entries have none."""
        chosen = request.POST.get("address_id", "")
        if request.user.is_authenticated and chosen:
            address = request.user.addresses.filter(pk=chosen).first() if chosen.isdigit() else None
            if address is None:
                return redirect("checkout:shipping-address")
            if not kana_of(address.pk):
                messages.warning(request, _("Please add the reading of the name to this address."))
                return redirect("checkout:user-address-update", pk=address.pk)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: ShippingAddressForm) -> HttpResponse:
        self.checkout_session.reset_shipping_data()
        self.checkout_session.keep_kana(form.kana)
        response: HttpResponse = super().form_valid(form)
        return response


@private_page
class UserAddressUpdateView(OscarUserAddressUpdateView):
    """Correct an entry of the address book without leaving checkout."""

    form_class = UserAddressForm
