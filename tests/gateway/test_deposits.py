"""入金: what the fields of an answer or a notice tell of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.gateway import Answer, Deposit, MalformedTelegram
from escott.gateway.deposits import deposit_of

TOLD = {
    "NyukinDate": "202601061530",
    "RecvNum": "12345678901",
    "CvsCd": "LSN",
    "TenantCd": "01234",
    "StampFlag": "1",
}


def test_a_deposit_tells_when_and_where() -> None:
    assert deposit_of(TOLD) == Deposit(
        paid_at=datetime(2026, 1, 6, 15, 30, tzinfo=JST),
        recv_num="12345678901",
        cvs_cd="LSN",
        tenant_cd="01234",
        stamped=True,
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20260106", datetime(2026, 1, 6, tzinfo=JST)),
        ("202601061530", datetime(2026, 1, 6, 15, 30, tzinfo=JST)),
        ("20260106153042", datetime(2026, 1, 6, 15, 30, 42, tzinfo=JST)),
        ("202802292359", datetime(2028, 2, 29, 23, 59, tzinfo=JST)),
    ],
)
def test_the_moment_is_japan_time_in_each_way_of_writing(written: str, moment: datetime) -> None:
    deposit = deposit_of({"NyukinDate": written})

    assert deposit == Deposit(moment)


@pytest.mark.parametrize("fields", [{}, {"NyukinDate": ""}, {"RecvNum": "1", "CvsCd": "LSN"}])
def test_without_a_date_nothing_was_paid(fields: dict[str, str]) -> None:
    assert deposit_of(fields) is None


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-06",
        "2026010615",
        "202601061",
        "20260230",
        "20261301",
        "202601062400",
        "202601061560",
        "20260106153061",
        "２０２６０１０６",
        "00010101",
        "19991231",
        "21000101",
        "0" * 8,
        "9" * 14,
        " 20260106",
        "x",
    ],
)
def test_what_is_no_date_is_not_believed(written: str) -> None:
    with pytest.raises(MalformedTelegram, match="NyukinDate") as refused:
        deposit_of({**TOLD, "NyukinDate": written})
    assert written not in str(refused.value)


@pytest.mark.parametrize("name", ["RecvNum", "CvsCd", "TenantCd"])
@pytest.mark.parametrize("value", ["a b", "ローソン", "a\x00", "a" * 65])
def test_a_value_that_is_not_of_its_kind_is_not_believed(name: str, value: str) -> None:
    with pytest.raises(MalformedTelegram, match=name) as refused:
        deposit_of({**TOLD, name: value})
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("flag", "stamped"), [("1", True), ("0", False), ("", False), ("x", False)]
)
def test_only_1_is_a_stamp(flag: str, stamped: bool) -> None:
    deposit = deposit_of({**TOLD, "StampFlag": flag})

    assert deposit is not None
    assert deposit.stamped is stamped


@given(st.text(max_size=16) | st.text("0123456789", min_size=8, max_size=14))
def test_whatever_is_written_is_a_moment_that_a_row_can_keep_or_refused(written: str) -> None:
    try:
        deposit = deposit_of({"NyukinDate": written})
    except MalformedTelegram:
        return
    assert deposit is None or 1999 <= deposit.paid_at.astimezone(UTC).year <= 2099


def test_an_answer_brings_the_slips_number_and_link() -> None:
    answer = Answer.parse(
        b"OperateId=2Add&MerchantFree1=42&ResponseCd=OK&ProcessId=1&ProcessPass=2"
        b"&KessaiNumber=1234567890&FreeArea=%61Bc%2F%2B%3D "
    )

    assert answer.kessai_number == "1234567890"
    assert answer.free_area == "aBc/+="
    assert answer.deposit is None


def test_an_answer_brings_the_deposit_and_its_amount() -> None:
    answer = Answer.parse(
        b"OperateId=2Ref&MerchantFree1=42&ResponseCd=OK&Amount=3780"
        b"&NyukinDate=202601061530&RecvNum=12345678901&CvsCd=LSN&TenantCd=01234&StampFlag=1"
    )

    assert answer.amount == 3780
    assert answer.deposit == deposit_of(TOLD)


@pytest.mark.parametrize("field", ["KessaiNumber=1%202", "FreeArea=a%20b", "FreeArea=" + "a" * 256])
def test_a_number_or_link_that_is_not_of_its_kind_is_not_believed(field: str) -> None:
    with pytest.raises(MalformedTelegram, match=field.partition("=")[0]):
        Answer.parse(f"OperateId=2Add&MerchantFree1=42&ResponseCd=OK&{field}".encode())
