"""The posting table, what money and decisions put into the books: rows 6, 10, 14 to 23, 31; entries on exact numbers."""

from decimal import Decimal

import pytest
from tests.checkers.entries import balances, written
from tests.factories.documents import a_customer, a_document, a_seller, an_item, totals_of
from tests.factories.sales import DAY, a_sale, accounts, case_of, in_country, money

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_deposit_returned, post_payment, post_payment_cost, post_payout, post_unassigned
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Account, AccountType
from contor.documents.types import (
    Document,
    DocumentItem,
    DocumentType,
    Prepaid,
)
from contor.kernel.errors import Refused
from contor.kernel.shapes import replace
from contor.openitems.deposits import return_deposit
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import DecisionType

D = Decimal


# --- row 6: cash taxation -----------------------------------------------------------------------------------------------------


CASH = accounts(cash_taxation=True)


def test_row_6_tax_is_due_with_the_money() -> None:
    document = a_document(items=(an_item("100.00"), an_item("50.00", "7", 2)))
    entries = post_document(document, CASH)
    assert written(entries) == ["INVOICE: D 10001 172.50, C 8400 100.00, C 1766 19.00, C 8300 50.00, C 1761 3.50"]
    case = case_of(document, cash_taxation=True)
    for amount, expected in (
        ("100.00", "TAX_DUE: D 1766 11.02, C 1776 11.02, D 1761 2.03, C 1771 2.03"),
        ("72.50", "TAX_DUE: D 1766 7.98, C 1776 7.98, D 1761 1.47, C 1771 1.47"),
    ):
        movement = pay(case, D(amount))
        found = post_payment(case, movement, money(amount), CASH)
        assert written(found) == [f"PAYMENT: D 1200 {amount}, C 10001 {amount}", expected]
        entries += found
        case = moved(case, movement)
    assert balances(*entries) == {1200: "172.50", 1771: "-3.50", 1776: "-19.00", 8300: "-50.00", 8400: "-100.00"}


def test_row_6_discount_and_bank_fee_under_cash_taxation() -> None:
    document = a_document()
    case = case_of(document, cash_taxation=True)
    entries = post_document(document, CASH)
    first = pay(case, D("50.00"))
    entries += post_payment(case, first, money("50.00"), CASH)
    case = moved(case, first)
    fee = decide(case, DecisionType.BANK_FEE, D("9.00"))
    found = post_decision(case, fee, DAY, "d-1", CASH)
    assert written(found) == ["BANK_FEE: D 4970 9.00, C 10001 9.00", "TAX_DUE: D 1766 1.44, C 1776 1.44"]
    case, entries = moved(case, fee), entries + found
    rest = decide(case, DecisionType.DISCOUNT)
    found = post_decision(case, rest, DAY, "d-2", CASH)
    assert written(found) == ["DISCOUNT: D 8720 50.42, D 1766 9.58, C 10001 60.00"]
    assert balances(*entries, *found)[1776] == "-9.42"
    assert 1766 not in balances(*entries, *found)


def test_row_6_a_voucher_is_money_too() -> None:
    totals = totals_of((an_item(),), prepaid="50.00")
    document = a_document(totals=totals, prepaid=(Prepaid(reference="x", date=DAY, amount=D("50.00")),))
    assert written(post_document(document, CASH)) == [
        "INVOICE: D 10001 119.00, C 8400 100.00, C 1766 19.00",
        "PREPAYMENT_APPLIED: D 1792 50.00, C 10001 50.00",
        "TAX_DUE: D 1766 7.98, C 1776 7.98",
    ]
    case = case_of(document, cash_taxation=True)
    movement = pay(case, D("69.00"))
    assert written(post_payment(case, movement, money("69.00"), CASH))[1] == "TAX_DUE: D 1766 11.02, C 1776 11.02"


def test_row_6_does_not_concern_self_billing_and_foreign_tax() -> None:
    assert written(post_document(in_country(a_sale("S", "20"), "FR"), CASH)) == [
        "INVOICE: D 10001 120.00, C 8339 100.00, C 1768 20.00"
    ]
    case = case_of(in_country(a_sale("S", "20"), "FR"), cash_taxation=True)
    assert written(post_payment(case, pay(case, D(120)), money("120.00"), CASH)) == ["PAYMENT: D 1200 120.00, C 10001 120.00"]


# --- rows 9 to 14: deposits ---------------------------------------------------------------------------------------------------


def a_deposit(relevant: bool, *items: DocumentItem) -> Document:
    items = items or (an_item("1000.00"),)
    return a_document(document_type=DocumentType.DEPOSIT_INVOICE, ident="AR-1", items=items, deposit_receivable_relevant=relevant)


def test_row_9_without_receivable_there_is_no_entry() -> None:
    assert post_document(a_deposit(False), accounts()) == []


