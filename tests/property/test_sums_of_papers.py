"""Sums of received papers: whatever its rows say, they add up to the paper, each with its VAT, or it is refused."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contor.expenses.amounts import sums_of
from contor.expenses.types import PaperRow
from contor.kernel.money import ZERO, round_amount

NETS = st.integers(-100_000, 500_000).map(lambda cents: Decimal(cents) / 100)
ROWS = st.lists(
    st.builds(lambda net, rate: PaperRow(description="x", net=net, vat_rate=Decimal(rate)), NETS, st.sampled_from((0, 7, 19))),
    min_size=1,
    max_size=8,
)


def of_rates(rows: list[PaperRow]) -> Decimal:
    """The VAT of each rate, rounded once."""
    rates = {row.vat_rate for row in rows}
    return sum(
        (round_amount(sum((r.net for r in rows if r.vat_rate == rate), ZERO) * rate / 100, "EUR") for rate in rates), Decimal(0)
    )


@given(ROWS, st.integers(-6, 6))
def test_rows_add_up_or_are_refused(rows: list[PaperRow], off: int) -> None:
    net = sum((row.net for row in rows), Decimal(0))
    left_out = sums_of(net, None, rows, "EUR")
    assert (left_out.problems, left_out.tax) == ((), of_rates(rows))
    said = of_rates(rows) + Decimal(off) / 100
    found = sums_of(net, said, rows, "EUR")
    explained = abs(off) <= len(rows) / 2 and any(row.vat_rate for row in rows)
    assert (found.problems == ()) == (off == 0 or explained)
    if not found.problems:
        assert sum(row.vat or ZERO for row in found.rows) == found.tax == said
        assert [row.net for row in found.rows] == [row.net for row in rows]


@given(ROWS, st.integers(1, 1000))
def test_another_net_sum_is_refused(rows: list[PaperRow], off: int) -> None:
    net = sum((row.net for row in rows), Decimal(0)) + Decimal(off) / 100
    assert "net" in {problem.field for problem in sums_of(net, None, rows, "EUR").problems}
