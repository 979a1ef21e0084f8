"""The slips' pages in a browser: with the keyboard, on a narrow screen, for everybody."""

from __future__ import annotations

import pytest

from escott.simulator.notice_faults import NoticeFault
from tests.axe import violations
from tests.simulator.receiver import receiving
from tests.simulator.slips import STATES, Slips

LANGUAGES = ["", "&lang=en"]
WIDTHS = [320, 1280]
TEXTS = {
    "Title": "ご案内",
    "Comment": "あ" * 30,
    "Free1": "い" * 16,
    "Free17": "窓口",
    "Free19": "9:00",
}


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def at(slips, path):
    return f"http://{slips.merchant.host}{path}"


def link(slips, path="/JLPCT/JLPcon", rkbn="1"):
    return at(slips, f"{path}?code={slips.only.link_code}&rkbn={rkbn}")


def press(page, role, name):
    """Reach a control with the Tab key, and press it."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return page.keyboard.press("Enter")
    raise AssertionError(f"{name} cannot be reached with the keyboard")


def test_a_shopper_chooses_and_pays_with_the_keyboard(serve, page):
    with receiving() as receiver:
        receiver.reply = b"0"
        slips = Slips(serve(notice_url=receiver.url))
        slips.new()
        page.goto(link(slips))
        press(page, "button", "ローソン")
        page.get_by_role("heading", name="ローソンでのお支払い").wait_for()
        press(page, "link", "レジで支払う")
        page.get_by_role("heading", name="レジで支払う").wait_for()
        press(page, "button", "この内容で実行する")
        page.locator("p.done", has_text="支払いました。").wait_for()
        assert receiver.wait()["CvsCd"] == "LSN"
        page.get_by_text("受領済み").wait_for()
        press(page, "link", "お支払いのページへ戻る")
        page.get_by_role("heading", name="お支払いは完了しています").wait_for()


def test_the_skip_link_leads_to_the_content(slips, page):
    slips.new()
    page.goto(link(slips))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_number_is_copied(slips, page):
    slips.new()
    slips.gateway.collection.choose(slips.only, "LSN")
    page.goto(link(slips))
    page.get_by_role("button", name=f"コピー: {slips.only.kessai_number}").click()
    page.locator("#copied", has_text="コピーしました").wait_for(state="attached")


def test_a_moment_to_come_is_chosen_in_the_browser(slips, page):
    slips.new()
    page.goto(at(slips, f"/simulator/till?code={slips.only.link_code}"))
    page.get_by_label("指定した日時に支払う").check()
    page.get_by_label("日時（ゲートウェイの時計）").fill("2026-01-08T09:30")
    page.get_by_text("入金通知に起こすこと").click()
    page.get_by_label("届かない").check()
    page.get_by_role("button", name="この内容で実行する").click()
    page.get_by_text("2026年1月8日（木）09:30 に支払う予定です").wait_for()
    planned = slips.gateway.collection.planned(slips.only)
    assert planned.due.isoformat() == "2026-01-08T09:30:00+09:00"
    assert planned.payment.faults == (NoticeFault.LOST,)


def test_staff_pay_a_slip_in_and_cancel_another(slips, page):
    slips.new(MerchantFree1="1")
    slips.new(MerchantFree1="2")
    first, second = slips.gateway.collection.slips()
    page.goto(at(slips, "/merchant/deposits"))
    page.get_by_role("button", name=f"入金して通知: 払込番号 {first.kessai_number}").click()
    page.locator("p.done", has_text=first.kessai_number).wait_for()
    page.get_by_role("link", name=second.kessai_number).click()
    page.get_by_role("button", name="取消の確認へ").click()
    page.get_by_role("button", name="¥3,780 を取り消す").click()
    page.locator("p.done", has_text="削除を行いました").wait_for()
    states = [slip.state_at(slips.now).value for slip in slips.gateway.collection.slips()]
    assert states == ["paid", "deleted"]


@pytest.fixture
def every_page(slips):
    """The address of every page in every state, by what it shows."""
    pages = {"nobody": at(slips, "/JLPCT/JLPcon?code=unknown&rkbn=2")}
    for state in STATES:
        slips.in_state(state, MerchantFree1=state, NameKanji="あ" * 20, **TEXTS)
    slips.new(MerchantFree1="chosen", PayLimit="202601202359", **TEXTS)
    slips.new(MerchantFree1="bank", PayLimit="202601202359")
    changed = slips.new(MerchantFree1="changed", PayLimit="202601202359")
    collection = slips.gateway.collection
    collection.choose(collection.slip("chosen"), "LSN")
    collection.choose(collection.slip("bank"), "ONL")
    before = collection.slip("changed").link_code
    slips.follow("2Chg", changed, PayLimit="202601202359")
    slips.merchant.request("POST", "/simulator/slips/bank/notices", '{"faults": ["lost"]}')
    pages["replaced"] = at(slips, f"/JLPCT/JLPcon?code={before}&rkbn=2")
    for slip in collection.slips():
        name, code = slip.merchant_free1, slip.link_code
        pages[name] = at(slips, f"/JLPCT/JLPcon?code={code}&rkbn=1")
        if name in {"chosen", "paid"}:
            pages[f"till of {name}"] = at(slips, f"/simulator/till?code={code}&rkbn=1")
            pages[f"console of {name}"] = at(slips, f"/merchant/slips/{slip.transaction_id}?")
    pages["choose again"] = f"{pages['chosen']}&choose=1"
    number = collection.slip("chosen").transaction_id
    pages["cancel"] = at(slips, f"/merchant/slips/{number}/cancel?")
    pages["list"] = at(slips, "/merchant/slips?")
    pages["wrong search"] = at(slips, "/merchant/slips?amount=x")
    pages["deposits"] = at(slips, "/merchant/deposits?done=clock_moved")
    pages["payers"] = at(slips, "/?")
    return pages


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(browser, every_page, language, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    found = {}
    for name, url in every_page.items():
        page.goto(url + language)
        page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
        found[name] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[name].append("scrolls sideways")
    page.close()
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_where_something_is_refused(slips, page, language):
    slips.in_state("paid")
    page.goto(at(slips, f"/simulator/till?code={slips.only.link_code}{language}"))
    page.locator("form button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    page.locator("input[value=at]").check()
    page.locator("form button[type=submit]").click()
    page.locator("#moment[aria-invalid]").wait_for()
    assert violations(page) == []
    page.goto(at(slips, f"/merchant/deposits?x=1{language}"))
    page.get_by_role("textbox").first.fill("shop")
    page.locator("form.address button").first.click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    slips.new(MerchantFree1="7")
    number = slips.gateway.collection.slip("7").transaction_id
    page.goto(at(slips, f"/merchant/slips/{number}?x=1{language}"))
    page.locator("#amount").fill("x")
    page.locator("form.change button").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
