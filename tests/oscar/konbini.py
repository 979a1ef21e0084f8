"""What a shopper does who pays by slip: at a convenience store, by Pay-easy or with e-money."""

from __future__ import annotations

from typing import Any, Final

from escott.django.models import CollectionAccount, Payment, Slip
from escott.simulator.server import SimulatorServer
from escott.simulator.slips import Slip as GatewaySlip
from escott.simulator.slips import SlipPayment as Deposit
from tests.oscar.conftest import CHOICE, Product, Shopper

#: Who pays, where the goods have no address.
PAYER: Final = {"name": "山田 花子", "kana": "ヤマダ ハナコ", "telephone": "03-1234-5678"}


def offer_collection(**columns: Any) -> None:
    """Checkout offers it, with these settings."""
    CollectionAccount.objects.update(enabled=True, **columns)


def chooses(shopper: Shopper, method: str = "collection", **payer: str) -> Any:
    """Posts the page お支払い方法."""
    typed = {f"payer-{name}": value for name, value in payer.items()}
    return shopper.client.post(CHOICE, {"method": method, **typed})


def goes_to_slip_confirmation(
    shopper: Shopper, picture: str = "furoshiki", quantity: int = 1, **payer: str
) -> Any:
    """From an empty basket to the confirmation page of an order that is paid by slip.

    Goods without shipping are asked for the payer, whom the address tells otherwise.
    """
    shopper.puts_in_basket(picture, quantity)
    shopper.goes_as_guest()
    shopper.client.get("/checkout/shipping-address/", follow=True)
    ships = Product.objects.get(slug=picture).is_shipping_required
    if ships:
        shopper.gives_address()
    answer = chooses(shopper, **({} if ships else {**PAYER, **payer}))
    assert answer.status_code == 302, answer.content.decode()
    page = shopper.confirms()
    assert page.status_code == 200, page
    return page


def orders_by_slip(shopper: Shopper, page: Any) -> Any:
    """Presses 注文する on that page."""
    return shopper.client.post(page.context["order_url"])


def buys_by_slip(shopper: Shopper, picture: str = "furoshiki", **payer: str) -> Any:
    """Everything, from an empty basket; the answer to 注文する."""
    return orders_by_slip(shopper, goes_to_slip_confirmation(shopper, picture, **payer))


def pays_by_slip(shopper: Shopper, page_url: str, **payer: str) -> Any:
    """Chooses the slip on the page of a placed order, and presses the button."""
    form = shopper.client.get(f"{page_url}?method=collection").context["slip_form"]
    posted = {"method": "collection", "amount": form.method.amount, "press": form.press}
    typed = {f"payer-{name}": value for name, value in payer.items()}
    return shopper.client.post(page_url, posted | typed)


def gives_up(shopper: Shopper, other_way: str) -> Any:
    """Confirms that the slip is cancelled for another way to pay."""
    asked = shopper.client.get(other_way).context
    return shopper.client.post(
        other_way, {"payment": asked["payment_id"], "seen": asked["seen"], "key": asked["key"]}
    )


def the_slip() -> Slip:
    """The slip of the only payment by slip."""
    return Slip.objects.select_related("payment").get()


def the_payment() -> Payment:
    """The only payment."""
    return Payment.objects.get()


def at_the_gateway(simulator: SimulatorServer) -> GatewaySlip:
    """The only slip in the gateway's books."""
    [slip] = simulator.gateway.collection.slips()
    return slip


def pays_at_lawson(simulator: SimulatorServer, payment: Payment, **deposit: Any) -> None:
    """At the till; no notice is sent from here, so somebody has to ask."""
    simulator.gateway.collection.pay(payment.transaction_code, Deposit(cvs_cd="LSN", **deposit))
