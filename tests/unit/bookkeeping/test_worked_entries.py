"""The worked examples of the accounting reference as entries: from the request, through the frozen document, to the books."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.checkers.entries import balances, in_skr04, written
from tests.factories.documents import a_customer, a_seller
from tests.factories.requests import TODAY, a_credit, a_gross_row, a_request, a_row, facts, issued, related, with_property
from tests.factories.sales import accounts

from contor.assignment.discounts import granted_cash_discount
from contor.bookkeeping.chart.chart import SKR04
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.types import Entry, Payment
from contor.documents.amounts import closing_request, total_of, what_is_left
from contor.documents.amounts.deposits import receipts
from contor.documents.judge import BillingGroup
from contor.documents.types import (
    Address,
    CashDiscount,
    Document,
    DocumentType,
    ExchangeRate,
    PaymentTerm,
    PostTaxItem,
    RequestedAllowanceCharge,
)
from contor.kernel.shapes import replace
from contor.openitems.deposits import close_deposit
from contor.openitems.rules import decide, moved, open_case, pay
from contor.openitems.types import Case, DecisionType

D = Decimal
RELEVANT = BillingGroup("external", True, deposit_receivable_relevant=True)


def both_charts(document: Document, *expected: str) -> None:
    """The document's entries in SKR03 are `expected`; in SKR04 the same on its own accounts."""
    assert written(post_document(document, accounts())) == list(expected)
    assert written(post_document(document, accounts(SKR04))) == [in_skr04(text) for text in expected]


def case_of(document: Document) -> Case:
    case = open_case(document)
    assert case is not None
    return case


def paid(case: Case, amount: str, ledger: str | None = None) -> tuple[Case, list[Entry]]:
    payment = Payment(ident="p-1", booked_on=TODAY, amount=D(amount), ledger_amount=D(ledger or amount))
    movement = pay(case, payment.amount, payment.ledger_amount)
    return moved(case, movement), post_payment(case, movement, payment, accounts())


def test_1_gross_price() -> None:
    document = issued(a_request(*[a_gross_row(f"i-{n}") for n in (1, 2, 3)]))
    both_charts(document, "INVOICE: D 10001 29.97, C 8400 25.18, C 1776 4.79")


def test_2_two_rates_and_a_discount() -> None:
    discount = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Jubilee discount", percentage=D(10))
    rows = (a_row("i-1", "10.03", "3", original="30.09"), a_row("i-2", "5.05", "3", rate="7", original="15.15"))
    document = issued(a_request(*rows, allowances_charges=(discount,)))
    both_charts(document, "INVOICE: D 10001 46.82, C 8400 27.08, C 1776 5.15, C 8300 13.64, C 1771 0.95")


# --- 3: deposits --------------------------------------------------------------------------------------------------------------


def a_deposit(ident: str, net: str, rate: str = "19", group: BillingGroup = RELEVANT) -> Document:
    request = a_request(a_row("i-1", net, rate=rate))
    return issued(request, DocumentType.DEPOSIT_INVOICE, facts(billing_group=group), ident)


def a_final(method: str) -> Document:
    """10,000 net; AR-1 of 3,570 is paid, AR-2 of 2,380 half."""
    first, second = a_deposit("AR-1", "3000.00"), a_deposit("AR-2", "2000.00")
    known = facts(
        related(first, received=receipts(first, [D(3570)])),
        related(second, received=receipts(second, [D(1190)])),
        billing_group=RELEVANT,
    )
    request = a_request(
        a_row("i-1", "10000.00"), related_document_idents=("AR-1", "AR-2"), properties=with_property("finalInvoiceMethod", method)
    )
    return issued(request, known=known)


