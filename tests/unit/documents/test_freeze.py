"""Freezing: dates, units, references and places of the document, and figures that survive unchanged."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_customer
from tests.factories.requests import (
    NOW,
    TODAY,
    a_gross_row,
    a_request,
    a_row,
    a_tax,
    amounts_of,
    facts,
    issued,
    related,
    with_property,
)

from contor.documents.amounts import amount_errors
from contor.documents.types import (
    Address,
    DocumentType,
    Location,
    PaymentTerm,
    Period,
    Prices,
    Property,
    RequestedAllowanceCharge,
    RequestedItem,
    Sides,
    TaxDetail,
    UnitSides,
    with_number,
)
from contor.kernel.shapes import replace

D = Decimal
OCTOBER = Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31))
BIG = D("123456789012345.1234")


def with_row(**overrides: Any) -> RequestedItem:
    return replace(a_row(), **overrides)


@pytest.mark.parametrize(
    ("rows", "expected", "on_document_date"),
    [
        ((with_row(),), TODAY, True),
        ((with_row(service_period=OCTOBER),), dt.date(2026, 10, 31), False),
        ((with_row(delivery_date=dt.date(2026, 9, 3)),), dt.date(2026, 9, 3), False),
        ((with_row(service_period=OCTOBER, delivery_date=dt.date(2026, 12, 5)),), dt.date(2026, 10, 31), False),
        (
            (with_row(service_period=OCTOBER), with_row(ident="i-2", delivery_date=dt.date(2026, 11, 2))),
            dt.date(2026, 11, 2),
            False,
        ),
        ((with_row(service_period=OCTOBER), with_row(ident="i-2")), TODAY, False),
        ((with_row(service_period=Period(start=TODAY, end=dt.date(2027, 11, 19))),), dt.date(2027, 11, 19), False),
    ],
)
def test_the_tax_date_is_the_last_day_of_the_supply(rows: Any, expected: dt.date, on_document_date: bool) -> None:
    document = issued(a_request(*rows))
    assert (document.tax_date, document.supply_on_document_date) == (expected, on_document_date)


def test_a_credit_counts_when_it_happens() -> None:
    invoice = issued(a_request(with_row(service_period=OCTOBER)))
    request = a_request(with_row(service_period=OCTOBER), related_document_ident="RE-1")
    memo = issued(request, DocumentType.CREDIT_MEMO, facts(related(invoice)), "GS-1")
    assert (memo.tax_date, memo.items[0].service_period) == (TODAY, OCTOBER)


@pytest.mark.parametrize(
    ("quantity_type", "unit_code", "expected"),
    [
        ("PC", None, "H87"),
        ("KWH", None, "KWH"),
        ("SECOND", None, "SEC"),
        ("MINUTE", None, "MIN"),
        ("HOUR", None, "HUR"),
        ("DAY", None, "DAY"),
        ("WEEK", None, "WEE"),
        ("MONTH", None, "MON"),
        ("YEAR", None, "ANN"),
        ("PC", "XBX", "XBX"),
    ],
)
def test_unit_codes(quantity_type: str, unit_code: str | None, expected: str) -> None:
    document = issued(a_request(with_row(quantity_type=quantity_type, unit_code=unit_code)))
    assert document.items[0].unit_code == expected


def test_what_the_header_takes_from_the_request() -> None:
    properties = (
        Property(key="buyerReference", value="04011000"),
        Property(key="purchaseOrderReference", value="PO-1"),
        Property(key="contractReference", value="V-1"),
        Property(key="note", value="Danke"),
    )
    row = with_row(properties=with_property("costCentre", "4711"), item_group="Server", article_number="H-1")
    request = a_request(row, properties=properties, payment_term=PaymentTerm(period_in_days=30), order_date=dt.date(2026, 11, 1))
    document = issued(request, known=facts(shipping_address=Address(city="Kiel")))
    assert (document.buyer_reference, document.purchase_order_reference) == ("04011000", "PO-1")
    assert (document.contract_reference, document.note) == ("V-1", "Danke")
    assert document.items[0].cost_centre == "4711"
    assert (document.due_date, document.created_at) == (dt.date(2026, 12, 20), NOW)
    assert document.shipping_address == Address(city="Kiel")
    assert document.items[0].tax_location == Location(country="DE", city="Hamburg", postal_code="20095")
    assert (document.request_id, document.environment, document.billing_group_ident) == ("r-1", "LIVE", "external")


def test_the_customers_buyer_reference_is_the_default() -> None:
    assert issued(a_request(), known=facts(buyer_reference="04011000")).buyer_reference == "04011000"


def test_a_document_without_a_date_is_of_today() -> None:
    document = issued(a_request(document_date=None))
    assert (document.document_date, document.due_date) == (TODAY, dt.date(2026, 12, 4))


def test_the_number_is_all_that_changes() -> None:
    document = issued(a_request())
    numbered = with_number(document, "RE-2026-000002")
    assert numbered.ident == "RE-2026-000002"
    assert replace(numbered, ident=document.ident) == document


@pytest.mark.parametrize(
    ("category", "code", "german", "english"),
    [
        ("AE", "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
        ("K", "VATEX-EU-IC", "Steuerfreie innergemeinschaftliche Lieferung", "Intra-Community supply"),
        ("G", "VATEX-EU-G", "Steuerfreie Ausfuhrlieferung", "Export outside the EU"),
        ("O", "VATEX-EU-O", "Nicht steuerbar", "Not subject to VAT"),
    ],
)
def test_exemptions_have_their_text(category: str, code: str, german: str, english: str) -> None:
    ends = {"K": "AT", "G": "CH"}.get(category, "DE")
    row = a_row(rate="0", category=category, performance_location=Location(country=ends))
    known = facts(customer=a_customer(vat_id="ATU12345675" if category == "K" else "DE129273398"))
    for language, text in (("de", german), ("en", english)):
        group = issued(a_request(row, language=language), known=known).taxes[0]
        assert (group.exemption_reason_code, group.exemption_reason_text) == (code, text)


@pytest.mark.parametrize(
    ("code", "text", "category"),
    [(None, None, "Z"), ("VATEX-EU-AE", None, "AE"), ("VATEX-EU-IC", None, "K"), ("VATEX-EU-132", None, "E"), (None, "frei", "E")],
)
def test_a_rate_of_zero_without_category(code: str | None, text: str | None, category: str) -> None:
    detail = TaxDetail(taxes=(a_tax("0", None, exemption_reason_code=code, exemption_reason_text=text),))
    place = Location(country="AT" if category == "K" else "DE")
    known = facts(customer=a_customer(vat_id="ATU12345675" if category == "K" else "DE129273398"))
    request = a_request(with_row(tax_detail=detail, performance_location=place, category="PHYSICAL_PRODUCT"))
    assert issued(request, known=known).taxes[0].category_code == category


def test_two_reasons_of_one_category_stand_in_one_group() -> None:
    def exempt(ident: str, code: str, text: str) -> RequestedItem:
        tax = a_tax("0", "E", exemption_reason_code=code, exemption_reason_text=text)
        return replace(a_row(ident), tax_detail=TaxDetail(taxes=(tax,)))

    rows = (exempt("i-1", "VATEX-EU-132-1B", "Heilbehandlung"), exempt("i-2", "VATEX-EU-132-1I", "Unterricht"))
    (group,) = issued(a_request(*rows)).taxes
    assert (group.base, group.exemption_reason_code) == (D("200.00"), None)
    assert group.exemption_reason_text == "Heilbehandlung / Unterricht"


def test_the_country_of_taxation_is_said_where_it_is_abroad() -> None:
    row = a_gross_row("i-1", "9.99", "20", performance_location=Location(country="FRA"))
    assert issued(a_request(row)).taxes[0].country == "FR"
    assert issued(a_request()).taxes[0].country is None


# --- figures -----------------------------------------------------------------------------------------------------------------


def test_a_big_quantity_survives() -> None:
    row = a_row("i-1", "0.01", original="1234567890123.45", quantity=str(BIG))
    document = issued(a_request(row))
    assert str(document.items[0].quantity) == "123456789012345.1234"
    assert (document.totals.net, document.totals.gross) == (D("1234567890123.45"), D("1469135789246.91"))
    assert amount_errors(document) == []


def test_a_big_unit_price_survives() -> None:
    document = issued(a_request(a_row("i-1", str(BIG), "0.01", original="1234567890123.45")))
    assert str(document.items[0].unit.net) == "123456789012345.1234"
    assert document.items[0].unit.gross == D("146913578924690.696846")
    gross = issued(a_request(a_row("i-1", str(BIG), "0.01", original="1234567890123.45", basis="GROSS")))
    assert str(gross.items[0].unit.gross) == "123456789012345.1234"
    assert gross.totals.gross == D("1234567890123.45")


@pytest.mark.parametrize("basis", ["NET", "GROSS"])
def test_a_big_rate_survives(basis: str) -> None:
    document = issued(a_request(a_row("i-1", "1.00", rate=str(BIG), basis=basis)))
    assert str(document.items[0].taxes[0].rate) == "123456789012345.1234"
    assert str(document.taxes[0].rate) == "123456789012345.1234"
    assert document.totals.tax == (D("1234567890123.45") if basis == "NET" else D("1.00"))
    assert amount_errors(document) == []


@pytest.mark.parametrize(
    ("basis", "unit", "net", "gross"),
    [
        ("NET", "10.0000", "10.0000", "11.90"),
        ("GROSS", "119", "100", "119"),
        ("GROSS", "9.99", "8.3949579832", "9.99"),
        ("NET", "0.0123456789", "0.0123456789", "0.0146913579"),
    ],
)
def test_both_sides_of_the_unit_price(basis: str, unit: str, net: str, gross: str) -> None:
    total = str(D(unit).quantize(D("0.01")))
    item = issued(a_request(a_row("i-1", unit, original=total, basis=basis))).items[0]
    assert (item.unit.net, item.unit.gross) == (D(net), D(gross))
    assert "E" not in f"{item.unit.net} {item.unit.gross}"


def test_the_price_of_a_hundred() -> None:
    row = a_row("i-1", "12.50", "250", original="31.25", price_base_quantity=D(100))
    document = issued(a_request(row))
    assert (document.items[0].price_base_quantity, document.totals.net) == (D(100), D("31.25"))


def test_extras_of_a_row_add_up_on_both_sides() -> None:
    extras = (("10 % voucher", "-3.00"), ("Express", "1.55"))
    net = issued(a_request(a_row("i-1", "10", "3", original="30.00", total="28.55", extras=extras))).items[0]
    assert [(extra.total.net, extra.total.tax, extra.total.gross) for extra in net.extras] == [
        (D("-3.00"), D("-0.57"), D("-3.57")),
        (D("1.55"), D("0.29"), D("1.84")),
    ]
    assert (net.original_total.net, net.original_total.gross, net.total.gross) == (D("30.00"), D("35.70"), D("33.97"))
    gross = issued(a_request(a_row("i-1", "10", "3", original="30.00", total="28.55", extras=extras, basis="GROSS"))).items[0]
    assert gross.total.net == D("23.99")
    assert gross.original_total.net + sum(extra.total.net for extra in gross.extras) == gross.total.net
    assert gross.original_total.gross == D("30.00")


def test_a_credit_row_reduces_the_document() -> None:
    rows = (a_row("i-1"), a_row("i-2", "10.00", "2", original="20.00", debit_credit_indicator="CREDIT"))
    document = issued(a_request(*rows))
    row = document.items[1]
    assert (row.is_credit, row.quantity, row.unit.net, row.total.net, row.total.gross) == (
        True,
        D(2),
        D("10.00"),
        D("-20.00"),
        D("-23.80"),
    )
    assert amounts_of(document) == [("S 19", "80.00", "15.20", "95.20")]
    assert amount_errors(document) == []


def test_gross_rows_that_cancel_each_other_keep_their_net() -> None:
    rows = (a_gross_row("i-1", "100.00"), a_gross_row("i-2", "100.00", debit_credit_indicator="CREDIT"))
    document = issued(a_request(*rows))
    assert [item.total.net for item in document.items] == [D("84.03"), D("-84.03")]
    assert amount_errors(document) == []


def test_a_charge_of_a_tax_group_without_rows() -> None:
    charge = RequestedAllowanceCharge(ident="d-1", type="CHARGE", name="Fracht", amount=D("10.00"), tax=a_tax("7"))
    document = issued(a_request(allowances_charges=(charge,)))
    assert amounts_of(document) == [("S 19", "100.00", "19.00", "119.00"), ("S 7", "10.00", "0.70", "10.70")]
    assert (document.totals.lines, document.totals.charges, document.totals.net) == (D("100.00"), D("10.00"), D("110.00"))
    assert amount_errors(document) == []


def test_a_percentage_of_one_tax_group_is_one_of_its_rows() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", percentage=D(10), tax=a_tax("7"))
    document = issued(a_request(a_row("i-1"), a_row("i-2", "50.00", rate="7"), allowances_charges=(allowance,)))
    assert amounts_of(document) == [("S 19", "100.00", "19.00", "119.00"), ("S 7", "45.00", "3.15", "48.15")]


def test_a_gross_allowance_keeps_the_agreed_gross() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", amount=D("5.00"))
    document = issued(a_request(a_gross_row("i-1", "29.99"), allowances_charges=(allowance,)))
    assert amounts_of(document) == [("S 19", "21.00", "3.99", "24.99")]
    assert (document.totals.lines, document.totals.allowances) == (D("25.20"), D("4.20"))
    assert amount_errors(document) == []


def test_several_taxes_of_a_row_each_have_their_group() -> None:
    detail = TaxDetail(taxes=(a_tax("6.25", name="State"), a_tax("1", name="City"), a_tax("1", name="Transit")))
    document = issued(a_request(with_row(tax_detail=detail, performance_location=Location(country="US"))))
    assert [(group.name, group.base, group.amount) for group in document.taxes] == [
        ("State", D("100.00"), D("6.25")),
        ("City", D("100.00"), D("1.00")),
        ("Transit", D("100.00"), D("1.00")),
    ]
    assert (document.totals.net, document.totals.tax, document.totals.gross) == (D("100.00"), D("8.25"), D("108.25"))
    assert document.items[0].total.gross == D("108.25")
    assert amount_errors(document) == []


def test_several_taxes_in_one_gross() -> None:
    detail = TaxDetail(taxes=(a_tax("5", name="GST"), a_tax("9.975", name="QST")), calculation_basis="GROSS")
    prices = Prices(unit=UnitSides(gross=D(100)), original_total=Sides(gross=D(100)), total=Sides(gross=D(100)))
    row = with_row(tax_detail=detail, prices=prices, performance_location=Location(country="CA"))
    document = issued(a_request(row))
    assert (document.totals.net, document.totals.tax, document.totals.gross) == (D("86.98"), D("13.02"), D("100.00"))
    assert [group.amount for group in document.taxes] == [D("4.35"), D("8.67")]
    request = a_request(row, related_document_ident="RE-1")
    memo = issued(request, DocumentType.CREDIT_MEMO, facts(related(document)), "GS-1")
    assert memo.totals == document.totals
