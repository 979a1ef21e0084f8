"""収納機関コード: the table of protocol.md H."""

from __future__ import annotations

import pytest

from escott.gateway.institutions import INSTITUTIONS, Institution, institution

CODES = (
    *("LSN", "FAM", "SAK", "CCK", "SEV", "MNS", "DAY", "FFF", "SCM"),
    *("ATM", "ONL", "LNK", "EBK", "JNB", "JIB", "SNB", "EDY", "SUI", "JPM", "VWA"),
)


def test_every_code_of_the_protocol_has_a_name_in_both_languages() -> None:
    assert tuple(INSTITUTIONS) == CODES
    for code, named in INSTITUTIONS.items():
        assert named.code == code
        assert named.japanese not in {"", code}
        assert named.english.isascii()


@pytest.mark.parametrize(
    ("code", "japanese", "english"),
    [
        ("LSN", "ローソン", "Lawson"),
        ("SEV", "セブン-イレブン", "7-Eleven"),
        ("ATM", "ペイジー（ATM）", "Pay-easy (ATM)"),
        ("JNB", "PayPay銀行", "PayPay Bank"),
    ],
)
def test_a_shopper_reads_the_name_and_not_the_code(code: str, japanese: str, english: str) -> None:
    assert institution(code) == Institution(code, japanese, english)


@pytest.mark.parametrize("code", ["XYZ", "lsn", ""])
def test_a_code_that_nobody_knows_is_shown_as_it_is(code: str) -> None:
    assert institution(code) == Institution(code, code, code)
