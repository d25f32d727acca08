"""Who is dunned, and the reason why who is not."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.dunned import DAY, RATES, TODAY, an_item, in_default, levels, outcomes, proposed, the_letter

from contor.dunning.rules import OpenClaims, OpenItem, Outcome, allocated, default_begins, interest_of, why_no_rate
from contor.dunning.rules.interest import BUSINESS
from contor.kernel.money import ZERO

D = Decimal
O = Outcome  # noqa: E741


@pytest.mark.parametrize(
    ("item", "more", "wanted"),
    [
        (an_item(), {}, O.DUNNED),
        (an_item(is_memo=True), {}, O.NO_RECEIVABLE),
        (an_item(balance="-5.00"), {}, O.CREDIT),
        (an_item(balance="-5.00", is_prebooked=True), {}, O.PREBOOKED),
        (an_item(document_date=TODAY + DAY), {}, O.FUTURE_DATE),
        (an_item(is_doubtful=True), {}, O.DECIDED),
        (an_item(is_blocked=True), {}, O.BLOCKED),
        (an_item(is_prebooked=True), {}, O.PREBOOKED),
        (an_item(is_collected=True), {}, O.COLLECTION_PENDING),
        (an_item(is_handed_over=True), {}, O.HANDED_OVER),
        (an_item(), {"unassigned": (("EUR", D("100.00")),)}, O.UNASSIGNED_PAYMENT),
        (an_item(), {"unassigned": (("EUR", D("99.99")),)}, O.DUNNED),
        (an_item(), {"unassigned": (("USD", D("100.00")),)}, O.DUNNED),
        (an_item(), {"how": levels(minimum_amount="100.01")}, O.BELOW_MINIMUM),
        (an_item(), {"how": levels(minimum_amount="100.00")}, O.DUNNED),
        (in_default(level=2), {}, O.LAST_LEVEL),
        (in_default(level=2), {"how": levels(collection_after_level=2)}, O.HAND_OVER),
        # the day itself is not late, and a last day on a Saturday, Sunday or holiday moves on: Good Friday to Easter Monday 2026
        (an_item(due_date=TODAY), {}, O.NOT_DUE),
        (an_item(due_date=dt.date(2026, 4, 3)), {"today": dt.date(2026, 4, 7)}, O.NOT_DUE),
        (an_item(due_date=dt.date(2026, 4, 3)), {"today": dt.date(2026, 4, 8)}, O.DUNNED),
        # the days of the level
        (
            an_item(),
            {"how": levels({"days_after": 30}, first_level_from="DUE_DATE"), "today": dt.date(2026, 3, 17)},
            O.TERM_RUNNING,
        ),
        (an_item(), {"how": levels({"days_after": 30}, first_level_from="DUE_DATE"), "today": dt.date(2026, 3, 18)}, O.DUNNED),
        (an_item(), {"how": levels({"days_after": 30}), "today": dt.date(2026, 3, 4)}, O.DUNNED),
        # the term of the letter, and the days after it
        (in_default(pay_until=dt.date(2026, 4, 14)), {"today": dt.date(2026, 4, 14)}, O.TERM_RUNNING),
        (in_default(pay_until=dt.date(2026, 4, 11)), {"today": dt.date(2026, 4, 13)}, O.TERM_RUNNING),
        (in_default(pay_until=dt.date(2026, 4, 11)), {"today": dt.date(2026, 4, 14)}, O.DUNNED),
        (in_default(letter_date=dt.date(2026, 4, 2)), {"today": dt.date(2026, 4, 15)}, O.TERM_RUNNING),
        (in_default(letter_date=dt.date(2026, 4, 2)), {"today": dt.date(2026, 4, 16)}, O.DUNNED),
    ],
)
def test_the_outcome_says_why(item: OpenItem, more: dict[str, Any], wanted: Outcome) -> None:
    assert outcomes(proposed(item, **more)) == {"RE-1": wanted}


def test_credits_reduce_what_one_letter_asks_for() -> None:
    letter = the_letter(an_item(1), an_item(2, "-30.00", due_date=TODAY + 30 * DAY))
    assert (letter.outstanding, letter.demand) == (D("70.00"), D("70.00"))
    assert outcomes(proposed(an_item(1), an_item(2, "-100.00"))) == {"RE-1": O.COVERED_BY_CREDITS, "RE-2": O.CREDIT}


def test_a_credit_that_is_paid_out_reduces_nothing() -> None:
    letter = the_letter(an_item(1), an_item(2, "-30.00", is_prebooked=True))
    assert ([row.item.ident for row in letter.rows], letter.demand) == (["RE-1"], D("100.00"))


def test_what_was_dunned_before_is_shown_on_a_letter_that_goes_out() -> None:
    waiting = in_default(2, letter_date=TODAY - 3 * DAY, pay_until=TODAY + 4 * DAY)
    letter = the_letter(an_item(1), waiting)
    assert [(row.item.ident, row.outcome, row.level) for row in letter.rows] == [
        ("RE-1", O.DUNNED, 1),
        ("RE-2", O.TERM_RUNNING, 1),
    ]
    assert letter.outstanding == D("200.00")
    assert proposed(waiting).letters == ()


def test_letters_are_of_one_customer_currency_and_company() -> None:
    items = (an_item(1), an_item(2), an_item(3, currency="USD"), an_item(4, company="other"))
    assert [len(letter.rows) for letter in proposed(*items).letters] == [2, 1, 1]
    assert [len(letter.rows) for letter in proposed(*items, how=levels(combine=False)).letters] == [1, 1, 1, 1]


def test_the_level_of_a_letter_is_its_highest_and_pays_one_fee() -> None:
    how = levels({"fee": "1.00"}, {"fee": "5.00"}, due_date_agreed=True)
    letter = the_letter(an_item(1), in_default(2), how=how)
    assert (letter.level, letter.costs) == (2, D("5.00"))
    assert [(row.item.ident, row.level, row.fee) for row in letter.rows] == [("RE-1", 1, D(0)), ("RE-2", 2, D("5.00"))]


def test_costs_are_the_larger_of_40_euros_and_the_fees() -> None:
    how = levels({}, {"fee": "5.00"}, {"fee": "50.00"}, flat_charge=True)
    second = the_letter(in_default(), how=how).rows[0]
    assert (second.flat, second.fee, second.charged) == (D(40), D(0), D("5.00"))
    third = in_default(level=2, charged=D("5.00"), costs=D(40), open=OpenClaims(flat=D(40)))
    letter = the_letter(third, how=how)
    assert (letter.rows[0].flat, letter.rows[0].fee, letter.costs) == (D(0), D("15.00"), D("55.00"))


def test_interest_of_a_later_letter_is_what_the_one_before_did_not_claim() -> None:
    how = levels({}, {"interest": True}, {"interest": True})
    second = the_letter(in_default(balance="1000.00"), how=how)
    row = second.rows[0]
    assert (row.interest_from, row.interest_until) == (dt.date(2026, 3, 6), dt.date(2026, 4, 14))
    assert row.interest == interest_of(D(1000), (), (dt.date(2026, 3, 6), TODAY), RATES, BUSINESS, "EUR")
    third = in_default(
        balance="1000.00",
        level=2,
        interest=row.interest,
        claimed_until=row.interest_until,
        open=OpenClaims(interest=row.interest, interest_from=row.interest_from, interest_until=row.interest_until),
    )
    later = the_letter(third, how=how, today=TODAY + 20 * DAY)
    whole = interest_of(D(1000), (), (dt.date(2026, 3, 6), TODAY + 20 * DAY), RATES, BUSINESS, "EUR")
    assert later.interest == whole
    part = later.rows[0]
    assert (part.interest_from, part.interest_until) == (dt.date(2026, 4, 15), dt.date(2026, 5, 4))
    assert (part.interest, part.interest_deducted) == (whole - row.interest, D(0))


@pytest.mark.parametrize(
    ("more", "since", "wanted", "deducted"),
    [
        # 1000.00 x 10.27 % : 40 days until 2026-04-14 are 11.25, 60 days 16.88
        ({"interest": D("11.25"), "claimed_until": TODAY - DAY}, TODAY, "5.63", "0"),
        # the letter that claimed 11.25 was withdrawn when 4.00 of it had been paid
        ({"interest": D("4.00")}, dt.date(2026, 3, 6), "12.88", "4.00"),
        # 500.00 had come by 2026-04-05, which was known after the letter: the 40 days are 9.85 by now, the 60 days 12.66
        (
            {"interest": D("11.25"), "claimed_until": TODAY - DAY, "moved": ((dt.date(2026, 4, 5), D(-500)),)},
            dt.date(2026, 3, 6),
            "1.41",
            "11.25",
        ),
        # 990.00 by 2026-03-16: less is owed in all than was claimed
        ({"interest": D("11.25"), "claimed_until": TODAY - DAY, "moved": ((dt.date(2026, 3, 16), D(-990)),)}, None, "0", "0"),
        # that day was claimed, and a cent of the rounding is left: no day is there that it could be of
        ({"interest": D("16.87"), "claimed_until": TODAY + 19 * DAY}, dt.date(2026, 3, 6), "0.01", "16.87"),
    ],
)
def test_interest_is_that_of_its_time(more: dict[str, Any], since: Any, wanted: str, deducted: str) -> None:
    """Of the days that no letter claimed; of all of them, less what was claimed, where earlier days are no longer what they were."""
    item = in_default(balance="1000.00", level=2, open=OpenClaims(interest=more["interest"]), **more)
    (row,) = the_letter(item, how=levels({}, {}, {"interest": True}), today=TODAY + 20 * DAY).rows
    assert (row.interest_from, row.interest, row.interest_deducted) == (since, D(wanted), D(deducted))


def test_a_credit_asks_for_nothing_that_was_claimed_on_it() -> None:
    paid_twice = an_item(2, "-30.00", open=OpenClaims(fees=D(5), interest=D(1)))
    letter = the_letter(in_default(open=OpenClaims(fees=D(5), return_costs=D(3))), paid_twice)
    assert (letter.costs, letter.interest, letter.demand) == (D(8), D(0), D("78.00"))
    assert [row.earlier.costs for row in letter.rows] == [D(8), D(0)]


def test_a_half_year_without_a_base_rate_refuses_interest_by_name() -> None:
    late = in_default(letter_date=dt.date(2026, 7, 1), first_letter=dt.date(2026, 7, 1), due_date=dt.date(2026, 6, 15))
    row = the_letter(late, how=levels({}, {"interest": True}), today=dt.date(2026, 7, 20)).rows[0]
    assert (row.outcome, row.interest, row.note) == (O.DUNNED, D(0), "BASE_RATE_MISSING 2026-07-01")
    assert why_no_rate(RATES, dt.date(2023, 12, 31), dt.date(2024, 1, 2)) == dt.date(2023, 7, 1)


@pytest.mark.parametrize(
    ("more", "switches", "is_consumer", "wanted"),
    [
        ({}, {"due_date_agreed": True}, False, (dt.date(2026, 2, 17), "AGREED_DATE")),
        ({"due_date": dt.date(2026, 2, 14)}, {"due_date_agreed": True}, True, (dt.date(2026, 2, 17), "AGREED_DATE")),
        ({}, {}, False, (dt.date(2026, 3, 19), "THIRTY_DAYS")),
        ({}, {}, True, None),
        ({}, {"consumers_told_of_default": True}, True, (dt.date(2026, 3, 19), "THIRTY_DAYS")),
        ({"first_letter": dt.date(2026, 3, 2)}, {}, True, (dt.date(2026, 3, 6), "LETTER")),
        ({"first_letter": dt.date(2026, 3, 2)}, {"delivery_days": 0}, True, (dt.date(2026, 3, 3), "LETTER")),
        # by mail it has come the day it was sent, or the working day behind it
        ({"first_mailed": dt.date(2026, 3, 2)}, {}, True, (dt.date(2026, 3, 3), "LETTER")),
        ({"first_mailed": dt.date(2026, 2, 28)}, {}, True, (dt.date(2026, 3, 3), "LETTER")),
        ({"first_letter": dt.date(2026, 3, 2), "first_mailed": dt.date(2026, 3, 9)}, {}, True, (dt.date(2026, 3, 6), "LETTER")),
        ({"first_letter": dt.date(2026, 3, 9), "first_mailed": dt.date(2026, 3, 3)}, {}, True, (dt.date(2026, 3, 4), "LETTER")),
        # the invoice said that we collect it, and we never did: a letter alone asks for an act of his own
        ({"told_to_wait": True}, {"due_date_agreed": True}, False, None),
        ({"told_to_wait": True, "first_letter": dt.date(2026, 3, 2)}, {}, False, (dt.date(2026, 3, 6), "LETTER")),
        ({"told_to_wait": True, "returned_on": dt.date(2026, 3, 2)}, {}, False, (dt.date(2026, 3, 19), "THIRTY_DAYS")),
        # 30 days that end on a Saturday end on the Monday behind it
        ({"due_date": dt.date(2026, 2, 12)}, {}, False, (dt.date(2026, 3, 17), "THIRTY_DAYS")),
    ],
)
def test_default_begins(more: dict[str, Any], switches: dict[str, Any], is_consumer: bool, wanted: Any) -> None:
    assert default_begins(an_item(**more), levels(**switches), is_consumer=is_consumer) == wanted


CLAIMS: Any = [("INTEREST", "i-1", D("3.00")), ("COSTS", "k-1", D("5.00"))]


@pytest.mark.parametrize(
    ("amount", "principal_first", "wanted"),
    [
        ("4.00", False, [("COSTS", "4.00")]),
        ("10.00", False, [("COSTS", "5.00"), ("INTEREST", "3.00"), ("PRINCIPAL", "2.00")]),
        ("10.00", True, [("PRINCIPAL", "10.00")]),
        ("104.00", True, [("PRINCIPAL", "100.00"), ("COSTS", "4.00")]),
        ("120.00", False, [("COSTS", "5.00"), ("INTEREST", "3.00"), ("PRINCIPAL", "100.00")]),
    ],
)
def test_a_payment_counts_towards_costs_interest_principal(amount: str, principal_first: bool, wanted: Any) -> None:
    found = allocated(D(amount), CLAIMS, D(100), principal_first=principal_first)
    assert [(part.of, part.amount) for part in found] == [(of, D(part)) for of, part in wanted]


CENTS = st.integers(1, 10**7).map(lambda cents: D(cents) / 100)


@given(st.lists(st.tuples(CENTS, st.integers(0, 90)), max_size=6), CENTS, st.integers(1, 400))
def test_interest_of_parts_of_the_time_is_that_of_the_whole_but_for_the_cents(
    paid: list[tuple[Decimal, int]], opening: Decimal, days: int
) -> None:
    """One rounding: cut in two anywhere, what is claimed is a cent more or less; and it never falls with time."""
    first = dt.date(2024, 5, 1)
    moved = [(first + day * DAY, -amount) for amount, day in paid]

    def until(day: int) -> Decimal:
        return interest_of(opening, moved, (first, first + day * DAY), RATES, BUSINESS, "EUR")

    half = days // 2
    second = interest_of(opening, moved, (first + half * DAY, first + days * DAY), RATES, BUSINESS, "EUR")
    assert ZERO <= until(half) <= until(days)
    assert abs(until(half) + second - until(days)) <= D("0.01")


PAID = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90), CENTS), max_size=4)


@given(CENTS, PAID, st.lists(st.integers(8, 36), min_size=1, max_size=3))
def test_what_letters_claim_is_true_of_its_time_and_adds_up(
    opening: Decimal, paid: list[tuple[int, int, Decimal]], gaps: list[int]
) -> None:
    """Payments that are known late change days that were claimed: the letter says so, and never claims what it has claimed."""
    how = levels(*({"interest": True} for _ in range(4)), due_date_agreed=True)
    begun, day, claimed, until = dt.date(2026, 2, 17), dt.date(2026, 3, 2), ZERO, None
    for level, gap in enumerate(gaps, 1):
        day += gap * DAY
        known = [(begun + on * DAY, -amount) for on, late, amount in paid if begun + (on + late) * DAY <= day]
        item = in_default(
            balance="1000000.00",
            opening=opening,
            level=level,
            moved=tuple(known),
            interest=claimed,
            claimed_until=until,
            pay_until=day - 7 * DAY,
            letter_date=day - 20 * DAY,
        )
        (row,) = the_letter(item, how=how, today=day).rows
        whole = interest_of(opening, known, (begun, day), RATES, BUSINESS, "EUR")
        assert row.interest == max(ZERO, whole - claimed)
        if row.interest:
            assert row.interest_from is not None and row.interest_until == day - DAY
            of_time = interest_of(opening, known, (row.interest_from, day), RATES, BUSINESS, "EUR")
            assert abs(row.interest + row.interest_deducted - of_time) <= D("0.01")
            assert row.interest_from in (begun, until + DAY if until else begun)
            claimed, until = claimed + row.interest, row.interest_until


@given(CENTS, st.lists(CENTS, max_size=4), CENTS, st.booleans())
def test_no_cent_of_a_payment_is_lost_or_made(amount: Decimal, claims: list[Decimal], principal: Decimal, first: bool) -> None:
    owed: Any = [("COSTS" if at % 2 else "INTEREST", f"k-{at}", one) for at, one in enumerate(claims)]
    found = allocated(amount, owed, principal, principal_first=first)
    assert sum(part.amount for part in found) == min(amount, principal + sum(claims))