@pytest.mark.parametrize(
    ("category", "rate", "expected"),
    [
        ("S", "19", "C 1718 1000.00, C 1776 190.00"),
        ("S", "7", "C 1711 1000.00, C 1771 70.00"),
        ("S", "5", "C 1710 1000.00, C 1773 50.00"),
        ("AE", "0", "C 1710 1000.00"),
    ],
)
def test_row_10_by_rate(category: str, rate: str, expected: str) -> None:
    document = a_deposit(False, an_item("1000.00", rate, category_code=category))
    case = case_of(document)
    gross = document.totals.gross
    found = post_payment(case, pay(case, gross), money(str(gross)), accounts())
    assert written(found) == [f"DEPOSIT_RECEIVED: D 1200 {gross}, {expected}"]
    assert [line.party for line in found[0].lines if line.account in (1718, 1711, 1710)] == ["c-1"]
    assert found[0].tax_date == DAY


def test_row_10_more_than_the_deposit_is_a_credit_of_the_customer() -> None:
    case = case_of(a_deposit(False))
    movement = pay(case, D("1200.00"))
    assert written(post_payment(case, movement, money("1200.00"), accounts())) == [
        "DEPOSIT_RECEIVED: D 1200 1200.00, C 1718 1000.00, C 1776 190.00, C 10001 10.00"
    ]
    assert moved(case, movement).balance == D("-10.00")


@pytest.mark.parametrize("relevant", [True, False])
def test_row_14_deposit_returned(relevant: bool) -> None:
    case = case_of(a_deposit(relevant))
    case = moved(case, pay(case, D("1190.00")))
    part = return_deposit(case, D("500.00"))
    assert written(post_deposit_returned(case, part, money("-500.00"), accounts())) == [
        "DEPOSIT_RETURNED: D 1718 420.17, D 1776 79.83, C 1200 500.00"
    ]
    case = moved(case, part)
    rest = return_deposit(case, D("690.00"))
    assert written(post_deposit_returned(case, rest, money("-690.00"), accounts())) == [
        "DEPOSIT_RETURNED: D 1718 579.83, D 1776 110.17, C 1200 690.00"
    ]
    assert [part.gross for part in moved(case, rest).settled] == [D(0)]


# --- rows 15 to 18, 28: money -------------------------------------------------------------------------------------------------


def test_row_15_unassigned_and_assigned_later() -> None:
    case = case_of(a_document())
    waiting = post_unassigned(money("119.00"), accounts(debtor=None))
    assert written(waiting) == ["PAYMENT_UNASSIGNED: D 1200 119.00, C 1792 119.00"]
    later = post_payment(case, pay(case, D(119)), money("119.00"), accounts(), from_unassigned=True)
    assert written(later) == ["PAYMENT: D 1792 119.00, C 10001 119.00"]
    assert balances(*waiting, *later) == {1200: "119.00", 10001: "-119.00"}


def test_rows_16_and_17_payment_provider() -> None:
    case = case_of(a_document())
    captured = post_payment(case, pay(case, D(119)), money("119.00", account=1361), accounts())
    fee = post_payment_cost(money("-2.00", account=1361), accounts())
    payout = post_payout(money("-117.00", account=1361), accounts())
    assert written([*captured, *fee, *payout]) == [
        "PAYMENT: D 1361 119.00, C 10001 119.00",
        "PAYMENT_COST: D 4970 2.00, C 1361 2.00",
        "PAYOUT: D 1200 117.00, C 1361 117.00",
    ]
    assert balances(*captured, *fee, *payout) == {1200: "117.00", 4970: "2.00", 10001: "-119.00"}


def test_row_17_money_taken_back_by_the_bank_opens_the_case_again() -> None:
    case = case_of(a_document())
    case = moved(case, pay(case, D(119)))
    movement = pay(case, D(-119))
    assert written(post_payment(case, movement, money("-119.00"), accounts())) == ["PAYMENT_OUT: D 10001 119.00, C 1200 119.00"]
    assert moved(case, movement).balance == D(119)


def test_row_18_overpayment_standing_refunded_kept() -> None:
    case = case_of(a_document())
    movement = pay(case, D("130.90"))
    assert written(post_payment(case, movement, money("130.90"), accounts())) == ["PAYMENT: D 1200 130.90, C 10001 130.90"]
    case = moved(case, movement)
    refund = pay(case, D("-11.90"))
    assert written(post_payment(case, refund, money("-11.90"), accounts())) == ["PAYMENT_OUT: D 10001 11.90, C 1200 11.90"]
    kept = decide(case, DecisionType.OTHER_REVENUE)
    assert written(post_decision(case, kept, DAY, "d", accounts())) == ["OTHER_REVENUE: D 10001 11.90, C 8640 10.00, C 1776 1.90"]
    assert moved(case, refund).is_closed
    assert moved(case, kept).is_closed


