"""Entries as rows of two accounts: gross on automatic accounts, the key 40 where DATEV's own reading would differ, reversals."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkers.datev import CHARTS, post

from contor.bookkeeping.types import Side
from contor.reports.datev.rows import Reading, extracted, taxes_to_extract
from contor.reports.datev.types import BatchRow, Books

D = Decimal
DAY = dt.date(2026, 10, 5)
TAX = {"S19": 1776, "S16": 1775, "S7": 1771, "S5": 1773, "OSS-G": 1767, "OSS-D": 1728, "OSS-S": 1768}
AUTOMATIC = {
    **dict.fromkeys((8400, 1718, 8720, 8736, 2406), "S19"),
    **dict.fromkeys((8300, 1711, 8710), "S7"),
    **{8125: "K", 8336: "AE-EU", 8120: "G", 3125: "RC19", 8331: "OSS-D"},
}
READING = Reading(Books("EUR", AUTOMATIC, TAX, (1577, 1787), 1792))


class PostedLine(NamedTuple):
    account: int
    side: Side
    amount: Decimal
    tax_rate: Decimal | None = None
    tax_date: dt.date | None = DAY
    cost_centre: str | None = None
    country: str | None = None
    foreign_amount: Decimal | None = None
    foreign_currency: str | None = None


def lines(entry: str) -> list[PostedLine]:
    """`D 10000 119, C 8400 100 @19, C 1776 19 @19 FR`"""
    made = []
    for part in entry.split(", "):
        side, account, amount, *more = part.split(" ")
        rate = next((D(it[1:]) for it in more if it.startswith("@")), None)
        centre = next((it[1:] for it in more if it.startswith("#")), None)
        country = next((it for it in more if it.isalpha()), None)
        foreign = next((D(it[1:]) for it in more if it.startswith("$")), None)
        made.append(
            PostedLine(
                int(account),
                "D" if side == "D" else "C",
                D(amount),
                rate,
                cost_centre=centre,
                country=country,
                foreign_amount=foreign,
                foreign_currency=None if foreign is None else "USD",
            )
        )
    return made


def shown(row: BatchRow) -> str:
    parts = [f"{row.account} {row.side} {row.amount} {row.contra}"]
    parts += [row.bu_key] if row.bu_key else []
    parts += ["GU"] if row.general_reversal else []
    parts += [f"#{row.cost_centre}"] if row.cost_centre else []
    parts += [f"{row.eu} {row.eu_rate or ''}".strip()] if row.eu else []
    parts += [f"{row.foreign.currency} {row.foreign.amount}"] if row.foreign else []
    return " ".join(parts)


@pytest.mark.parametrize(
    ("entry", "rows"),
    [
        ("D 10000 119.00, C 8400 100.00 @19, C 1776 19.00 @19", ["10000 S 119.00 8400"]),
        (
            "D 10000 226.00, C 8400 100.00 @19, C 1776 19.00 @19, C 8300 100.00 @7, C 1771 7.00 @7",
            ["10000 S 119.00 8400", "10000 S 107.00 8300"],
        ),
        # one group on several cost centres: each row is read by itself, and the cents agree
        (
            "D 10000 119.00, C 8400 60.00 @19 #A, C 8400 40.00 @19 #B, C 1776 19.00 @19",
            ["10000 S 71.40 8400 #A", "10000 S 47.60 8400 #B"],
        ),
        # the tax of the group is no sum of what DATEV would take out of three rows: the key 40, and a row for the tax
        (
            "D 10000 0.21, C 8400 0.06 @19 #A, C 8400 0.06 @19 #B, C 8400 0.06 @19 #C, C 1776 0.03 @19",
            ["10000 S 0.07 8400 #A", "10000 S 0.07 8400 #B", "10000 S 0.07 8400 #C"],
        ),
        (
            "D 10000 0.06, C 8400 0.02 @19 #A, C 8400 0.02 @19 #B, C 8400 0.01 @19 #C, C 1776 0.01 @19",
            ["10000 S 0.02 8400 40 #A", "10000 S 0.02 8400 40 #B", "10000 S 0.01 8400 40 #C", "10000 S 0.01 1776"],
        ),
        # cash taxation: the tax stands on the account of what is not due
        (
            "D 10000 119.00, C 8400 100.00 @19, C 1766 19.00 @19",
            ["10000 S 100.00 8400 40", "10000 S 19.00 1766"],
        ),
        ("D 1766 19.00 @19, C 1776 19.00 @19", ["1766 S 19.00 1776"]),
        # rows 30 and 33: net moves on an automatic account
        ("D 8400 1144.11, C 990 1144.11", ["990 H 1144.11 8400 40"]),
        ("D 990 101.92, C 8400 101.92", ["990 S 101.92 8400 40"]),
        ("D 8400 19.00, C 1783 19.00", ["1783 H 19.00 8400 40"]),
        # a reversal is the original's row with the sides exchanged and Generalumkehr
        ("D 10000 -119.00, C 8400 -100.00 @19, C 1776 -19.00 @19", ["10000 H 119.00 8400 GU"]),
        ("D 8400 -1144.11, C 990 -1144.11", ["990 S 1144.11 8400 40 GU"]),
        # final invoice by REMAINDER: two automatic accounts never meet in a row
        (
            "D 10000 119.00, D 1718 100.00 @19, C 8400 200.00 @19, C 1776 19.00 @19",
            ["10000 H 119.00 1718", "10000 S 238.00 8400"],
        ),
        ("D 1200 119.00, C 1718 100.00 @19, C 1776 19.00 @19", ["1200 S 119.00 1718"]),
        # without any other account the interim account stands between two automatic ones
        (
            "D 8720 -20.00 @19, C 8400 -20.00 @19",
            ["1792 S 23.80 8720 GU", "1792 H 23.80 8400 GU"],
        ),
        # Skonto, loss with its tax, charges, interest
        ("D 8736 2.00 @19, D 1776 0.38 @19, C 10000 2.38", ["10000 H 2.38 8736"]),
        ("D 2406 100.00 @19, D 1776 19.00 @19, C 10000 119.00", ["10000 H 119.00 2406"]),
        ("D 1776 190.00 @19, C 1460 190.00", ["1460 H 190.00 1776"]),
        ("D 10000 40.00, C 2709 40.00", ["10000 S 40.00 2709"]),
        ("D 4970 1.50, C 1200 1.50", ["4970 S 1.50 1200"]),
        # one-stop shop, with country and rate; a price reduction is on no automatic account
        ("D 10001 120.00, C 8331 100.00 @20 FR, C 1728 20.00 @20 FR", ["10001 S 120.00 8331 FR 20"]),
        ("D 8727 10.00 @20 FR, D 1728 2.00 @20 FR, C 10001 12.00", ["10001 H 2.00 1728", "10001 H 10.00 8727"]),
        # intra-community and services to the EU, with the VAT id; exports
        ("D 10000 50.00, C 8125 50.00 @0", ["10000 S 50.00 8125 ATU12345675"]),
        ("D 10000 50.00, C 8336 50.00 @0", ["10000 S 50.00 8336 ATU12345675"]),
        ("D 10000 50.00, C 8120 50.00 @0", ["10000 S 50.00 8120"]),
        # self-billing from abroad: DATEV adds the tax owed and deducts it
        ("D 3125 100.00 @19, D 1577 19.00 @19, C 70000 100.00, C 1787 19.00 @19", ["70000 H 100.00 3125"]),
        (
            "D 3125 100.00 @19, D 1577 19.01 @19, C 70000 100.00, C 1787 19.01 @19",
            ["70000 H 100.00 3125 40", "70000 H 19.01 1577", "70000 S 19.01 1787"],
        ),
        ("D 4760 250.00 @19, D 1576 47.50 @19, C 70003 297.50", ["70003 H 250.00 4760", "70003 H 47.50 1576"]),
        # a rate that the account does not have
        ("D 10000 116.00, C 8400 100.00 @16, C 1776 16.00 @16", ["10000 S 100.00 8400 40", "10000 S 16.00 1776"]),
        # foreign currency: gross and tax together
        (
            "D 10000 548.39 $595, C 8400 460.83 @19 $500, C 1776 87.56 @19 $95",
            ["10000 S 548.39 8400 USD 595"],
        ),
        ("D 10000 9.50, D 2151 0.50, C 1200 10.00", ["10000 H 0.50 2151", "10000 S 10.00 1200"]),
        # what is even on every account has no row
        ("D 10000 5.00, C 10000 5.00", []),
        ("C 8400 100.00 @19, C 8400 -100.00 @19", []),
    ],
)
def test_an_entry_as_rows(entry: str, rows: list[str]) -> None:
    made = READING.rows_of(lines(entry), "ATU12345675")
    assert [shown(row) for row in made] == rows
    assert as_read(made) == moved(lines(entry))


def moved(posted: list[PostedLine]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for line in posted:
        sums[line.account] = sums.get(line.account, D(0)) + (line.amount if line.side == "D" else -line.amount)
    return {account: amount for account, amount in sums.items() if amount}


def as_read(rows: list[BatchRow]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for row in rows:
        post(sums, CHARTS["03"], row.account, row.contra, row.amount if row.side == "S" else -row.amount, row.bu_key, row.eu_rate)
    return {account: amount for account, amount in sums.items() if amount}


CENTS = st.integers(-50_000, 50_000).map(lambda cents: D(cents) / 100)


@given(
    nets=st.lists(CENTS.filter(bool), min_size=1, max_size=6), off=st.integers(-3, 3), rate=st.sampled_from([D(19), D(7), D("8.5")])
)
def test_what_is_taken_out_together_is_the_tax_to_the_cent(nets: list[Decimal], off: int, rate: Decimal) -> None:
    tax = (sum(nets) * rate / 100).quantize(D("0.01")) + D(off) / 100
    found = taxes_to_extract(nets, tax, rate, "EUR")
    if found is not None:
        assert sum(found) == tax
        assert [extracted(net + it, rate, "EUR") for net, it in zip(nets, found, strict=True)] == found
    elif len(nets) == 1:
        assert extracted(nets[0] + tax, rate, "EUR") != tax


@given(
    nets=st.lists(st.tuples(CENTS, st.sampled_from([8400, 8720, 1718]), st.sampled_from(["A", "B"])), min_size=1, max_size=5),
    tax=CENTS,
    with_bank=st.booleans(),
    turned=st.booleans(),
)
def test_whatever_is_booked_is_read_as_it_was_booked(
    nets: list[tuple[Decimal, int, str]], tax: Decimal, with_bank: bool, turned: bool
) -> None:
    """Also where tax and net have nothing to do with each other, accounts repeat, and sides are mixed."""
    sign = -1 if turned else 1
    posted = [PostedLine(account, "C", sign * net, D(19), cost_centre=centre) for net, account, centre in nets if net]
    posted += [PostedLine(1776, "C", sign * tax, D(19))] if tax else []
    total = sum((line.amount for line in posted), D(0))
    if total:
        posted.append(PostedLine(1200 if with_bank else 10000, "D", total))
    made = READING.rows_of(posted)
    assert as_read(made) == moved(posted)
    assert all(row.amount > 0 and row.account != row.contra for row in made)


def test_the_period_of_the_tax_goes_with_each_row() -> None:
    later = DAY.replace(month=11)
    posted = [
        PostedLine(10000, "D", D("238.00")),
        PostedLine(8400, "C", D("100.00"), D(19)),
        PostedLine(1776, "C", D("19.00"), D(19)),
        PostedLine(8400, "C", D("100.00"), D(19), later),
        PostedLine(1776, "C", D("19.00"), D(19), later),
    ]
    assert [(row.amount, row.tax_date) for row in READING.rows_of(posted)] == [(D("119.00"), DAY), (D("119.00"), later)]
