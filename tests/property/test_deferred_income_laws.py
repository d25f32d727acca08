"""Deferred income over a thousand rows with credits, closed month by month: nothing is lost, nothing is released twice."""

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.bookkeeping.deferral.deferring import (
    Deferral,
    Place,
    Row,
    Standing,
    by_account,
    defer_rows,
    deferral_entry,
    release_entry,
)
from contor.bookkeeping.deferral.spreading import spread, sum_of
from contor.bookkeeping.periods import last_day, month_of, months_through

D = Decimal
ZERO = D(0)
REDUCTIONS = (8710, 8720)
MONTHS = list(months_through("2026-01", "2028-12"))

amounts = st.integers(-(10**9), 10**9).map(lambda cents: D(cents) / 100)
days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


@given(amounts, days, days)
def test_the_parts_of_a_row_are_the_row_and_none_is_off_by_a_cent(net: Decimal, one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    parts = spread(net, start, end, "EUR")
    assert sum_of(parts) == net
    assert list(parts) == list(months_through(month_of(start), month_of(end)))
    length = (end - start).days + 1
    for month, part in parts.items():
        own = (min(end, last_day(month)) - max(start, last_day(month).replace(day=1))).days + 1
        assert abs(part - net * own / length) < D("0.01")


@given(amounts, days, days)
def test_what_takes_a_row_back_has_its_parts_negative(net: Decimal, one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    back = spread(-net, start, end, "EUR")
    assert back == {month: -part for month, part in spread(net, start, end, "EUR").items()}


def rows_of(chance: random.Random, count: int) -> dict[str, list[Row]]:
    """Random rows and credits of them by the month in which they are booked."""
    booked: dict[str, list[Row]] = defaultdict(list)
    left: dict[Place, Decimal] = {}
    by_place: dict[Place, Row] = {}
    number = 0
    for month in MONTHS:
        for _ in range(count // len(MONTHS)):
            number += 1
            open_places = [place for place, rest in left.items() if rest]
            if open_places and chance.random() < 0.4:
                of = by_place[chance.choice(open_places)]
                rest = left[of.place]
                net = -rest if chance.random() < 0.4 else -min(rest, D(chance.randint(1, 50_000)) / 100)
                left[of.place] += net
                row = of._replace(place=(number, 1), net=net, credits=of.place)
                if net != -rest and chance.random() < 0.4:  # it stays the same supply
                    row = row._replace(account=chance.choice(REDUCTIONS), cost_centre=chance.choice((None, "north")))
            else:
                net = D(chance.randint(1, 200_000)) / 100
                start = dt.date(2025, 6, 1) + dt.timedelta(days=chance.randint(0, 1000))
                end = start + dt.timedelta(days=chance.choice((0, 29, 89, 364, 730)))
                row = Row((number, 1), str(number), "c-1", chance.choice((8400, 8300)), None, net, start, end, None, 1)
                left[row.place], by_place[row.place] = net, row
            booked[month].append(row)
    return booked


def on_accounts(family: list[Deferral]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for it in family:
        sums[it.row.account] += it.row.net
    return dict(sums)


@pytest.mark.parametrize("seed", range(8))
def test_a_thousand_rows_with_credits(seed: int) -> None:
    booked = rows_of(random.Random(seed), 1_008)
    standing: dict[Place, Standing] = {}
    parts: dict[Place, dict[str, Decimal]] = {}
    account: dict[str, Decimal] = defaultdict(Decimal)
    stands = ZERO
    all_of: list[Deferral] = []
    later = [*MONTHS, *months_through("2029-01", "2032-12")]
    for month in later:
        before = dict(standing)
        made = defer_rows(booked.get(month, []), standing, month, "EUR")
        assert before.keys() <= standing.keys()
        all_of += made
        assert not parts.keys() & {it.row.place for it in made}
        parts |= {it.row.place: dict(it.parts) for it in made}
        assert len(parts) == len(all_of)
        entry = deferral_entry(by_account(made), month, last_day(month), 990, "EUR")
        sums = defaultdict(Decimal)
        for it in all_of:
            sums[it.row.account, None] += it.parts.get(month, ZERO)
        back = release_entry(sums, month, last_day(month), 990, "EUR")
        for one in (entry, back):
            for line in one.lines if one else ():
                signed = line.amount if line.side == "C" else -line.amount
                if line.account == 990:
                    stands += signed
                else:
                    account[month] += signed
        # what stands is what the later months release
        assert stands == sum((part for of in parts.values() for when, part in of.items() if when > month), ZERO)
    assert stands == 0
    assert sum(account.values()) == 0
    # of each row with its credits, every month later than what was booked last has what is left, spread; on each account
    for place, left in standing.items():
        net, start, end = left.net, left.start, left.end
        family = [it for it in all_of if it.of == place]
        if not net:
            assert {it.row.account: ZERO for it in family} == on_accounts(family)
        assert sum_of(on_accounts(family)) == net  # type: ignore[arg-type]
        last = max(month for month, rows in booked.items() for row in rows if place in (row.place, row.credits))
        expected = {month: part for month, part in spread(net, start, end, "EUR").items() if month > last and part}
        found: dict[str, Decimal] = defaultdict(Decimal)
        for it in family:
            for month, part in it.parts.items():
                if month > last:
                    found[month] += part
        assert {month: part for month, part in found.items() if part} == expected
        if not net:  # no account has anything left of it
            ends: dict[tuple[int, str | None, str], Decimal] = defaultdict(Decimal)
            for it in family:
                for month, part in it.parts.items():
                    ends[it.row.account, it.row.cost_centre, month] += part if month > last else ZERO
            assert not any(ends.values())
