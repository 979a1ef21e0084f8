"""The tables about cards: which of them may be paid how."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import override
from table_parts import set_up_django, table

from escott.rules.card_brands import LEADING_DIGITS, NAMES, CardBrand
from escott.rules.instalments import InstalmentOffer, pay_types


def instalments_in_japanese() -> str:
    """支払回数 by brand and setting, in the words that shoppers read."""
    set_up_django()
    from escott.django.pay_type_labels import PAY_TYPE_LABELS

    def words(codes: Iterable[str]) -> str:
        return "、".join(str(PAY_TYPE_LABELS[code]) for code in codes) or "―"

    rows = []
    with override("ja"):
        for brand in CardBrand:
            split = pay_types(brand, InstalmentOffer.INSTALMENTS)
            bonus = [it for it in pay_types(brand, InstalmentOffer.BONUS) if it not in split]
            cells = [
                NAMES[brand] or "その他",
                _leading_digits(brand),
                words([*split]),
                words(bonus),
            ]
            rows.append(cells)
    return table(["カード", "番号の先頭", "分割・リボ", "ボーナスも選べる設定で加わるもの"], rows)


def _leading_digits(brand: CardBrand) -> str:
    ranges = LEADING_DIGITS.get(brand, ())
    return "、".join(first if first == last else f"{first}～{last}" for first, last in ranges)
