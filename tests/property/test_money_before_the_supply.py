"""What is declared before the supply is what the money pays that was there then: whatever came, went, was reduced and credited on the way,
each cent of tax is declared once, in the month of its money or of its supply."""

import datetime as dt
import os
from collections import defaultdict
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from contor.bookkeeping.advances import Amounts, Group, Matter, Money, Moved, Of, Owed, moves
from contor.kernel.money import CENT, ZERO, round_amount

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "300"))
DAYS = [dt.date(2028, month, day) for month in range(1, 7) for day in (3, 17)]
SUPPLIED = st.sampled_from([dt.date(2028, month, 28) for month in range(1, 7)])
RATES = st.sampled_from([Decimal(19), Decimal(7), Decimal(16)])
NETS = st.integers(1, 60_000).map(lambda cents: cents * CENT)


class SuppliedLater:
    """An invoice of January, with a group for each rate and day of supply, and rows that bear no tax."""

    def __init__(self, rows: dict[tuple[Decimal, dt.date], Decimal], untaxed: Decimal) -> None:
        self.asked = {
            Of(int(rate), rate, None, day): Amounts(round_amount(net * rate / 100, "EUR"), net) for (rate, day), net in rows.items()
        }
        self.left = dict(self.asked)
        self.gross = sum((it.gross for it in self.asked.values()), untaxed)
        self.owed = self.gross
        self.money: list[Money] = []
        self.moved: list[Moved] = []

    def matter(self) -> Matter:
        sums: dict[Of, Amounts] = defaultdict(Amounts)
        for it in self.moved:
            sums[it.of] = sums[it.of].plus(it.amounts)
        groups = [Group(of, self.left[of], asked, sums[of]) for of, asked in self.asked.items()]
        return Matter("EUR", Owed(self.owed, self.owed), Owed(self.gross, self.gross), groups, list(self.money))

    def follow(self, *days: dt.date) -> list[Moved]:
        found = moves(self.matter(), days)
        self.moved += found
        return found

    def come(self, day: dt.date, amount: Decimal) -> list[Moved]:
        self.money.append(Money(day, amount))
        return self.follow(day)

    def before(self, of: Of) -> Amounts:
        return next(group.moved for group in self.matter().groups if group.of == of)

    def there_before(self, of: Of) -> Decimal:
        return sum((it.amount for it in self.money if (it.day.year, it.day.month) < (of.day.year, of.day.month)), ZERO)


def within(part: Decimal, whole: Decimal) -> bool:
    return min(ZERO, whole) <= part <= max(ZERO, whole)


BILLS = st.builds(
    SuppliedLater,
    st.dictionaries(st.tuples(RATES, SUPPLIED), NETS, min_size=1, max_size=5),
    st.sampled_from([ZERO, Decimal("12.34"), Decimal(500)]),
)
OF_BOTH_SIGNS = st.tuples(NETS, st.booleans()).map(lambda it: -it[0] if it[1] else it[0])
"""A row that is given back, a deposit of another rate; in all it may be we who owe."""
BILLS_OF_BOTH_SIGNS = st.builds(
    SuppliedLater,
    st.dictionaries(st.tuples(RATES, SUPPLIED), OF_BOTH_SIGNS, min_size=1, max_size=5),
    st.sampled_from([ZERO, Decimal("12.34"), Decimal(500)]),
).filter(lambda bill: bill.gross != 0)
SHARES = st.lists(st.tuples(st.sampled_from(DAYS), st.integers(-60, 90)), max_size=8)


