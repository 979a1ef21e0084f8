"""The catalogue: what つむぎ堂 sells. Prices are in yen and include tax."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from oscar.core.loading import get_model

PICTURE_FOLDER: Final = Path(__file__).resolve().parent.parent / "catalogue_pictures"

Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")

DIGITAL: Final = "digital"

#: Slug, name, one sentence.
CATEGORIES: Final = (
    ("tableware", "うつわ・食卓", "毎日の食卓で、手になじむうつわと道具。"),
    ("textiles", "布もの", "包む、拭く、まとう。使うほどやわらかくなる布。"),
    ("stationery", "文具・紙もの", "書くこと、贈ることが楽しみになる紙と文具。"),
    (DIGITAL, "デジタル", "お支払い後すぐにお届けする読みものと壁紙。"),
)


@dataclass(frozen=True, slots=True)
class Good:
    """One product. ``picture`` is its name in shop.pictures and its stock number."""

    picture: str
    category: str
    title: str
    price: int
    description: str
    stock: int = 500


GOODS: Final = (
    Good(
        "furoshiki",
        "textiles",
        "綿の風呂敷 七宝（約105cm）",
        3780,
        "<p>藍の地に七宝をあしらった、大判の綿の風呂敷です。一升瓶から旅行の荷物まで、"
        "結び方しだいで形を変えて包めます。</p>"
        "<p>綿100％・日本製。ご家庭で手洗いいただけます。</p>",
    ),
    Good(
        "yunomi",
        "tableware",
        "湯のみ しのぎ 青磁",
        1980,
        "<p>縦に削った「しのぎ」の稜線が、手にやさしくかかる湯のみです。"
        "淡い青磁の釉薬が、お茶の色を引き立てます。</p>"
        "<p>磁器・約180ml。電子レンジと食器洗い機をお使いいただけます。</p>",
    ),
    Good(
        "kyusu",
        "tableware",
        "朱泥の急須",
        5500,
        "<p>きめ細かな朱泥の急須です。細かな茶こしが一体になっていて、"
        "深蒸し茶も目詰まりしにくく淹れられます。</p><p>陶器・約320ml。</p>",
        80,
    ),
    Good(
        "meshiwan",
        "tableware",
        "飯碗 三本線",
        2420,
        "<p>白磁に呉須の三本線を手描きした飯碗。軽くて持ちやすく、"
        "毎日のごはんがきれいに見える深さです。</p><p>磁器・直径約12cm。</p>",
    ),
    Good(
        "hashi",
        "tableware",
        "塗り箸 二膳組（箸置き付き）",
        1650,
        "<p>朱と黒の塗り箸を、白い箸置きと組にしました。箸先まで漆を重ね、"
        "滑りにくく仕上げています。</p><p>天然木・23cmと21cm。</p>",
    ),
    Good(
        "tenugui",
        "textiles",
        "手ぬぐい 青海波",
        1320,
        "<p>注染で染めた青海波の手ぬぐいです。裏まで色が通り、"
        "洗うたびに風合いがやわらかくなります。</p><p>綿100％・約35×90cm。</p>",
    ),
    Good(
        "apron",
        "textiles",
        "リネンのエプロン",
        6600,
        "<p>厚手のリネンで仕立てた、胸当てのあるエプロンです。大きなポケットがひとつ。"
        "乾きが早く、台所でも庭でも活躍します。</p><p>麻100％・フリーサイズ。</p>",
        60,
    ),
    Good(
        "notebook",
        "stationery",
        "糸かがりノート A5",
        1540,
        "<p>一冊ずつ糸でかがった、180度開くノートです。万年筆でもにじみにくい紙を"
        "使っています。</p><p>A5・無地・128ページ。</p>",
    ),
    Good(
        "glass-pen",
        "stationery",
        "ガラスペンとインク「宵」",
        4400,
        "<p>ねじりの入ったガラスペンに、夜空のような藍のインクを添えました。"
        "一度インクを含ませると、はがき一枚ほど書けます。</p>"
        "<p>ガラスペン 全長約17cm・インク30ml。</p>",
        40,
    ),
    Good(
        "pochibukuro",
        "stationery",
        "ポチ袋 和柄 五枚組",
        660,
        "<p>麻の葉、縞、青海波、七宝。和柄を集めたポチ袋です。"
        "お札が三つ折りで入ります。</p><p>和紙・五柄各1枚。</p>",
    ),
    Good(
        "wrapping-guide",
        DIGITAL,
        "風呂敷の包み方 図解ブック（PDF）",
        980,
        "<p>平包みからバッグまで、二十の包み方を図で解説した電子書籍です。</p>"
        "<p>PDF・64ページ。お支払い後すぐにダウンロードいただけます。</p>",
    ),
    Good(
        "wallpapers",
        DIGITAL,
        "暮らしの壁紙 十二か月",
        1100,
        "<p>季節の景色を描いた、スマートフォンとパソコンの壁紙集です。</p>"
        "<p>PNG・12点。お支払い後すぐにダウンロードいただけます。</p>",
    ),
    Good(
        "care-booklet",
        DIGITAL,
        "小冊子「うつわの手入れ」（PDF・無料）",
        0,
        "<p>目止め、茶渋、しまい方。うつわと長く付き合うための小冊子を、"
        "無料でお配りしています。</p><p>PDF・8ページ。</p>",
    ),
)


def seed_catalogue() -> None:
    """Product classes, categories and goods. What staff changed stays as they left it."""
    classes = {
        False: _product_class("goods", "商品", ships=True),
        True: _product_class("digital", "デジタル商品", ships=False),
    }
    categories = {slug: _category(slug, name, text) for slug, name, text in CATEGORIES}
    partner, _created = Partner.objects.get_or_create(code="tsumugi", defaults={"name": "つむぎ堂"})
    known = set(StockRecord.objects.values_list("partner_sku", flat=True))
    for good in GOODS:
        if good.picture not in known:
            product_class = classes[good.category == DIGITAL]
            _product(good, product_class, categories[good.category], partner)


def _product_class(slug: str, name: str, *, ships: bool) -> Any:
    return ProductClass.objects.get_or_create(
        slug=slug, defaults={"name": name, "requires_shipping": ships, "track_stock": ships}
    )[0]


def _category(slug: str, name: str, description: str) -> Any:
    found = Category.objects.filter(slug=slug).first()
    return found or Category.objects.add_root(
        {"slug": slug, "name": name, "description": description}
    )


def _product(good: Good, product_class: Any, category: Any, partner: Any) -> None:
    product = Product.objects.create(
        title=good.title,
        slug=good.picture,
        product_class=product_class,
        description=good.description,
    )
    ProductCategory.objects.create(product=product, category=category)
    StockRecord.objects.create(
        product=product,
        partner=partner,
        partner_sku=good.picture,
        price=good.price,
        num_in_stock=good.stock if product_class.track_stock else None,
    )
    ProductImage.objects.create(
        product=product, original=_published(good.picture), caption=good.title
    )


def _published(picture: str) -> str:
    """Copy the picture to where pictures are served from; its name there."""
    name = f"{settings.OSCAR_IMAGE_FOLDER}{picture}.webp"
    target = settings.MEDIA_ROOT / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PICTURE_FOLDER / f"{picture}.webp", target)
    return name