def test_a_self_billed_partner_is_paid() -> None:
    document = a_document(document_type=DocumentType.SELF_BILLING_INVOICE, seller=a_customer(), customer=a_seller())
    case = case_of(document)
    assert case.balance == D(-119)
    assert written(post_payment(case, pay(case, D(-119)), money("-119.00"), accounts())) == [
        "PAYMENT_OUT: D 70001 119.00, C 1200 119.00"
    ]


# --- rows 19 to 23, 31: decisions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("CASH_DISCOUNT", "D 8736 100.00, D 1776 19.00"),
        ("DISCOUNT", "D 8720 100.00, D 1776 19.00"),
        ("UNCOLLECTABLE_RECEIVABLE", "D 2406 100.00, D 1776 19.00"),
        ("BANK_FEE", "D 4970 119.00"),
        ("DOUBTFUL_RECEIVABLE", "D 1460 119.00"),
    ],
)
def test_rows_19_to_23_whole_balance(decision: str, expected: str) -> None:
    case = case_of(a_document())
    movement = decide(case, DecisionType(decision))
    found = post_decision(case, movement, DAY, "d-1", accounts())
    assert written(found) == [f"{decision}: {expected}, C 10001 119.00"]
    assert (found[0].reference, found[0].posting_date) == ("d-1", DAY)
    assert (found[0].tax_date is None) == (decision in ("BANK_FEE", "DOUBTFUL_RECEIVABLE"))


@pytest.mark.parametrize(
    ("category", "country", "cash_discount", "bad_debt"),
    [("AE", "DE", 8741, 2400), ("AE", "FR", 8742, 2400), ("K", "FR", 8743, 2400), ("G", "US", 8730, 2400)],
)
def test_row_19_without_tax(category: str, country: str, cash_discount: int, bad_debt: int) -> None:
    vat_id = {"DE": "DE811907980", "FR": "FR40303265045"}.get(country)
    case = case_of(a_sale(category, country=country, vat_id=vat_id))
    for decision, account in ((DecisionType.CASH_DISCOUNT, cash_discount), (DecisionType.UNCOLLECTABLE_RECEIVABLE, bad_debt)):
        movement = decide(case, decision, D("2.00"))
        assert written(post_decision(case, movement, DAY, "d", accounts())) == [f"{decision}: D {account} 2.00, C 10001 2.00"]


def test_rows_21_and_23_doubtful_then_paid_in_part_then_lost() -> None:
    case = case_of(a_document())
    doubtful = decide(case, DecisionType.DOUBTFUL_RECEIVABLE)
    post_decision(case, doubtful, DAY, "d-1", accounts())
    case = moved(case, doubtful)
    assert (case.balance, case.doubtful) == (D(119), True)
    dividend = pay(case, D("11.90"))
    assert written(post_payment(case, dividend, money("11.90"), accounts())) == ["PAYMENT: D 1200 11.90, C 1460 11.90"]
    case = moved(case, dividend)
    lost = decide(case, DecisionType.UNCOLLECTABLE_RECEIVABLE)
    assert written(post_decision(case, lost, DAY, "d-2", accounts())) == [
        "UNCOLLECTABLE_RECEIVABLE: D 2406 90.00, D 1776 17.10, C 1460 107.10"
    ]


def test_row_31_needs_an_account_of_the_tenant() -> None:
    case = case_of(a_document())
    movement = decide(case, DecisionType.EXTERNAL_CLOSED)
    with pytest.raises(Refused, match="booking_account_missing"):
        post_decision(case, movement, DAY, "d", accounts())
    own = Account(number=1590, name_de="Durchlaufende Posten", name_en="Transit", type=AccountType.ASSET, group="CLEARING")
    chart = SKR03.replaced({Role.EXTERNAL_CLOSED: own})
    assert written(post_decision(case, movement, DAY, "d", accounts(chart))) == ["EXTERNAL_CLOSED: D 1590 119.00, C 10001 119.00"]
    credit = case_of(a_document(document_type=DocumentType.CREDIT_MEMO))
    movement = decide(credit, DecisionType.EXTERNAL_CLOSED)
    assert written(post_decision(credit, movement, DAY, "d", accounts(chart))) == ["EXTERNAL_CLOSED: D 10001 119.00, C 1590 119.00"]


def test_a_decision_in_foreign_currency_takes_its_share_of_the_booked_value() -> None:
    case = replace(
        case_of(a_document()), currency="USD", ledger_currency="EUR", ledger_opening=D("109.68"), ledger_balance=D("109.68")
    )
    movement = decide(case, DecisionType.DISCOUNT, D("11.90"))
    assert written(post_decision(case, movement, DAY, "d", accounts())) == ["DISCOUNT: D 8720 9.22, D 1776 1.75, C 10001 10.97"]
