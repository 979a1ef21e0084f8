"""The site, Japan, one customer, staff who may do more and less. Passwords are for the demo."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site
from oscar.core.loading import get_model

from escott.oscar.order_kana import keep_in_address_book
from shop.seed.staff_groups import MANAGERS, ORDER_DESK, seed_groups

CUSTOMER: Final = ("taro@example.com", "taro-demo-2028")
STAFF: Final = ("staff@example.com", "staff-demo-2028")
MANAGER: Final = ("tencho@example.com", "tencho-demo-2028")
ORDER_CLERK: Final = ("juchu@example.com", "juchu-demo-2028")

Country = get_model("address", "Country")
UserAddress = get_model("address", "UserAddress")


def seed_site(domain: str) -> None:
    """The shop's address, which its mails link to."""
    Site.objects.update_or_create(pk=1, defaults={"domain": domain, "name": "つむぎ堂"})
    Site.objects.clear_cache()


def seed_japan() -> None:
    """The one country that the shop ships to."""
    Country.objects.get_or_create(
        iso_3166_1_a2="JP",
        defaults={
            "iso_3166_1_a3": "JPN",
            "iso_3166_1_numeric": "392",
            "printable_name": "日本",
            "name": "Japan",
            "is_shipping_country": True,
        },
    )


def seed_customer() -> None:
    """山田太郎, with one address in his book."""
    user, _created = _user(*CUSTOMER, last_name="山田", first_name="太郎")
    if user.addresses.exists():
        return
    address = UserAddress.objects.create(
        user=user,
        last_name="山田",
        first_name="太郎",
        line1="千代田1-1",
        line4="千代田区",
        state="東京都",
        postcode="100-0001",
        phone_number="+81312345678",
        country_id="JP",
        is_default_for_shipping=True,
    )
    keep_in_address_book(address, {"last_name_kana": "ヤマダ", "first_name_kana": "タロウ"})


def seed_staff() -> None:
    """One who may do everything in the dashboard and the admin, a 店長, and a 受注担当."""
    _user(*STAFF, last_name="鈴木", first_name="管理者", is_staff=True, is_superuser=True)
    seed_groups()
    _in_group(MANAGERS, *MANAGER, last_name="佐藤", first_name="店長")
    _in_group(ORDER_DESK, *ORDER_CLERK, last_name="高橋", first_name="受注")


def _in_group(name: str, email: str, password: str, **fields: Any) -> None:
    user, created = _user(email, password, is_staff=True, **fields)
    if created:
        user.groups.add(Group.objects.get(name=name))


def _user(email: str, password: str, **fields: Any) -> tuple[Any, bool]:
    """The user, and whether there was none before."""
    user, created = get_user_model().objects.get_or_create(
        email=email, defaults={"username": email.split("@", maxsplit=1)[0], **fields}
    )
    if created:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user, created