def first_steps() -> list[Entry]:
    """Everything before the final invoice, each step asserted."""
    first, second = a_deposit("AR-1", "3000.00"), a_deposit("AR-2", "2000.00")
    both_charts(first, "DEPOSIT_INVOICE: D 10001 3570.00, C 1593 3570.00")
    both_charts(second, "DEPOSIT_INVOICE: D 10001 2380.00, C 1593 2380.00")
    _, whole = paid(case_of(first), "3570.00")
    assert written(whole) == [
        "PAYMENT: D 1200 3570.00, C 10001 3570.00",
        "DEPOSIT_RECEIVED: D 1593 3570.00, C 1718 3000.00, C 1776 570.00",
    ]
    case, half = paid(case_of(second), "1190.00")
    assert written(half) == [
        "PAYMENT: D 1200 1190.00, C 10001 1190.00",
        "DEPOSIT_RECEIVED: D 1593 1190.00, C 1718 1000.00, C 1776 190.00",
    ]
    parts = receipts(second, [D(1190)])
    request = closing_request(what_is_left(second, received=total_of(parts)), "r-close", "a-1", TODAY)
    assert request is not None
    known = facts(related(second, received=parts), billing_group=RELEVANT)
    correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, known, "AK-1")
    movement = close_deposit(case, correction.totals.gross)
    assert moved(case, movement).is_closed
    closing = post_document(correction, accounts(), correction=movement)
    assert written(closing) == ["DEPOSIT_CLOSED: D 1593 1190.00, C 10001 1190.00"]
    return [*post_document(first, accounts()), *post_document(second, accounts()), *whole, *half, *closing]


def test_3_remainder() -> None:
    before, final = first_steps(), a_final("REMAINDER")
    both_charts(final, "INVOICE: D 10001 7140.00, C 8400 10000.00, D 1718 4000.00, C 1776 1140.00")
    # 1593 and 1718 are even again, the tax is 570 + 190 + 1,140
    assert balances(*before, *post_document(final, accounts())) == {
        1200: "4760.00",
        1776: "-1900.00",
        8400: "-10000.00",
        10001: "7140.00",
    }
    assert case_of(final).balance == D(7140)


def test_3_final() -> None:
    before, final = first_steps(), a_final("FINAL")
    both_charts(
        final,
        "INVOICE: D 10001 11900.00, C 8400 10000.00, C 1776 1900.00",
        "DEPOSIT_APPLIED: D 1718 4000.00, D 1776 760.00, C 10001 4760.00",
    )
    assert balances(*before, *post_document(final, accounts())) == {
        1200: "4760.00",
        1776: "-1900.00",
        8400: "-10000.00",
        10001: "7140.00",
    }
    assert (case_of(final).balance, case_of(final).ledger_balance) == (D(7140), D(7140))


def test_3_reversal() -> None:
    deposit = a_deposit("AR-1", "3000.00")
    parts = receipts(deposit, [D(3570)])
    case, receipt = paid(case_of(deposit), "3570.00")
    known = facts(related(deposit, received=parts), billing_group=RELEVANT)
    correcting = a_request(a_row("i-1", "3000.00"), related_document_ident="AR-1")
    correction = issued(correcting, DocumentType.DEPOSIT_INVOICE_CORRECTION, known, "AK-1")
    movement = close_deposit(case, correction.totals.gross)
    assert moved(case, movement).balance == D(-3570)  # a credit that waits for the final invoice
    corrected = post_document(correction, accounts(), correction=movement)
    assert written(corrected) == ["DEPOSIT_APPLIED: D 1718 3000.00, D 1776 570.00, C 10001 3570.00"]
    request = a_request(
        a_row("i-1", "10000.00"), related_document_ident="AK-1", properties=with_property("finalInvoiceMethod", "REVERSAL")
    )
    final = issued(request, known=facts(related(correction, received=parts), billing_group=RELEVANT))
    both_charts(final, "INVOICE: D 10001 11900.00, C 8400 10000.00, C 1776 1900.00")
    everything = [*post_document(deposit, accounts()), *receipt, *corrected, *post_document(final, accounts())]
    assert balances(*everything) == {1200: "3570.00", 1776: "-1900.00", 8400: "-10000.00", 10001: "8330.00"}
    assert (case_of(final).balance, case_of(final).ledger_balance) == (D(8330), D(8330))


@pytest.mark.parametrize(
    ("group", "shape"),
    [
        (RELEVANT, "DEPOSIT_RECEIVED: D 1593 {gross}, C 1718 {net}, C 1776 {tax}"),
        (BillingGroup("external", True), "DEPOSIT_RECEIVED: D 1200 {gross}, C 1718 {net}, C 1776 {tax}"),
    ],
)
def test_3b_the_last_receipt_takes_the_rest(group: BillingGroup, shape: str) -> None:
    case = case_of(a_deposit("AR-1", "1000.00", group=group))
    assert case.is_memo is not group.deposit_receivable_relevant
    for gross, net, tax in (("400.00", "336.13", "63.87"), ("395.00", "331.93", "63.07"), ("395.00", "331.94", "63.06")):
        case, entries = paid(case, gross)
        assert written(entries)[-1] == shape.format(gross=gross, net=net, tax=tax)
    assert case.is_closed
    assert [(part.net, part.tax, part.gross) for part in case.settled] == [(D(1000), D(190), D(1190))]


