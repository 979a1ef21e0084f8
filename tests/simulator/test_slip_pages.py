"""The page that a slip's link opens, and the till behind it, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from escott.simulator.institutions import INSTITUTIONS
from escott.simulator.notice_faults import NoticeFault
from tests.simulator.slips import FREE1, STATES, Slips
from tests.simulator.test_pages import Reader

PATHS = ["/JLPCT/JLPcon", "/JLP/JLPcon"]
TEXTS = {
    "Title": "つむぎ堂からのご案内",
    "Comment": "三営業日以内に発送します。",
    "Free1": "領収書は大切に",
    "Free16": "ギフト包装あり",
    "Free17": "お客様窓口",
    "Free18": "03-1234-5678",
    "Free19": "9:00-17:00",
}


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


class Shopper:
    """Opens the page of a slip, and posts its forms as a browser does."""

    def __init__(self, slips, path=PATHS[0], code=None, **query):
        self.slips = slips
        self.path = path
        code = slips.only.link_code if code is None else code
        self.query = {"code": code, "rkbn": "1", **query}
        self.status = 0
        self.html = ""
        self.location = ""

    def send(self, method, path, form=None):
        origin = {"Origin": f"http://{self.slips.merchant.host}"} if form is not None else {}
        body = urlencode(form) if form is not None else None
        answer = self.slips.merchant.request(method, path, body, **origin)
        self.status, self.html = answer.status, unescape(answer.body.decode())
        if answer.status == 303:
            self.location = answer.headers["location"]
        else:
            assert Reader(answer.body.decode()).open == []
            assert answer.headers["cache-control"] == "no-store"
        return self.html

    def open(self, **further):
        return self.send("GET", f"{self.path}?{urlencode(self.query | further)}")

    def choose(self, cvs_cd):
        self.send("POST", f"{self.path}?{urlencode(self.query)}", {"cvs_cd": cvs_cd})
        assert self.status == 303
        return self.send("GET", self.location)

    def till(self, **further):
        return self.send("GET", f"/simulator/till?{urlencode(self.query | further)}")

    def pay(self, mode="now", cvs_cd="LSN", **form):
        path = f"/simulator/till?{urlencode(self.query)}"
        self.send("POST", path, {"mode": mode, "cvs_cd": cvs_cd, **form})
        return self.send("GET", self.location) if self.status == 303 else self.html


@pytest.mark.parametrize("path", PATHS)
def test_an_unpaid_slip_asks_where_to_pay(slips, path):
    slips.new()
    html = Shopper(slips, path).open()
    for institution in INSTITUTIONS.values():
        assert f'value="{institution.cvs_cd}"' in html
        assert institution.japanese in html
    assert "¥3,780" in html
    assert "2026年1月12日（月）23:59" in html


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("cvs_cd", list(INSTITUTIONS))
def test_a_choice_leads_to_the_slip_of_that_institution(slips, path, cvs_cd):
    slips.new(**TEXTS)
    shopper = Shopper(slips, path)
    html = shopper.choose(cvs_cd)
    assert shopper.location.startswith(path)
    assert f"<h1>{INSTITUTIONS[cvs_cd].japanese}でのお支払い</h1>" in html
    for told in (slips.only.kessai_number, "¥3,780", "山田　花子 様", "つむぎの手ぬぐい"):
        assert told in html
    for text in TEXTS.values():
        assert text in html


def test_the_slip_stays_chosen_and_can_be_chosen_again(slips):
    slips.new()
    shopper = Shopper(slips)
    shopper.choose("LSN")
    assert "ローソンでのお支払い" in shopper.open()
    assert "お支払い方法の選択" in shopper.open(choose="1")
    assert "ファミリーマートでのお支払い" in shopper.choose("FAM")


def test_pay_easy_needs_three_numbers(slips):
    slips.new(TelNo="03-1234-5678")
    html = Shopper(slips).choose("ATM")
    for told in ("収納機関番号", "お客様番号", "確認番号", "345678"):
        assert told in html


@pytest.mark.parametrize("choice", ["", "XXX", "<b>"])
def test_a_choice_that_there_is_not_changes_nothing(slips, choice):
    slips.new()
    assert "お支払い方法の選択" in Shopper(slips).choose(choice)


@pytest.mark.parametrize(("rkbn", "goes_back"), [("1", True), ("2", False), ("", False)])
def test_the_way_back_to_the_shop_is_for_who_comes_from_the_checkout(slips, rkbn, goes_back):
    slips.new()
    shopper = Shopper(slips, rkbn=rkbn)
    assert ('href="https://shop.example/back"' in shopper.open()) is goes_back
    assert ('href="https://shop.example/back"' in shopper.choose("LSN")) is goes_back


def test_without_a_return_url_there_is_no_way_back(slips):
    slips.new(ReturnURL=None)
    assert "ショップに戻る" not in Shopper(slips).open()


@pytest.mark.parametrize(
    ("state", "words", "english"),
    [
        ("unpaid", "お支払い方法の選択", "Choose how to pay"),
        ("paid", "お支払いは完了しています", "This has been paid"),
        ("deleted", "このお支払いは取り消されました", "This payment was cancelled"),
        ("expired", "お支払期限を過ぎています", "The last day has passed"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_each_state_has_a_page_of_its_own(slips, path, state, words, english):
    slips.in_state(state)
    shopper = Shopper(slips, path)
    assert f"<h1>{words}</h1>" in shopper.open()
    assert f"<h1>{english}</h1>" in shopper.open(lang="en")
    assert shopper.status == 200
    assert ('name="cvs_cd"' in shopper.html) is (state == "unpaid")


def test_the_page_of_a_paid_slip_tells_where_and_when(slips):
    slips.new()
    paid = slips.pay(cvs_cd="SEV")
    html = Shopper(slips).open()
    for told in ("セブン-イレブン", "2026年1月5日（月）10:00", paid.deposits[0].recv_num):
        assert told in html


def test_the_link_from_before_a_change_says_that_its_number_is_no_longer_valid(slips):
    pair = slips.new()
    old = slips.only.link_code
    slips.follow("2Chg", pair)
    shopper = Shopper(slips, code=old)
    html = shopper.open()
    assert shopper.status == 200
    assert "<h1>この番号は使えなくなりました</h1>" in html
    assert slips.only.kessai_number not in html
    assert slips.only.link_code not in html
    assert "no longer valid" in shopper.open(lang="en")
    assert "¥4,000" in Shopper(slips).open()


@pytest.mark.parametrize("code", ["", "unknown", "<script>", "あ"])
@pytest.mark.parametrize("path", [*PATHS, "/simulator/till"])
def test_a_link_that_nobody_knows_is_not_found_and_helps(slips, path, code):
    slips.new()
    shopper = Shopper(slips, path, code=code)
    html = shopper.open()
    assert shopper.status == 404
    assert "お支払い情報が見つかりません" in html
    assert "<script>" not in html.replace("<script src", "")


@pytest.mark.parametrize("path", PATHS)
def test_spaces_behind_a_code_do_no_harm(slips, path):
    slips.new()
    shopper = Shopper(slips, path, code=slips.only.link_code + " " * 24)
    assert "お支払い方法の選択" in shopper.open()


def test_what_a_shop_sent_is_shown_as_text(slips):
    slips.new(ReturnURL="https://shop.example/?a=1&b='%3Cb%3E\"<b>")
    shopper = Shopper(slips)
    raw = slips.merchant.request("GET", f"{shopper.path}?{urlencode(shopper.query)}").body.decode()
    assert "<b>" not in raw


@pytest.mark.parametrize("path", PATHS)
def test_the_till_is_reached_from_the_slip_and_leads_back(slips, path):
    slips.new()
    shopper = Shopper(slips, path)
    html = shopper.choose("LSN")
    assert "シミュレーター専用" in html
    (till,) = {link for link in Reader(html).links if link.startswith("/simulator/till")}
    html = shopper.send("GET", till)
    assert "<h1>レジで支払う</h1>" in html
    (back,) = [link for link in Reader(html).links if link.startswith("/JLP")]
    assert back.startswith(path)
    assert "ローソンでのお支払い" in shopper.send("GET", back)


def test_paid_now(slips):
    slips.new()
    html = Shopper(slips).pay(cvs_cd="FAM")
    assert "支払いました。" in html
    assert "入金済" in html
    assert [deposit.cvs_cd for deposit in slips.only.deposits] == ["FAM"]


def test_paid_at_a_moment_to_come(slips):
    slips.new()
    html = Shopper(slips).pay("at", moment="2026-01-07T12:30")
    assert "2026年1月7日（水）12:30 に支払う予定です" in html
    assert slips.only.deposits == ()
    slips.clock.advance(timedelta(days=3))
    assert slips.only.deposits[0].paid_at.isoformat() == "2026-01-07T12:30:00+09:00"


def test_paid_late(slips):
    pair = slips.new()
    Shopper(slips).pay("late")
    slips.clock.advance(timedelta(days=30))
    assert slips.follow("2Ref", pair).fields["NyukinDate"] == "202601131200"


def test_paid_twice(slips):
    slips.new()
    Shopper(slips).pay("twice")
    assert len(slips.only.deposits) == 2
    assert len(slips.gateway.collection.notices()) == 2


def test_never_paid(slips):
    slips.new()
    shopper = Shopper(slips)
    shopper.pay("at", moment="2026-01-07T12:30")
    assert "支払わないことにしました" in shopper.pay("never")
    slips.clock.advance(timedelta(days=3))
    assert slips.only.deposits == ()


@pytest.mark.parametrize("state", [state for state in STATES if state != "unpaid"])
def test_what_a_real_till_refuses_needs_an_explicit_choice(slips, state):
    slips.in_state(state)
    before = len(slips.only.deposits)
    shopper = Shopper(slips)
    html = shopper.pay()
    assert shopper.status == 409
    assert "レジでは受け付けられませんでした" in html
    assert len(slips.only.deposits) == before
    assert "支払いました。" in shopper.pay(anyway="yes")
    assert len(slips.only.deposits) == before + 1


@pytest.mark.parametrize("fault", list(NoticeFault))
def test_every_fault_can_be_chosen(slips, fault):
    slips.new()
    html = Shopper(slips).till()
    assert f'name="fault" value="{fault.value}"' in html
    Shopper(slips).pay(fault=fault.value)
    assert {notice.faults for notice in slips.gateway.collection.notices()} == {(fault,)}


@pytest.mark.parametrize(
    "form",
    [
        {"mode": ""},
        {"mode": "nonsense"},
        {"cvs_cd": "XXX"},
        {"mode": "at"},
        {"mode": "at", "moment": "soon"},
    ],
)
def test_a_form_that_says_too_little_does_nothing_and_says_so(slips, form):
    slips.new()
    shopper = Shopper(slips)
    html = shopper.pay(**form)
    assert shopper.status == 422
    assert "支払う場所と支払い方を選んでください" in html
    assert slips.only.deposits == ()
    assert slips.gateway.collection.planned(slips.only) is None


def test_an_unreadable_form_does_nothing(slips):
    slips.new()
    query = urlencode({"code": slips.only.link_code})
    for body in (b"\xff", b"mode=%FF&cvs_cd=LSN", b"&" * 100):
        answer = slips.merchant.request("POST", f"/simulator/till?{query}", body)
        assert answer.status == 422
    assert slips.only.deposits == ()


@pytest.mark.parametrize("done", ["paid", "planned", "nonsense"])
def test_a_page_says_nothing_is_done_that_is_not(slips, done):
    slips.new()
    assert 'role="status" id="copied"' in Shopper(slips).till(done=done)
    assert 'class="done"' not in Shopper(slips).till(done=done)


def test_a_page_of_another_site_neither_chooses_nor_pays(slips):
    slips.new()
    query = urlencode({"code": slips.only.link_code})
    for path in (*PATHS, "/simulator/till"):
        body = "cvs_cd=LSN&mode=now"
        origin = {"Origin": "https://evil.example"}
        answer = slips.merchant.request("POST", f"{path}?{query}", body, **origin)
        assert answer.status == 403
    assert (slips.only.cvs_cd, slips.only.deposits) == ("", ())


def test_english_stays_english(slips):
    slips.new()
    shopper = Shopper(slips, lang="en")
    html = shopper.choose("LSN")
    assert "Pay at Lawson" in html
    inside = [link for link in Reader(html).links if link.startswith("/")]
    assert inside
    assert all("lang=en" in link for link in inside)
    assert "Paid." in shopper.pay()


def test_the_till_names_the_slip_that_it_is_about(slips):
    slips.new(MerchantFree1="7")
    slips.new()
    shopper = Shopper(slips, code=slips.gateway.collection.slip(FREE1).link_code)
    shopper.pay()
    assert slips.gateway.collection.slip(FREE1).is_paid
    assert not slips.gateway.collection.slip("7").is_paid