@settings(max_examples=EXAMPLES)
@given(BILLS_OF_BOTH_SIGNS, SHARES)
def test_what_is_declared_before_is_what_the_money_of_then_pays(bill: SuppliedLater, happens: list[tuple[dt.date, int]]) -> None:
    for day, percent in sorted(happens):
        before = bill.moved.copy()
        amount = round_amount(bill.gross * percent / 100, "EUR")
        for it in bill.come(day, amount):
            # in the month of the money, and never after the supply
            assert it.day == day
            assert (day.year, day.month) < (it.of.day.year, it.of.day.month)
        assert bill.moved[: len(before)] == before
    for of, asked in bill.asked.items():
        found, money = bill.before(of), bill.there_before(of)
        assert within(found.tax, asked.tax)
        if money / bill.gross >= 1:
            assert found.tax == asked.tax
        elif money / bill.gross <= 0:
            assert found.tax == 0
        else:
            # its part, to the cents that the largest remainder and the rounding of the tax may move
            assert abs(found.tax - asked.tax * money / bill.gross) <= 2 * CENT
    assert not happens or bill.follow(max(happens)[0]) == []


@settings(max_examples=EXAMPLES)
@given(BILLS, SHARES)
def test_many_days_at_once_are_as_one_after_the_other(bill: SuppliedLater, happens: list[tuple[dt.date, int]]) -> None:
    once = SuppliedLater({(it.rate or ZERO, it.day): bill.asked[it].base for it in bill.asked}, ZERO)
    once.gross = once.owed = bill.gross
    for day, percent in sorted(happens):
        amount = round_amount(bill.gross * percent / 100, "EUR")
        bill.come(day, amount)
        once.money.append(Money(day, amount))
    once.follow(*[day for day, _ in happens])
    for of in bill.asked:
        on_days: list[dict[dt.date, Decimal]] = []
        for one in (bill, once):
            sums: dict[dt.date, Decimal] = defaultdict(Decimal)
            for it in one.moved:
                if it.of == of:
                    sums[it.day] += it.amounts.tax
            on_days.append({day: tax for day, tax in sums.items() if tax})
        assert on_days[0] == on_days[1]


@settings(max_examples=EXAMPLES)
@given(BILLS, st.integers(0, 120), st.integers(1, 100), st.booleans())
def test_a_credit_before_the_supply_takes_back_what_is_paid_back(
    bill: SuppliedLater, percent: int, credited: int, after: bool
) -> None:
    """Nothing by the credit while the money pays what is left; then in the month in which the money goes, the last cent with the last."""
    first, later = dt.date(2028, 1, 3), dt.date(2028, 6, 30) if after else dt.date(2028, 1, 17)
    bill.come(first, round_amount(bill.gross * percent / 100, "EUR"))
    for of, asked in bill.asked.items():
        base = round_amount(asked.base * (100 - credited) / 100, "EUR")
        bill.left[of] = Amounts(round_amount(asked.tax * (100 - credited) / 100, "EUR"), base)
    untaxed = bill.gross - sum((it.gross for it in bill.asked.values()), ZERO)
    bill.owed = sum((it.gross for it in bill.left.values()), round_amount(untaxed * (100 - credited) / 100, "EUR"))
    bill.follow(first)
    kept = {of: bill.before(of) for of in bill.asked}
    beyond = bill.there_before(Of(0, None, None, dt.date(2028, 2, 1))) - bill.owed
    if percent >= 100:
        assert {of: it.tax for of, it in kept.items()} == {
            of: asked.tax if of.day.month > 1 else ZERO for of, asked in bill.asked.items()
        }
    if beyond > 0:
        moved = bill.come(later, -beyond)
        assert {it.day for it in moved} <= {later}
        for of in bill.asked:
            assert bill.before(of).tax == (bill.left[of].tax if of.day.month > 1 else ZERO)
    for of, asked in bill.asked.items():
        assert within(bill.before(of).tax, asked.tax)


def test_a_month_counts_as_it_is_in_the_calendar() -> None:
    """On the first day of the month of the supply nothing is before it, on the last of the month before all of it is."""
    of = Of(19, Decimal(19), None, dt.date(2028, 3, 1))
    for day, tax in (
        (dt.date(2028, 3, 1), ZERO),
        (dt.date(2028, 2, 29), Decimal("19.00")),
        (dt.date(2027, 12, 31), Decimal("19.00")),
    ):
        bill = SuppliedLater({(Decimal(19), of.day): Decimal("100.00")}, ZERO)
        assert [it.amounts.tax for it in bill.come(day, Decimal("119.00"))] == ([tax] if tax else [])