def test_3c_deposit_at_another_rate() -> None:
    deposit = a_deposit("AR-1", "3000.00", "16")
    case, entries = paid(case_of(deposit), "3480.00")
    assert case.is_closed
    assert written(entries)[1] == "DEPOSIT_RECEIVED: D 1593 3480.00, C 1717 3000.00, C 1775 480.00"
    known = facts(related(deposit, received=receipts(deposit, [D(3480)])), billing_group=RELEVANT)
    document = issued(a_request(a_row("i-1", "10000.00"), related_document_ident="AR-1"), known=known)
    both_charts(document, "INVOICE: D 10001 8420.00, C 8400 10000.00, C 1776 1900.00, D 1717 3000.00, C 1775 -480.00")
    assert balances(*post_document(deposit, accounts()), *entries, *post_document(document, accounts())) == {
        1200: "3480.00",
        1776: "-1900.00",
        8400: "-10000.00",
        10001: "8420.00",
    }


# --- 4 and 5: credits, vouchers -----------------------------------------------------------------------------------------------


def test_4_three_partial_credits_leave_nothing() -> None:
    invoice = issued(a_request(*[a_gross_row(f"i-{n}") for n in (1, 2, 3)]))
    memos: list[Document] = []
    for n in (1, 2, 3):
        memos.append(a_credit(invoice, *memos, items=[a_gross_row(f"i-{n}")], ident=f"GS-{n}"))
    for memo, (net, tax) in zip(memos, [("8.39", "1.60"), ("8.39", "1.60"), ("8.40", "1.59")], strict=True):
        both_charts(memo, f"REVERSING_CREDIT: D 10001 -9.99, C 8400 -{net}, C 1776 -{tax}")
        assert case_of(memo).balance == D("-9.99")
    documents = [invoice, *memos]
    assert balances(*[entry for document in documents for entry in post_document(document, accounts())]) == {}


def test_5_voucher_redeemed() -> None:
    voucher = PostTaxItem(ident="p-1", name="Gift card", amount=D("-50.00"))
    document = issued(a_request(post_tax_items=(voucher,)))
    both_charts(
        document,
        "INVOICE: D 10001 119.00, C 8400 100.00, C 1776 19.00",
        "VOUCHER_REDEEMED: D 1796 50.00, C 10001 50.00",
    )
    assert case_of(document).balance == D(69)


def test_5b_vouchers_sold() -> None:
    sold = issued(a_request(replace(a_row("i-1", "50.00", rate="0", category="O"), category="VOUCHER")))
    both_charts(sold, "INVOICE: D 10001 50.00, C 1796 50.00")
    single = issued(a_request(a_gross_row("i-1", "50.00")))
    both_charts(single, "INVOICE: D 10001 50.00, C 8400 42.02, C 1776 7.98")


# --- 6, 10, 11, 12 ------------------------------------------------------------------------------------------------------------


def test_6_skonto_over_two_rates() -> None:
    term = PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=D(2)),))
    document = issued(a_request(a_row("i-1", "100.00"), a_row("i-2", "50.00", rate="7"), payment_term=term))
    case = case_of(document)
    assert granted_cash_discount(case, D("169.05"), TODAY + dt.timedelta(days=10)) == D("3.45")
    assert granted_cash_discount(case, D("169.05"), TODAY + dt.timedelta(days=11)) is None
    case, entries = paid(case, "169.05")
    assert written(entries) == ["PAYMENT: D 1200 169.05, C 10001 169.05"]
    for decision, net_19, net_7 in ((DecisionType.CASH_DISCOUNT, 8736, 8731), (DecisionType.DISCOUNT, 8720, 8710)):
        movement = decide(case, decision)
        assert moved(case, movement).is_closed
        assert written(post_decision(case, movement, TODAY, "d-1", accounts())) == [
            f"{decision}: D {net_19} 2.00, D 1776 0.38, D {net_7} 1.00, D 1771 0.07, C 10001 3.45"
        ]


