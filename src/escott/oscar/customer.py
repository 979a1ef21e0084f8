"""The address book of an account, with the reading of the name. Oscar's customer app otherwise."""

from __future__ import annotations

from oscar.apps.customer.apps import CustomerConfig as OscarCustomerConfig


class CustomerConfig(OscarCustomerConfig):
    """Oscar's customer app; only the two forms of the address book are ours.

    It keeps Oscar's own name, so nothing is forked and no migration is copied.
    """

    name = "oscar.apps.customer"

    def ready(self) -> None:
        super().ready()
        from escott.oscar.checkout.forms import UserAddressForm

        for view in (self.address_create_view, self.address_update_view):
            view.form_class = UserAddressForm
