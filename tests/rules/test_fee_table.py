"""決済手数料: the fee table, its rules, and what a total pays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.rules.fee_table import (
    FeeProblem,
    FeeProblemKind,
    FeeRow,
    FeeTable,
    InvalidFeeTable,
    TotalRange,
    problems_of,
)
from escott.rules.yen import COLLECTION_MAXIMUM, NotYen

#: The example of the manual (requirements.md A064).
MANUAL = FeeTable([FeeRow(0, 1_100, 0), FeeRow(1_101, 5_500, 330), FeeRow(5_501, None, 550)])


@pytest.mark.parametrize(
    ("total", "fee"),
    [
        (0, 0),
        (1, 0),
        (1_099, 0),
        (1_100, 0),
        (1_101, 330),
        (3_000, 330),
        (5_500, 330),
        (5_501, 550),
        (299_449, 550),
        (9_999_999, 550),
    ],
)
def test_the_manuals_example(total: int, fee: int) -> None:
    assert MANUAL.fee_for(total) == fee
    assert MANUAL.total_with_fee(total) == total + fee


def test_the_manuals_example_has_no_gap_and_ends_where_its_fee_reaches_the_limit() -> None:
    assert MANUAL.gaps() == ()
    assert MANUAL.largest_total() == 299_999 - 550
    assert MANUAL.can_be_paid(299_449)
    assert not MANUAL.can_be_paid(299_450)


def test_an_order_of_nothing_is_not_paid_by_slip() -> None:
    assert not FeeTable([FeeRow(0, None, 330)]).can_be_paid(0)


def test_without_rows_nobody_pays_a_fee() -> None:
    table = FeeTable()

    assert table.fee_for(5_000) == 0
    assert table.gaps() == (TotalRange(1),)
    assert table.largest_total() == COLLECTION_MAXIMUM


def test_a_blank_fee_is_nothing() -> None:
    assert FeeTable([FeeRow(0, None, None)]).fee_for(5_000) == 0


def test_both_ends_of_a_row_belong_to_it() -> None:
    table = FeeTable([FeeRow(1_000, 2_000, 100)])

    assert [table.fee_for(total) for total in (999, 1_000, 2_000, 2_001)] == [0, 100, 100, 0]


def test_the_order_of_the_rows_does_not_matter() -> None:
    turned = FeeTable(list(reversed(MANUAL.rows)))

    assert [turned.fee_for(total) for total in (1_100, 1_101, 5_501)] == [0, 330, 550]
    assert turned.gaps() == ()


def test_a_gap_pays_no_fee_and_is_pointed_out() -> None:
    table = FeeTable([FeeRow(1_000, 1_999, 100), FeeRow(3_000, 3_999, 300)])

    assert table.gaps() == (TotalRange(1, 999), TotalRange(2_000, 2_999), TotalRange(4_000))
    assert [table.fee_for(total) for total in (999, 2_000, 2_999, 4_000)] == [0, 0, 0, 0]


@pytest.mark.parametrize("from_total", [0, 1])
def test_a_table_that_begins_with_the_smallest_order_has_no_gap_before_it(from_total: int) -> None:
    assert FeeTable([FeeRow(from_total, None, 1)]).gaps() == ()


def test_a_gap_that_no_slip_can_reach_is_not_pointed_out() -> None:
    assert FeeTable([FeeRow(0, 299_999, 1), FeeRow(400_000, None, 2)]).gaps() == ()
    assert FeeTable([FeeRow(0, 299_998, 1)]).gaps() == (TotalRange(299_999),)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (FeeRow(None, 100, 1), FeeProblemKind.FROM_MISSING),
        (FeeRow(-1, 100, 1), FeeProblemKind.NOT_YEN),
        (FeeRow(0, -1, 1), FeeProblemKind.NOT_YEN),
        (FeeRow(0, 100, -1), FeeProblemKind.NOT_YEN),
        (FeeRow(0.5, 100, 1), FeeProblemKind.NOT_YEN),  # type: ignore[arg-type]
        (FeeRow(True, 100, 1), FeeProblemKind.NOT_YEN),
        (FeeRow(100, 99, 1), FeeProblemKind.UP_TO_BELOW_FROM),
    ],
)
def test_a_wrong_row_is_named_by_its_place(row: FeeRow, kind: FeeProblemKind) -> None:
    rows = [FeeRow(200, 300, 1), row]

    assert problems_of(rows) == [FeeProblem(kind, row=1)]
    with pytest.raises(InvalidFeeTable, match=f"row 2: {kind.value}"):
        FeeTable(rows)


def test_a_row_of_one_total_is_a_row() -> None:
    table = FeeTable([FeeRow(100, 100, 7)])

    assert [table.fee_for(total) for total in (99, 100, 101)] == [0, 7, 0]


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((0, 1_100), (1_100, 5_500), TotalRange(1_100, 1_100)),
        ((0, 1_100), (500, 600), TotalRange(500, 600)),
        ((500, 600), (0, 1_100), TotalRange(500, 600)),
        ((0, None), (5_000, 6_000), TotalRange(5_000, 6_000)),
        ((5_000, 6_000), (0, None), TotalRange(5_000, 6_000)),
        ((0, None), (700, None), TotalRange(700)),
        ((3, 9), (3, 9), TotalRange(3, 9)),
    ],
)
def test_an_overlap_is_named_by_both_rows_and_their_common_totals(
    first: tuple[int, int | None], second: tuple[int, int | None], shared: TotalRange
) -> None:
    rows = [FeeRow(*first, 1), FeeRow(*second, 2)]

    with pytest.raises(InvalidFeeTable) as refused:
        FeeTable(rows)

    assert refused.value.problems == (
        FeeProblem(FeeProblemKind.OVERLAP, row=1, other=0, shared=shared),
    )


def test_the_error_says_where() -> None:
    with pytest.raises(InvalidFeeTable, match="row 2: overlap with row 1 at ¥1,100–1,100"):
        FeeTable([FeeRow(0, 1_100), FeeRow(1_100, 5_500)])
    with pytest.raises(InvalidFeeTable, match=r"row 2: overlap with row 1 at ¥10–$"):
        FeeTable([FeeRow(0), FeeRow(10)])


def test_rows_that_touch_do_not_overlap() -> None:
    assert problems_of([FeeRow(0, 1_100), FeeRow(1_101)]) == []


@pytest.mark.parametrize("total", [-1, 1.0, True, "1000"])
def test_a_total_is_a_whole_amount_of_yen(total: Any) -> None:
    with pytest.raises(NotYen):
        MANUAL.fee_for(total)


def test_the_largest_total_may_stand_below_a_fee_that_no_slip_can_carry() -> None:
    table = FeeTable([FeeRow(0, 1_000, 100), FeeRow(1_001, None, 299_000)])

    assert table.largest_total() == 1_000
    assert not table.can_be_paid(1_001)


def test_where_every_total_with_its_fee_is_too_much_none_can_be_paid() -> None:
    assert FeeTable([FeeRow(0, None, COLLECTION_MAXIMUM)]).largest_total() == 0


FIGURES = st.integers(0, 60)
ROWS = st.builds(FeeRow, FIGURES, st.none() | FIGURES, st.none() | FIGURES)


def _totals(row: FeeRow) -> set[int]:
    """Every total below 200 that the row holds."""
    assert row.from_total is not None
    return set(range(row.from_total, 200 if row.up_to is None else row.up_to + 1))


@given(st.lists(ROWS, max_size=5))
def test_a_table_is_refused_exactly_where_a_row_is_bent_or_two_rows_share_a_total(
    rows: list[FeeRow],
) -> None:
    held = [_totals(row) for row in rows]
    sound = all(held) and sum(map(len, held)) == len(set().union(*held))

    assert (problems_of(rows) == []) is sound
    if not sound:
        with pytest.raises(InvalidFeeTable):
            FeeTable(rows)
        return
    table = FeeTable(rows)
    for total in range(200):
        fees = [row.fee or 0 for row, totals in zip(rows, held, strict=True) if total in totals]
        assert table.fee_for(total) == (fees[0] if fees else 0)
        assert (not fees and total >= 1) is any(total in gap for gap in table.gaps())


@given(st.lists(st.tuples(st.integers(0, 300_000), st.integers(0, 300_000)), max_size=6))
def test_no_total_above_the_largest_can_be_paid_and_the_largest_can(
    steps: list[tuple[int, int]],
) -> None:
    starts = sorted(dict(steps).items())
    ends = [start - 1 for start, _fee in starts[1:]] + [None]
    table = FeeTable(
        [FeeRow(start, end, fee) for (start, fee), end in zip(starts, ends, strict=True)]
        if starts
        else []
    )
    largest = table.largest_total()

    assert largest == 0 or table.can_be_paid(largest)
    edges = {largest + 1, 1, COLLECTION_MAXIMUM, COLLECTION_MAXIMUM + 1}
    for start, fee in starts:
        edges |= {start, start + 1, COLLECTION_MAXIMUM - fee, COLLECTION_MAXIMUM - fee + 1}
        edges |= {start - 1}
    for total in edges:
        if total > largest:
            assert not table.can_be_paid(total)
