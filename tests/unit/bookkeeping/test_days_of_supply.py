"""Each row is in the VAT period of its own day, whatever the last day of its document (accounting reference 6.1 and 7)."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkers.entries import balances, written
from tests.factories.deposited_sales import DepositedSale
from tests.factories.documents import a_customer, a_document, a_seller, an_item
from tests.factories.requests import TODAY, a_credit, a_request, a_row, facts, issued
from tests.factories.sales import accounts, in_country
from tests.factories.strategies import cents

from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.types import Entry
from contor.documents.types import Document, DocumentType, ExchangeRate, RequestedAllowanceCharge
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace

D = Decimal
JANUARY, APRIL, JULY, OCTOBER = (dt.date(2026, month, 31 if month != 4 else 30) for month in (1, 4, 7, 10))
REVENUE, TAX = 8400, 1776


def supplied(ident: str, net: str, day: dt.date, **overrides: Any) -> Any:
    return a_row(ident, net, delivery_date=day, **overrides)


def by_day(*entries: Entry, only: set[int] | None = None) -> dict[tuple[int, str], str]:
    """Credit less debit by account and tax date."""
    sums: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for line in entry.lines:
            if only is None or line.account in only:
                sums[line.account, str(line.tax_date or entry.tax_date)] += line.amount if line.side == "C" else -line.amount
    return {key: str(amount) for key, amount in sorted(sums.items()) if amount}


def test_rows_of_january_and_october() -> None:
    document = issued(a_request(supplied("i-1", "100.00", JANUARY), supplied("i-2", "200.00", OCTOBER)))
    (entry,) = post_document(document, accounts())
    assert written([entry]) == ["INVOICE: D 10001 357.00, C 8400 100.00, C 8400 200.00, C 1776 19.00, C 1776 38.00"]
    assert [line.tax_date for line in entry.lines] == [None, JANUARY, None, JANUARY, None]
    assert [line.tax_base for line in entry.lines[3:]] == [D(100), D(200)]
    assert (document.tax_date, entry.tax_date) == (OCTOBER, OCTOBER)
    back = reversed_entry(entry, TODAY, "1")
    assert {line.tax_date for line in back.lines} == {None}
    assert back.tax_date == TODAY


@pytest.mark.parametrize("day", [TODAY, dt.date(2026, 12, 31)])
def test_a_row_of_nothing_moves_no_tax(day: dt.date) -> None:
    document = issued(a_request(supplied("i-1", "100.00", JANUARY), supplied("i-2", "0.00", day)))
    assert document.tax_date == JANUARY
    assert by_day(*post_document(document, accounts())) == {
        (1776, "2026-01-31"): "19.00",
        (8400, "2026-01-31"): "100.00",
        (10001, "2026-01-31"): "-119.00",
    }
    assert issued(a_request(supplied("i-1", "0.00", JANUARY), supplied("i-2", "0.00", APRIL))).tax_date == APRIL


def test_the_tax_of_a_group_is_split_by_largest_remainder() -> None:
    """BT-117 is 1.90: 3 times 0.63 would be a cent too little."""
    document = issued(a_request(*(supplied(f"i-{n}", "3.33", day) for n, day in enumerate((JANUARY, APRIL, OCTOBER)))))
    assert by_day(*post_document(document, accounts()), only={TAX}) == {
        (1776, "2026-01-31"): "0.64",
        (1776, "2026-04-30"): "0.63",
        (1776, "2026-10-31"): "0.63",
    }


def test_a_catch_up_of_quarters_in_the_one_stop_shop() -> None:
    items = tuple(
        an_item("100.00", "20", n, category=category, service_period=None, delivery_date=day)
        for n, (category, day) in enumerate(
            [("DIGITAL_PRODUCT", JANUARY), ("DIGITAL_PRODUCT", APRIL), ("PHYSICAL_PRODUCT", APRIL), ("DIGITAL_PRODUCT", JULY)], 1
        )
    )
    document = in_country(a_document(items=items, tax_date=JULY), "FR")
    assert by_day(*post_document(document, accounts()), only={1728, 1767}) == {
        (1728, "2026-01-31"): "20.00",
        (1728, "2026-04-30"): "20.00",
        (1728, "2026-07-31"): "20.00",
        (1767, "2026-04-30"): "20.00",
    }


def test_what_goes_back_of_january_and_comes_in_october() -> None:
    """Together they are nothing: each is the turnover of its day."""
    back = supplied("i-1", "100.00", JANUARY, debit_credit_indicator="CREDIT")
    document = issued(a_request(back, supplied("i-2", "100.00", OCTOBER)))
    assert document.totals.gross == 0
    assert by_day(*post_document(document, accounts())) == {
        (1776, "2026-01-31"): "-19.00",
        (1776, "2026-10-31"): "19.00",
        (8400, "2026-01-31"): "-100.00",
        (8400, "2026-10-31"): "100.00",
    }


def test_rows_that_cancel_out_on_each_day_are_turnover() -> None:
    items = [
        supplied(f"i-{n}", "50.00", day, debit_credit_indicator=side)
        for n, (day, side) in enumerate([(JANUARY, "DEBIT"), (JANUARY, "CREDIT"), (OCTOBER, "DEBIT"), (OCTOBER, "CREDIT")])
    ]
    assert written(post_document(issued(a_request(*items)), accounts())) == ["INVOICE: C 8400 100.00, C 8400 -100.00"]


def test_in_foreign_currency() -> None:
    rate = ExchangeRate(rate=D("1.0850"), date=OCTOBER)
    rows = [supplied("i-1", "100.00", JANUARY), supplied("i-2", "200.00", OCTOBER)]
    document = issued(a_request(*rows, currency="USD", exchange_rate=rate))
    (entry,) = post_document(document, accounts())
    assert written([entry]) == ["INVOICE: D 10001 329.03, C 8400 92.17, C 8400 184.33, C 1776 17.51, C 1776 35.02"]
    assert [line.foreign_amount for line in entry.lines] == [D(357), D(100), D(200), D(19), D(38)]


def test_an_allowance_of_the_document_goes_along_with_the_rows() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", percentage=D(10))
    rows = [supplied("i-1", "100.00", JANUARY), supplied("i-2", "200.00", OCTOBER)]
    document = issued(a_request(*rows, allowances_charges=(allowance,)))
    assert by_day(*post_document(document, accounts()), only={REVENUE, TAX}) == {
        (1776, "2026-01-31"): "17.10",
        (1776, "2026-10-31"): "34.20",
        (8400, "2026-01-31"): "90.00",
        (8400, "2026-10-31"): "180.00",
    }


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL"])
@pytest.mark.parametrize(
    ("rate", "cash", "account", "january", "october"),
    [
        ("19", False, 1776, "13.30", "26.60"),
        ("19", True, 1766, "13.30", "26.60"),
        ("7", False, 1771, "-2.10", "-4.20"),  # a rate that no row has
    ],
)
def test_what_deposits_paid_goes_back_in_the_periods_of_the_supply(
    method: str, rate: str, cash: bool, account: int, january: str, october: str
) -> None:
    """By each method alike."""
    sale = DepositedSale(method, cash=cash, currency="EUR")
    ident = sale.deposit([a_row("d-1", "90.00", rate=rate)], D(1))
    sale.pay(ident, sale.cases[ident].balance)
    before = len(sale.entries)
    sale.final([supplied("i-1", "100.00", JANUARY), supplied("i-2", "200.00", OCTOBER)], D(1))
    entries = sale.entries[before:]
    assert by_day(*entries, only={account}) == {(account, "2026-01-31"): january, (account, "2026-10-31"): october}
    assert balances(*entries)[1718 if rate == "19" else 1711] == "90.00"


def test_a_credit_is_of_the_period_in_which_it_is_made() -> None:
    rows = [supplied("i-1", "100.00", JANUARY), supplied("i-2", "200.00", OCTOBER)]
    document = issued(a_request(*rows))
    memo = a_credit(document, items=[replace(row, delivery_date=None) for row in rows], ident="r-2")
    assert {day for _, day in by_day(*post_document(memo, accounts()))} == {str(TODAY)}
    assert balances(*post_document(document, accounts()), *post_document(memo, accounts())) == {}


def test_a_tax_date_that_is_none_of_the_rows_is_that_of_all() -> None:
    known = facts(tax_date=JULY)
    document = issued(a_request(supplied("i-1", "100.00", JANUARY), supplied("i-2", "200.00", OCTOBER)), known=known)
    assert {day for _, day in by_day(*post_document(document, accounts()))} == {str(JULY)}


def test_tax_that_the_recipient_owes_has_the_days_and_rates_of_the_rows() -> None:
    days = [dt.date(2020, 12, 31), dt.date(2021, 1, 31)]
    items = tuple(
        an_item("100.00", "0", n, category_code="AE", service_period=None, delivery_date=day) for n, day in enumerate(days, 1)
    )
    partner = a_customer(vat_id="FR40303265045")
    document = a_document(
        document_type=DocumentType.SELF_BILLING_INVOICE, seller=partner, customer=a_seller(), items=items, tax_date=days[1]
    )
    assert by_day(*post_document(document, accounts()), only={1787, 3125}) == {
        (1787, "2020-12-31"): "16.00",
        (1787, "2021-01-31"): "19.00",
        (3125, "2020-12-31"): "-100.00",
        (3125, "2021-01-31"): "-100.00",
    }


DAYS = st.sampled_from([JANUARY, APRIL, JULY, OCTOBER])
FOREIGN = {"currency": "USD", "exchange_rate": ExchangeRate(rate=D("1.0850"), date=TODAY)}


@given(st.lists(st.tuples(cents, DAYS, st.sampled_from(("19", "7")), st.booleans()), min_size=1, max_size=8), st.booleans())
def test_days_move_nothing_between_accounts(rows: list[tuple[Decimal, dt.date, str, bool]], foreign: bool) -> None:
    """Whatever the rows: on each account, and of each rate, stands what would stand there if all were of one day, and each day has its own
    revenue."""
    credited = sum((net for net, _, _, is_credit in rows if is_credit), ZERO)
    rows = [*rows, (credited + D("1.00"), OCTOBER, "19", False)]
    items = [
        supplied(f"i-{n}", str(net), day, rate=rate, debit_credit_indicator="CREDIT" if is_credit else "DEBIT")
        for n, (net, day, rate, is_credit) in enumerate(rows)
    ]
    overrides: dict[str, Any] = FOREIGN if foreign else {}
    document = issued(a_request(*items, **overrides))
    found = post_document(document, accounts())
    on_one_day: Document = replace(document, items=tuple(replace(item, delivery_date=OCTOBER) for item in document.items))
    assert balances(*found) == balances(*post_document(on_one_day, accounts()))
    nets: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for net, day, rate, is_credit in rows:
        nets[8400 if rate == "19" else 8300, str(day)] += -net if is_credit else net
    revenue = by_day(*found, only={8400, 8300})
    if not foreign:
        assert revenue == {key: str(net) for key, net in sorted(nets.items()) if net}
    for account, tax in ((8400, 1776), (8300, 1771)):
        percent = D(19 if account == 8400 else 7)
        for (_, on), amount in by_day(*found, only={tax}).items():
            assert abs(D(amount) - D(revenue.get((account, on), "0")) * percent / 100) <= D("0.05")
