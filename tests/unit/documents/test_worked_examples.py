"""The worked examples of the accounting reference, from the request to the frozen document, on exact numbers."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.factories.documents import a_customer, a_seller
from tests.factories.requests import (
    TODAY,
    a_credit,
    a_gross_row,
    a_request,
    a_row,
    amounts_of,
    codes,
    facts,
    issued,
    related,
    with_property,
)

from contor.documents.amounts import amount_errors, closing_request, total_of, what_is_left
from contor.documents.amounts.deposits import receipt, receipts
from contor.documents.judge import BillingGroup
from contor.documents.render.sums import notes
from contor.documents.render.voice import voice
from contor.documents.types import (
    CashDiscount,
    Document,
    DocumentType,
    ExchangeRate,
    PaymentTerm,
    PostTaxItem,
    RequestedAllowanceCharge,
)
from contor.kernel.shapes import replace

D = Decimal


def three_times_nine_ninety_nine() -> Document:
    return issued(a_request(*[a_gross_row(f"i-{n}") for n in (1, 2, 3)]))


def test_1_gross_price_that_no_net_can_reach() -> None:
    document = three_times_nine_ninety_nine()
    assert amounts_of(document) == [("S 19", "25.18", "4.79", "29.97")]
    assert [str(item.total.net) for item in document.items] == ["8.40", "8.39", "8.39"]
    totals = document.totals
    assert (totals.net, totals.tax, totals.gross, totals.rounding, totals.payable) == (
        D("25.18"),
        D("4.79"),
        D("29.97"),
        D(0),
        D("29.97"),
    )
    assert amount_errors(document) == []


def test_2_two_rates_with_a_discount_on_the_whole_document() -> None:
    discount = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Jubilee discount", percentage=D(10))
    rows = (
        a_row("i-1", "10.03", "3", original="30.09"),
        a_row("i-2", "5.05", "3", rate="7", original="15.15"),
    )
    document = issued(a_request(*rows, allowances_charges=(discount,)))
    assert amounts_of(document) == [("S 19", "27.08", "5.15", "32.23"), ("S 7", "13.64", "0.95", "14.59")]
    assert [(part.category_code, part.rate, part.net) for part in document.allowances_charges] == [
        ("S", D(19), D("3.01")),
        ("S", D(7), D("1.51")),
    ]
    totals = document.totals
    assert (totals.lines, totals.allowances, totals.net, totals.tax, totals.gross) == (
        D("45.24"),
        D("4.52"),
        D("40.72"),
        D("6.10"),
        D("46.82"),
    )
    assert amount_errors(document) == []


def a_deposit(ident: str, net: str, rate: str = "19") -> Document:
    return issued(a_request(a_row("i-1", net, rate=rate)), DocumentType.DEPOSIT_INVOICE, ident=ident)


def two_deposits() -> tuple[Document, Document]:
    return a_deposit("AR-1", "3000.00"), a_deposit("AR-2", "2000.00")


def test_3_deposits_are_taxed_as_received() -> None:
    first, second = two_deposits()
    assert (first.totals.gross, second.totals.gross) == (D("3570.00"), D("2380.00"))
    (whole,) = receipts(first, [D(3570)])[0]
    (half,) = receipts(second, [D(1190)])[0]
    assert (whole.net, whole.tax, whole.gross) == (D("3000.00"), D("570.00"), D("3570.00"))
    assert (half.net, half.tax, half.gross) == (D("1000.00"), D("190.00"), D("1190.00"))


def test_3_the_unpaid_rest_is_closed_by_a_correction() -> None:
    _, deposit = two_deposits()
    parts = receipts(deposit, [D(1190)])
    left = what_is_left(deposit, received=total_of(parts))
    request = closing_request(left, "r-close", "a-1", TODAY)
    assert request is not None
    known = facts(related(deposit, received=parts))
    correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, known, "AK-1")
    assert amounts_of(correction) == [("S 19", "1000.00", "190.00", "1190.00")]
    assert correction.related[0].ident == "AR-2"
    assert amount_errors(correction) == []
    assert closing_request(what_is_left(deposit, [correction], total_of(parts)), "r", "a-1", TODAY) is None


def test_3_remainder_invoice() -> None:
    first, second = two_deposits()
    known = facts(
        related(first, received=receipts(first, [D(3570)])),
        related(second, received=receipts(second, [D(1190)])),
    )
    request = a_request(a_row("i-1", "10000.00"), related_document_idents=("AR-1", "AR-2"))
    document = issued(request, known=known)
    assert [(item.total.net, item.is_credit, item.deposit_ident) for item in document.items] == [
        (D("10000.00"), False, None),
        (D("-3000.00"), True, "AR-1"),
        (D("-1000.00"), True, "AR-2"),
    ]
    assert [item.unit.net for item in document.items[1:]] == [D("3000.00"), D("1000.00")]
    assert amounts_of(document) == [("S 19", "6000.00", "1140.00", "7140.00")]
    assert (document.totals.prepaid, document.totals.payable) == (D(0), D("7140.00"))
    assert document.final_invoice_method == "REMAINDER"
    assert [(it.ident, it.document_type) for it in document.related] == [
        ("AR-1", DocumentType.DEPOSIT_INVOICE),
        ("AR-2", DocumentType.DEPOSIT_INVOICE),
    ]
    assert document.items[1].name == "Abzüglich Anzahlung, Rechnung AR-1 vom 20.11.2026"
    english = issued(replace(request, language="en"), known=known)
    assert english.items[1].name == "Less deposit, invoice AR-1 of 20 Nov 2026", "as the paper writes its other dates"
    assert amount_errors(document) == []


def test_3_final_invoice_lists_net_and_tax_of_each_deposit() -> None:
    first, second = two_deposits()
    known = facts(
        related(first, received=receipts(first, [D(3570)])),
        related(second, received=receipts(second, [D(1190)])),
        billing_group=BillingGroup("external", True, final_invoice_method="FINAL"),
    )
    document = issued(a_request(a_row("i-1", "10000.00"), related_document_idents=("AR-1", "AR-2")), known=known)
    totals = document.totals
    assert (totals.net, totals.tax, totals.gross, totals.prepaid, totals.payable) == (
        D("10000.00"),
        D("1900.00"),
        D("11900.00"),
        D("4760.00"),
        D("7140.00"),
    )
    assert [(it.ident, it.groups[0].net, it.groups[0].tax) for it in document.deposits] == [
        ("AR-1", D("3000.00"), D("570.00")),
        ("AR-2", D("1000.00"), D("190.00")),
    ]
    assert len(document.items) == 1
    assert amount_errors(document) == []


def test_3_reversal_moves_the_payment_and_deducts_no_tax() -> None:
    deposit = a_deposit("AR-1", "3000.00")
    parts = receipts(deposit, [D(3570)])
    correcting = a_request(a_row("i-1", "3000.00"), related_document_ident="AR-1")
    correction = issued(correcting, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(related(deposit, received=parts)), "AK-1")
    known = facts(related(correction, received=parts))
    request = a_request(
        a_row("i-1", "10000.00"), related_document_ident="AK-1", properties=with_property("finalInvoiceMethod", "REVERSAL")
    )
    document = issued(request, known=known)
    totals = document.totals
    assert (totals.tax, totals.gross, totals.prepaid, totals.payable) == (
        D("1900.00"),
        D("11900.00"),
        D("3570.00"),
        D("8330.00"),
    )
    assert document.deposits == ()
    assert [(paid.reference, paid.amount) for paid in document.prepaid] == [("AK-1", D("3570.00"))]
    assert amount_errors(document) == []


def test_3b_the_last_receipt_takes_the_rest_of_the_tax() -> None:
    deposit = a_deposit("AR-1", "1000.00")
    parts = receipts(deposit, [D(400), D(395), D(395)])
    assert [part[0].tax for part in parts] == [D("63.87"), D("63.07"), D("63.06")]
    (total,) = total_of(parts)
    assert (total.net, total.tax, total.gross) == (D("1000.00"), D("190.00"), D("1190.00"))
    assert receipt(deposit.taxes, total_of(parts), D(100), "EUR") == ()


def test_3c_a_deposit_at_another_rate_keeps_its_group() -> None:
    deposit = a_deposit("AR-1", "3000.00", "16")
    known = facts(related(deposit, received=receipts(deposit, [D(3480)])))
    document = issued(a_request(a_row("i-1", "10000.00"), related_document_ident="AR-1"), known=known)
    assert amounts_of(document) == [("S 19", "10000.00", "1900.00", "11900.00"), ("S 16", "-3000.00", "-480.00", "-3480.00")]
    assert (document.totals.tax, document.totals.payable) == (D("1420.00"), D("8420.00"))
    assert amount_errors(document) == []


def test_4_three_partial_credits_equal_the_whole() -> None:
    invoice = three_times_nine_ninety_nine()
    memos: list[Document] = []
    for n in (1, 2, 3):
        memos.append(a_credit(invoice, *memos, items=[a_gross_row(f"i-{n}")], ident=f"GS-{n}"))
    assert [amounts_of(memo)[0][1:] for memo in memos] == [
        ("8.39", "1.60", "9.99"),
        ("8.39", "1.60", "9.99"),
        ("8.40", "1.59", "9.99"),
    ]
    assert [memo.items[0].total.net for memo in memos] == [D("8.39"), D("8.39"), D("8.40")]
    assert [amount_errors(memo) for memo in memos] == [[], [], []]
    fourth = a_request(a_gross_row("i-1"), related_document_ident="RE-1")
    assert codes(fourth, DocumentType.CREDIT_MEMO, facts(related(invoice, *memos))) == ["credit_exceeds_rest"]


def test_5_a_multi_purpose_voucher_pays() -> None:
    voucher = PostTaxItem(ident="p-1", name="Gift card", amount=D("-50.00"))
    document = issued(a_request(post_tax_items=(voucher,)))
    totals = document.totals
    assert (totals.net, totals.tax, totals.gross, totals.prepaid, totals.payable) == (
        D("100.00"),
        D("19.00"),
        D("119.00"),
        D("50.00"),
        D("69.00"),
    )
    assert amount_errors(document) == []


def test_5b_a_voucher_sold_needs_its_own_document() -> None:
    voucher = a_row("i-2", "50.00", rate="0", category="O")
    assert codes(a_request(a_row(), voucher)) == ["category_o_is_exclusive"]
    document = issued(a_request(voucher))
    assert amounts_of(document) == [("O 0", "50.00", "0.00", "50.00")]
    assert (document.seller.vat_id, document.customer.vat_id) == (None, None)
    assert document.taxes[0].exemption_reason_code == "VATEX-EU-O"


def test_5b_a_single_purpose_voucher_is_taxed_at_sale() -> None:
    document = issued(a_request(a_gross_row("i-1", "50.00", category="S")))
    assert amounts_of(document) == [("S 19", "42.02", "7.98", "50.00")]


def test_6_two_rates_with_skonto() -> None:
    term = PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=D(2)),))
    document = issued(a_request(a_row("i-1", "100.00"), a_row("i-2", "50.00", rate="7"), payment_term=term))
    assert amounts_of(document) == [("S 19", "100.00", "19.00", "119.00"), ("S 7", "50.00", "3.50", "53.50")]
    assert (document.totals.payable, document.due_date) == (D("172.50"), dt.date(2026, 12, 20))
    assert document.payment_term == term


def test_10_a_dollar_invoice_has_its_tax_in_euro() -> None:
    rate = ExchangeRate(rate=D("1.0850"), date=dt.date(2026, 10, 31))
    document = issued(a_request(a_row("i-1", "1000.00"), currency="USD", exchange_rate=rate))
    assert amounts_of(document) == [("S 19", "1000.00", "190.00", "1190.00")]
    assert document.ledger is not None
    assert (document.ledger.currency, document.ledger.tax, document.ledger.gross) == ("EUR", D("175.12"), D("1096.77"))
    assert amount_errors(document) == []


def test_11_self_billing_has_the_partner_as_seller() -> None:
    document = issued(a_request(a_row("i-1", "250.00")), DocumentType.SELF_BILLING_INVOICE, ident="SB-1")
    assert document.is_self_billing and (document.seller.ident, document.customer.ident) == ("site-1", "c-1")
    assert (document.customer_ident, document.operating_site_ident) == ("c-1", "site-1")
    assert amounts_of(document) == [("S 19", "250.00", "47.50", "297.50")]
    correcting = a_request(a_row("i-1", "50.00"), related_document_ident="SB-1")
    correction = issued(correcting, DocumentType.SELF_BILLING_INVOICE_CORRECTION, facts(related(document)), "SBK-1")
    assert amounts_of(correction) == [("S 19", "50.00", "9.50", "59.50")]


def test_11_a_small_business_partner_shows_no_tax() -> None:
    known = facts(customer=a_customer(small_business=True))
    taxed = a_request(a_row("i-1", "250.00"))
    assert codes(taxed, DocumentType.SELF_BILLING_INVOICE, known) == ["small_business_shows_tax"]
    document = issued(a_request(a_row("i-1", "250.00", rate="0", category="E")), DocumentType.SELF_BILLING_INVOICE, known)
    assert amounts_of(document) == [("E 0", "250.00", "0.00", "250.00")]
    assert document.taxes[0].exemption_reason_text == "Steuerbefreiung für Kleinunternehmer nach § 19 UStG"


def test_11_a_partner_abroad_is_reverse_charge() -> None:
    document = issued(a_request(a_row("i-1", "250.00", rate="0", category="AE")), DocumentType.SELF_BILLING_INVOICE)
    assert amounts_of(document) == [("AE 0", "250.00", "0.00", "250.00")]
    assert document.taxes[0].exemption_reason_code == "VATEX-EU-AE"


def test_12_rows_that_cancel_each_other() -> None:
    rows = (a_row("i-1", "100.00"), a_row("i-2", "100.00", debit_credit_indicator="CREDIT"))
    document = issued(a_request(*rows))
    assert amounts_of(document) == [("S 19", "0.00", "0.00", "0.00")]
    assert [item.total.net for item in document.items] == [D("100.00"), D("-100.00")]
    assert document.totals.payable == 0
    assert amount_errors(document) == []


def test_12_a_small_business_seller() -> None:
    known = facts(site=a_seller(small_business=True))
    document = issued(a_request(a_row("i-1", "100.00", rate="0", category=None)), known=known)
    group = document.taxes[0]
    assert (group.category_code, group.exemption_reason_code) == ("E", None)
    assert group.exemption_reason_text == "Steuerbefreiung für Kleinunternehmer nach § 19 UStG"
    for language in ("de", "en"):
        request = a_request(a_row("i-1", "100.00", rate="0", category=None), language=language)
        document = issued(request, known=known)
        assert [line for line in notes(document, voice(language)) if "19 UStG" in line] == [document.taxes[0].exemption_reason_text]


@pytest.mark.parametrize(("rate", "net", "tax"), [("20", "8.32", "1.67"), ("25.5", "7.96", "2.03")])
def test_12_one_stop_shop_in_gross(rate: str, net: str, tax: str) -> None:
    document = issued(a_request(a_gross_row("i-1", "9.99", rate)))
    assert amounts_of(document) == [(f"S {rate}", net, tax, "9.99")]


def test_12_a_wrong_tax_is_found_though_the_official_rules_pass_it() -> None:
    document = issued(a_request())
    group, totals = document.taxes[0], document.totals
    wrong = replace(
        document,
        taxes=(replace(group, amount=D("19.99"), gross=D("119.99")),),
        totals=replace(totals, tax=D("19.99"), gross=D("119.99"), payable=D("119.99")),
    )
    assert amount_errors(wrong) == ["group S 19 %: tax is 19.99, expected 19.00"]