def test_10_dollar_invoice() -> None:
    rate = ExchangeRate(rate=D("1.0850"), date=dt.date(2026, 10, 31))
    document = issued(a_request(a_row("i-1", "1000.00"), currency="USD", exchange_rate=rate))
    both_charts(document, "INVOICE: D 10001 1096.77, C 8400 921.65, C 1776 175.12")
    (entry,) = post_document(document, accounts())
    assert [(line.currency, line.foreign_amount, line.foreign_currency) for line in entry.lines] == [
        ("EUR", D(1190), "USD"),
        ("EUR", D(1000), "USD"),
        ("EUR", D(190), "USD"),
    ]
    case, entries = paid(case_of(document), "1190.00", "1081.82")
    assert written(entries) == ["PAYMENT: D 1200 1081.82, D 2151 14.95, C 10001 1096.77"]
    assert (case.balance, case.ledger_balance) == (D(0), D(0))


def test_10_paid_in_parts_the_account_is_even_in_both_currencies() -> None:
    rate = ExchangeRate(rate=D("1.0850"), date=dt.date(2026, 10, 31))
    case = case_of(issued(a_request(a_row("i-1", "1000.00"), currency="USD", exchange_rate=rate)))
    found = []
    for amount, ledger in (("400.00", "380.00"), ("790.00", "700.00")):
        case, entries = paid(case, amount, ledger)
        found += written(entries)
    assert found == [
        "PAYMENT: D 1200 380.00, C 10001 368.66, C 2661 11.34",
        "PAYMENT: D 1200 700.00, D 2151 28.11, C 10001 728.11",
    ]
    assert (case.balance, case.ledger_balance) == (D(0), D(0))


def a_self_billing(rate: str = "19", category: str = "S", **customer: object) -> Document:
    request = a_request(a_row("i-1", "250.00", rate=rate, category=category))
    return issued(request, DocumentType.SELF_BILLING_INVOICE, facts(customer=a_customer(**customer)), "SB-1")


def test_11_regular_partner_and_correction() -> None:
    document = a_self_billing()
    both_charts(document, "SELF_BILLING: D 4760 250.00, D 1576 47.50, C 70001 297.50")
    assert (case_of(document).balance, case_of(document).side) == (D("-297.50"), "CREDIT")
    correcting = a_request(a_row("i-1", "50.00"), related_document_ident="SB-1")
    correction = issued(correcting, DocumentType.SELF_BILLING_INVOICE_CORRECTION, facts(related(document)), "SBK-1")
    both_charts(correction, "SELF_BILLING_CORRECTION: D 4760 -50.00, D 1576 -9.50, C 70001 -59.50")
    assert case_of(correction).balance == D("59.50")


def test_11_small_business_partner() -> None:
    both_charts(a_self_billing("0", "E", small_business=True), "SELF_BILLING: D 4760 250.00, C 70001 250.00")


@pytest.mark.parametrize(
    ("country", "vat_id", "expense"), [("AT", "ATU62500000", 3125), ("CH", "CHE116281710MWST", 3125), ("DE", "DE811907980", 3120)]
)
def test_11_reverse_charge_partner(country: str, vat_id: str, expense: int) -> None:
    partner = {"address": Address(street="Ring", street_no="1", zip="1010", city="Wien", country=country), "vat_id": vat_id}
    document = a_self_billing("0", "AE", **partner)
    both_charts(document, f"SELF_BILLING: D {expense} 250.00, D 1577 47.50, C 1787 47.50, C 70001 250.00")
    in_2020 = replace(document, tax_date=dt.date(2020, 8, 31))
    both_charts(in_2020, f"SELF_BILLING: D {expense} 250.00, D 1577 40.00, C 1787 40.00, C 70001 250.00")


def test_12_rows_that_cancel_each_other() -> None:
    rows = (a_row("i-1", "100.00"), a_row("i-2", "100.00", debit_credit_indicator="CREDIT"))
    document = issued(a_request(*rows))
    both_charts(document, "INVOICE: C 8400 100.00, C 8400 -100.00")
    assert case_of(document).is_closed


def test_12_small_business_seller() -> None:
    document = issued(a_request(a_row(rate="0", category=None)), known=facts(site=a_seller(small_business=True)))
    both_charts(document, "INVOICE: D 10001 100.00, C 8195 100.00")
