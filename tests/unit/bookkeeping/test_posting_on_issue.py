"""What is settled when a document is issued: vouchers, prepayments, rounding and deposits, also in foreign currency."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.entries import balances, written
from tests.factories.documents import a_document, an_item, totals_of
from tests.factories.requests import a_gross_row, a_request, facts, issued, related, with_property
from tests.factories.sales import accounts, case_of, in_country, money

from contor.bookkeeping.posting.book import tax_due_lines
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.documents.amounts.deposits import receipts
from contor.documents.treatment import tax_parts
from contor.documents.types import (
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentType,
    ExchangeRate,
    FinalInvoiceMethod,
    LedgerCurrency,
    PostTaxItem,
    Prepaid,
    Property,
)
from contor.kernel.shapes import replace
from contor.openitems.rules import moved, pay

D = Decimal
DAY = dt.date(2026, 11, 30)
VOUCHER = PostTaxItem(ident="p-1", name="Gift card", amount=D("-200.00"))


def a_deposit(relevant: bool, **overrides: Any) -> Document:
    items = (an_item("1000.00"),)
    fields = {
        "document_type": DocumentType.DEPOSIT_INVOICE,
        "ident": "AR-1",
        "items": items,
        "deposit_receivable_relevant": relevant,
    }
    return a_document(**fields | overrides)


@pytest.mark.parametrize(
    ("relevant", "billed", "receipt"),
    [
        (True, ["DEPOSIT_INVOICE: D 10001 990.00, C 1593 990.00"], "DEPOSIT_RECEIVED: D 1593 990.00, C 1718 831.93, C 1776 158.07"),
        (False, [], "DEPOSIT_RECEIVED: D 1200 990.00, C 1718 831.93, C 1776 158.07"),
    ],
)
def test_a_voucher_pays_a_deposit_at_once(relevant: bool, billed: list[str], receipt: str) -> None:
    document = a_deposit(relevant, post_tax_items=(VOUCHER,), totals=totals_of((an_item("1000.00"),), prepaid="200.00"))
    on_issue = post_document(document, accounts())
    assert written(on_issue) == [*billed, "DEPOSIT_RECEIVED: D 1796 200.00, C 1718 168.07, C 1776 31.93"]
    case = case_of(document)
    movement = pay(case, D("990.00"))
    received = post_payment(case, movement, money("990.00"), accounts())
    assert written(received)[-1] == receipt
    assert moved(case, movement).is_closed
    assert balances(*on_issue, *received) == {1200: "990.00", 1718: "-1000.00", 1776: "-190.00", 1796: "200.00"}


def test_a_deposit_with_agreed_rounding() -> None:
    document = a_deposit(True, totals=totals_of((an_item("1000.00"),), rounding="-0.01"))
    on_issue = post_document(document, accounts())
    assert written(on_issue) == ["DEPOSIT_INVOICE: D 10001 1190.00, C 1593 1190.00", "ROUNDING: D 2309 0.01, C 10001 0.01"]
    case = case_of(document)
    received = post_payment(case, pay(case, D("1189.99")), money("1189.99"), accounts())
    assert balances(*on_issue, *received) == {1200: "1189.99", 1718: "-1000.00", 1776: "-190.00", 2309: "0.01"}


def test_what_cancels_out_in_the_payable_amount_is_still_booked() -> None:
    prepaid = (Prepaid(reference="x", date=DAY, amount=D("0.02")),)
    document = a_document(prepaid=prepaid, totals=totals_of((an_item(),), prepaid="0.02", rounding="0.02"))
    assert document.totals.payable == document.totals.gross
    assert written(post_document(document, accounts())) == [
        "INVOICE: D 10001 119.00, C 8400 100.00, C 1776 19.00",
        "PREPAYMENT_APPLIED: D 1792 0.02, C 10001 0.02",
        "ROUNDING: D 10001 0.02, C 2709 0.02",
    ]


def test_a_credit_memo_gives_a_voucher_back() -> None:
    voucher = PostTaxItem(ident="p-1", name="Gift card", amount=D("-19.00"))
    document = a_document(
        document_type=DocumentType.CREDIT_MEMO, post_tax_items=(voucher,), totals=totals_of((an_item(),), prepaid="19.00")
    )
    assert written(post_document(document, accounts())) == [
        "REVERSING_CREDIT: D 10001 -119.00, C 8400 -100.00, C 1776 -19.00",
        "VOUCHER_REDEEMED: D 1796 -19.00, C 10001 -19.00",
    ]
    assert case_of(document).ledger_balance == D("-100.00")


def test_a_price_reduction_of_nothing_has_no_entry() -> None:
    reason = (Property(key="reason", value="GOODWILL"),)
    assert (
        post_document(a_document(document_type=DocumentType.CREDIT_MEMO, items=(an_item("0.00"),), properties=reason), accounts())
        == []
    )


def test_gross_basis_deducts_the_net_received_not_the_net_of_the_row() -> None:
    deposit = issued(a_request(a_gross_row("i-1", "10.00")), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, [D("3.33"), D("3.33"), D("3.34")])
    known = facts(related(deposit, received=parts))
    document = issued(a_request(a_gross_row("i-1", "29.97"), related_document_ident="AR-1"), known=known)
    case, entries = case_of(deposit), []
    for amount in ("3.33", "3.33", "3.34"):
        movement = pay(case, D(amount))
        entries += post_payment(case, movement, money(amount), accounts())
        case = moved(case, movement)
    entries += post_document(document, accounts())
    left = balances(*entries)
    assert 1718 not in left
    assert D(left[8400]) + D(left[1776]) == D("-29.97")


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([("1190.00", "19"), ("-1190.00", "0")], ["D 1766 190.00, C 1776 190.00"]),
        ([("1190.00", "19"), ("-1190.00", "7")], ["D 1766 190.00, C 1776 190.00", "D 1761 -77.85, C 1771 -77.85"]),
        ([("21.40", "0"), ("-21.40", "7")], ["D 1761 -1.40, C 1771 -1.40"]),
    ],
)
def test_what_is_set_off_within_a_document_is_taxed_with_it(rows: list[tuple[str, str]], due: list[str]) -> None:
    """Cash taxation, rows of different rates whose gross cancels out: nothing stays payable, so no receipt will make their tax due."""
    items = [
        a_gross_row(
            f"i-{at}",
            amount.lstrip("-"),
            rate,
            category=None,
            debit_credit_indicator="CREDIT" if amount.startswith("-") else "DEBIT",
        )
        for at, (amount, rate) in enumerate(rows)
    ]
    document = issued(a_request(*items))
    assert document.totals.payable == 0
    entries = post_document(document, accounts(cash_taxation=True))
    assert written(entries)[-1] == f"TAX_DUE: {', '.join(due)}"
    assert not {1761, 1766} & balances(*entries).keys()


# --- foreign currency ---------------------------------------------------------------------------------------------------------


def a_dollar_final(method: FinalInvoiceMethod) -> Document:
    """10,000 USD net at 1.20; a deposit of 1,190 USD was received at 1.10."""
    part = DepositGroup(category_code="S", rate=D(19), net=D(1000), tax=D(190), gross=D(1190))
    deduction = DepositDeduction(ident="AR-1", document_date=DAY, received_on=DAY, groups=(part,))
    items = (an_item("10000.00"),)
    prepaid = "1190.00"
    if method == "REMAINDER":
        items, prepaid = (*items, an_item("-1000.00", position=2, deposit_ident="AR-1")), "0"
    document = a_document(
        items=items, totals=totals_of(items, prepaid=prepaid), deposits=(deduction,), final_invoice_method=method, currency="USD"
    )
    exchange = ExchangeRate(rate=D("1.20"), date=DAY)
    ledger = LedgerCurrency(
        currency="EUR",
        exchange_rate=exchange,
        tax=(document.totals.tax / D("1.20")).quantize(D("0.01")),
        gross=(document.totals.gross / D("1.20")).quantize(D("0.01")),
    )
    return replace(document, ledger=ledger)


CARRIED = {("S", D(19)): (D("909.09"), D("172.73"))}


def test_the_received_deposit_leaves_its_account_at_its_own_rate() -> None:
    deposit = replace(
        a_deposit(False),
        currency="USD",
        ledger=LedgerCurrency(
            currency="EUR", exchange_rate=ExchangeRate(rate=D("1.10"), date=DAY), tax=D("172.73"), gross=D("1081.82")
        ),
    )
    case = case_of(deposit)
    received = post_payment(case, pay(case, D(1190), D("1081.82")), money("1190.00", "1081.82"), accounts())
    assert written(received) == ["DEPOSIT_RECEIVED: D 1200 1081.82, C 1718 909.09, C 1776 172.73"]
    final = post_document(a_dollar_final("REMAINDER"), accounts(), carried=CARRIED)
    assert written(final) == ["INVOICE: D 10001 8925.00, C 8400 8409.09, D 1718 909.09, C 1776 1425.00"]
    assert 1718 not in balances(*received, *final)


def test_a_final_invoice_with_deduction_shows_the_exchange_difference() -> None:
    document = a_dollar_final("FINAL")
    assert written(post_document(document, accounts(), carried=CARRIED)) == [
        "INVOICE: D 10001 9916.67, C 8400 8333.34, C 1776 1583.33",
        "DEPOSIT_APPLIED: D 1718 909.09, D 1776 172.73, C 10001 991.67, C 2661 90.15",
    ]
    assert (
        written(post_document(document, accounts()))[1]
        == "DEPOSIT_APPLIED: D 1718 833.33, D 1776 158.33, C 10001 991.67, D 2151 0.01"
    )
    assert case_of(document).ledger_balance == D("8925.00")


def in_dollars(document: Document, tax: str, gross: str) -> Document:
    """One euro is three dollars."""
    exchange = ExchangeRate(rate=D("3.00"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D(tax), gross=D(gross))
    return replace(document, currency="USD", ledger=ledger)


def test_what_is_less_than_a_cent_in_the_ledger_has_no_line() -> None:
    items = (an_item("3.00", cost_centre="A"), an_item("0.01", position=2, cost_centre="B"))
    assert written(post_document(in_dollars(a_document(items=items), "0.19", "1.19"), accounts())) == [
        "INVOICE: D 10001 1.19, C 8400 1.00, C 1776 0.19"
    ]
    assert post_document(in_dollars(a_document(items=(an_item("0.01", "0"),)), "0.00", "0.00"), accounts()) == []


def test_a_cent_of_tax_cannot_be_divided() -> None:
    items = (an_item("0.03", "20", category="PHYSICAL_PRODUCT"), an_item("0.01", "20", 2))
    assert written(post_document(in_country(a_document(items=items), "FR"), accounts())) == [
        "INVOICE: D 10001 0.05, C 8320 0.03, C 8339 0.01, C 1767 0.01, C 1768 0.00"
    ]


def test_a_tax_of_nothing_has_its_base() -> None:
    """So that it is declared (number 81), also where it becomes due with its receipt."""
    document = a_document(items=(an_item("0.02"), an_item("10.00", "7", 2)))
    for cash, at in ((False, (1776, 1771)), (True, (1766, 1761))):
        (entry,) = post_document(document, accounts(cash_taxation=cash))
        assert [(line.account, line.amount, line.tax_base) for line in entry.lines if line.tax_base is not None] == [
            (at[0], D("0.00"), D("0.02")),
            (at[1], D("0.70"), D("10.00")),
        ]
    due = tax_due_lines(accounts(), tax_parts(document))
    assert [(line.account, line.side, line.tax_base) for line in due[:2]] == [(1766, "D", D("0.02")), (1776, "C", D("0.02"))]
    untaxed = a_document(items=(an_item("0.02", "0"),))
    assert [line.tax_base for entry in post_document(untaxed, accounts()) for line in entry.lines] == [None, None]


def test_final_method_by_request_is_kept() -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    known = facts(related(deposit, received=receipts(deposit, [D(119)])))
    request = a_request(related_document_ident="AR-1", properties=with_property("finalInvoiceMethod", "FINAL"))
    document = issued(request, known=known)
    assert written(post_document(document, accounts()))[1] == "DEPOSIT_APPLIED: D 1718 100.00, D 1776 19.00, C 10001 119.00"
    assert case_of(document).is_closed
