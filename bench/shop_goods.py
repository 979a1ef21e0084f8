"""Put two goods on the demo shop's shelf that differ in nothing but their price.

    python -m bench.shop_goods

Prints their keys as JSON: what is paid for, and what costs nothing.
"""

from __future__ import annotations

import json
from typing import Any

import django


def main() -> None:
    """Add the goods, with more in stock than anybody orders here."""
    django.setup()
    from oscar.core.loading import get_model

    goods = get_model("catalogue", "ProductClass").objects.get(slug="goods")
    partner = get_model("partner", "Partner").objects.get()

    def shelve(title: str, price: int) -> Any:
        product = get_model("catalogue", "Product").objects.create(
            title=title, slug=title, product_class=goods
        )
        get_model("partner", "StockRecord").objects.create(
            product=product,
            partner=partner,
            partner_sku=title,
            price=price,
            num_in_stock=10_000_000,
        )
        return product.pk

    print(json.dumps({"paid": shelve("paid", 3780), "free": shelve("free", 0)}))


if __name__ == "__main__":
    main()
