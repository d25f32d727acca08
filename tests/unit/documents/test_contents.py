"""The gate before a number is drawn: each refusal by name and field, and all of them at once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_customer, a_seller
from tests.factories.requests import (
    TODAY,
    a_gross_row,
    a_request,
    a_row,
    a_tax,
    codes,
    facts,
    issued,
    related,
    with_property,
)

from contor.documents.amounts.deposits import receipts
from contor.documents.judge import BillingGroup, Facts, examine, request_findings
from contor.documents.types import (
    Address,
    CashDiscount,
    Contact,
    DocumentRequest,
    DocumentType,
    ExchangeRate,
    ExternalReference,
    ItemExtra,
    Location,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prepaid,
    Prices,
    RequestedAllowanceCharge,
    RequestedItem,
    Sides,
    TaxDetail,
    UnitSides,
)
from contor.kernel.shapes import replace

D = Decimal
INVOICE = DocumentType.INVOICE
TOMORROW = TODAY + dt.timedelta(days=1)


def found(request: DocumentRequest, known: Facts | None = None, document_type: DocumentType = INVOICE) -> list[tuple[str, Any]]:
    return [(problem.code, problem.field) for problem in request_findings(request, document_type, known or facts())]


def prices(unit: UnitSides | None = None, original: Sides | None = None, total: Sides | None = None) -> Prices:
    return Prices(
        unit=unit or UnitSides(net=D(100)), original_total=original or Sides(net=D(100)), total=total or Sides(net=D(100))
    )


def a_row_with(**overrides: Any) -> RequestedItem:
    return replace(a_row(), **overrides)


def taxed(rate: str = "19", category: str | None = "S", basis: str = "NET", **overrides: Any) -> TaxDetail:
    return TaxDetail(taxes=(a_tax(rate, category, **overrides),), calculation_basis=basis)  # type: ignore[arg-type]


def test_a_request_without_findings_has_its_amounts() -> None:
    problems, amounts = examine(a_request(), INVOICE, facts())
    assert problems == []
    assert amounts is not None
    assert amounts.totals.payable == D("119.00")


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (a_row_with(name=None), "item_name_missing", "items[0].name"),
        (a_row_with(prices=prices(unit=UnitSides(gross=D(119)))), "agreed_price_missing", "items[0].prices.unit.net"),
        (a_row_with(prices=prices(original=Sides(gross=D(119)))), "agreed_price_missing", "items[0].prices.originalTotal.net"),
        (a_row_with(prices=prices(total=Sides(gross=D(119)))), "agreed_price_missing", "items[0].prices.total.net"),
        (a_row_with(prices=prices(total=Sides(net=D("100.001")))), "too_many_decimals", "items[0].prices.total.net"),
        (
            a_row_with(prices=prices(total=Sides(net=D(100), gross=D("119.001")))),
            "too_many_decimals",
            "items[0].prices.total.gross",
        ),
        (a_row_with(prices=prices(unit=UnitSides(net=D("100.02")))), "original_total_differs", "items[0].prices.originalTotal.net"),
        (a_row_with(quantity=D(2)), "original_total_differs", "items[0].prices.originalTotal.net"),
        (a_row_with(price_base_quantity=D(10)), "original_total_differs", "items[0].prices.originalTotal.net"),
        (a_row_with(prices=prices(total=Sides(net=D("99.98")))), "total_differs", "items[0].prices.total.net"),
        (a_row(extras=(("Voucher", "-10.00"),)), "total_differs", "items[0].prices.total.net"),
        (
            a_row_with(prices=prices(total=Sides(net=D(100), gross=D("119.02")))),
            "gross_differs",
            "items[0].prices.total.gross",
        ),
        (
            a_row_with(prices=prices(unit=UnitSides(net=D(100), gross=D("119.02")))),
            "gross_differs",
            "items[0].prices.unit.gross",
        ),
        (a_row("i-1", "-100.00"), "unit_price_negative", "items[0].prices.unit.net"),
        (a_row_with(tax_detail=taxed("0", "S")), "rate_missing", "items[0].taxDetail.taxes[0].rate"),
        (a_row_with(tax_detail=taxed("19", "AE")), "rate_not_zero", "items[0].taxDetail.taxes[0].rate"),
        (
            a_row_with(tax_detail=taxed("19", "E", exemption_reason_text="frei")),
            "rate_not_zero",
            "items[0].taxDetail.taxes[0].rate",
        ),
        (
            a_row_with(tax_detail=taxed("0", "E")),
            "exemption_reason_missing",
            "items[0].taxDetail.taxes[0].exemptionReasonText",
        ),
        (
            a_row_with(tax_detail=taxed("19", "S", exemption_reason_code="VATEX-EU-132")),
            "exemption_reason_not_expected",
            "items[0].taxDetail.taxes[0].exemptionReasonCode",
        ),
        (
            a_row_with(tax_detail=taxed("19", "S", exemption_reason_text="frei")),
            "exemption_reason_not_expected",
            "items[0].taxDetail.taxes[0].exemptionReasonText",
        ),
        (
            a_row_with(performance_location=Location(country="XX")),
            "country_unknown",
            "items[0].performanceLocation.country",
        ),
        (a_row_with(tax_location=Location(country="QQQ")), "country_unknown", "items[0].taxLocation.country"),
        (
            a_row_with(service_period=Period(start=TODAY, end=TODAY - dt.timedelta(days=1))),
            "period_ends_before_it_starts",
            "items[0].servicePeriod.end",
        ),
        (
            a_row_with(billing_period=Period(start=TODAY, end=TODAY - dt.timedelta(days=1))),
            "period_ends_before_it_starts",
            "items[0].billingPeriod.end",
        ),
    ],
)
def test_a_row_that_cannot_be(row: RequestedItem, code: str, field: str) -> None:
    assert (code, field) in found(a_request(row))


@pytest.mark.parametrize(
    "row",
    [
        a_row_with(prices=prices(unit=UnitSides(net=D("100.01")))),
        a_row_with(prices=prices(total=Sides(net=D("100.01")))),
        a_row_with(prices=prices(total=Sides(net=D(100), gross=D("119.01")))),
        a_row_with(prices=prices(unit=UnitSides(net=D("10")), original=Sides(net=D(100))), price_base_quantity=D("0.1")),
        a_row(extras=(("Voucher", "-10.00"), ("Express", "5.00")), total="95.00"),
        a_row_with(name=None, description="Hosting im Oktober"),
        a_row("i-1", "0", "0"),
    ],
)
def test_a_row_within_a_cent_is_fine(row: RequestedItem) -> None:
    assert codes(a_request(row)) == []


def test_gross_rows_are_judged_on_their_own_side() -> None:
    row = a_row_with(
        tax_detail=taxed(basis="GROSS"),
        prices=prices(unit=UnitSides(gross=D(119)), original=Sides(gross=D(119)), total=Sides(gross=D(119), net=D("100.02"))),
    )
    assert found(a_request(row)) == [("net_differs", "items[0].prices.total.net")]


def test_yen_have_no_decimals() -> None:
    rate = ExchangeRate(rate=D("163.5"), date=TODAY)
    request = a_request(a_row("i-1", "100.50", original="100.50"), currency="JPY", exchange_rate=rate)
    assert found(request) == [
        ("too_many_decimals", "items[0].prices.originalTotal.net"),
        ("too_many_decimals", "items[0].prices.total.net"),
    ]


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ((a_row("i-1"), a_row("i-1")), "item_ident_repeated", "items[1].ident"),
        ((a_row("i-1"), a_gross_row("i-2")), "calculation_basis_mixed", "items[1].taxDetail.calculationBasis"),
        (
            (a_row("i-1"), replace(a_row("i-2"), tax_location=Location(country="AT"))),
            "tax_location_differs",
            "items[1].taxLocation",
        ),
        (
            (a_row("i-1"), replace(a_row("i-2"), performance_location=Location(country="DE", region="Helgoland"))),
            "tax_location_differs",
            "items[1].performanceLocation",
        ),
        ((a_row("i-1"), a_row("i-2", rate="0", category="O")), "category_o_is_exclusive", "items"),
    ],
)
def test_rows_that_cannot_stand_together(rows: tuple[RequestedItem, ...], code: str, field: str) -> None:
    assert found(a_request(*rows)) == [(code, field)]


def test_net_and_gross_may_stand_together_at_different_rates() -> None:
    assert codes(a_request(a_row("i-1"), a_gross_row("i-2", rate="7"))) == []


def test_a_country_may_be_given_in_three_letters() -> None:
    other = replace(a_row("i-2"), performance_location=Location(country="DEU"))
    assert codes(a_request(a_row("i-1"), other)) == []


@pytest.mark.parametrize(
    ("overrides", "known", "code", "field"),
    [
        ({"document_date": TOMORROW}, {}, "document_date_in_future", "documentDate"),
        ({}, {"closed_through": TODAY}, "document_date_closed", "documentDate"),
        ({"ident": "R-7"}, {}, "ident_not_expected", "ident"),
        ({}, {"number_rule": "EXTERNAL"}, "ident_missing", "ident"),
        ({"ident": "R-7"}, {"number_rule": "EXTERNAL", "ident_taken": True}, "ident_taken", "ident"),
        ({}, {"number_rule": None}, "number_strategy_missing", "ident"),
        ({}, {"billing_group": None}, "billing_group_unknown", "billingGroupIdent"),
        ({}, {"billing_group": BillingGroup("external", False)}, "billing_group_not_external", "billingGroupIdent"),
        ({}, {"site": None}, "operating_site_missing", "operatingSiteIdent"),
        (
            {},
            {"customer": None, "unknown": {"customerDetail.customerIdent": "c-1"}},
            "customer_unknown",
            "customerDetail.customerIdent",
        ),
        (
            {},
            {"customer": None, "unknown": {"customerDetail.invoiceAddressIdent": "a-1"}},
            "invoice_address_unknown",
            "customerDetail.invoiceAddressIdent",
        ),
        (
            {"operating_site_ident": "s"},
            {"site": None, "unknown": {"operatingSiteIdent": "s"}},
            "operating_site_unknown",
            "operatingSiteIdent",
        ),
        ({"currency": "USD"}, {}, "exchange_rate_missing", "exchangeRate"),
        ({"exchange_rate": ExchangeRate(rate=D(1), date=TODAY)}, {}, "exchange_rate_not_expected", "exchangeRate.rate"),
        (
            {"payment_term": PaymentTerm(period_in_days=14, cash_discount=(CashDiscount(days=15, percentage=D(2)),))},
            {},
            "cash_discount_after_due",
            "paymentTerm.cashDiscount[0].days",
        ),
        (
            {
                "payment_term": PaymentTerm(
                    cash_discount=(CashDiscount(days=7, percentage=D(3)), CashDiscount(days=7, percentage=D(2)))
                )
            },
            {},
            "cash_discount_repeated",
            "paymentTerm.cashDiscount[1].days",
        ),
        ({"prepaid": (Prepaid(reference="t", date=TOMORROW, amount=D(1)),)}, {}, "prepaid_in_future", "prepaid[0].date"),
        ({"prepaid": (Prepaid(reference="t", date=TODAY, amount=D("0.001")),)}, {}, "too_many_decimals", "prepaid[0].amount"),
        ({"rounding": D("0.005")}, {}, "too_many_decimals", "rounding"),
        (
            {"post_tax_items": (PostTaxItem(ident="p", name="n", amount=D(5)),)},
            {},
            "post_tax_item_positive",
            "postTaxItems[0].amount",
        ),
        ({"post_tax_items": (PostTaxItem(ident="p", name="n", amount=D("-119.01")),)}, {}, "payable_negative", "postTaxItems"),
        ({"rounding": D("400.00")}, {}, "rounding_too_large", "rounding"),
        ({"rounding": D("-1.00")}, {}, "rounding_too_large", "rounding"),
        ({"rounding": D("-119.50")}, {"imported": True}, "payable_negative", "rounding"),
        (
            {"properties": with_property("finalInvoiceMethod", "ALL")},
            {},
            "final_invoice_method_unknown",
            "properties.finalInvoiceMethod",
        ),
    ],
)
def test_a_header_that_cannot_be(overrides: dict[str, Any], known: dict[str, Any], code: str, field: str) -> None:
    assert found(a_request(**overrides), facts(**known)) == [(code, field)]


def test_the_sum_that_is_paid_is_rounded_to_a_coin() -> None:
    for currency, rounding in (("EUR", "0.99"), ("EUR", "-0.02"), ("HUF", "-2.00"), ("JPY", "-5")):
        assert "rounding_too_large" not in {code for code, _ in found(a_request(currency=currency, rounding=D(rounding)))}
    for known in (facts(imported=True), facts(repeats=True)):
        assert found(a_request(rounding=D("400.00")), known) == []


@pytest.mark.parametrize(
    ("entry", "code", "field"),
    [
        ({}, "allowance_not_determined", "allowancesCharges[0].amount"),
        ({"percentage": D(10), "amount": D(10)}, "allowance_not_determined", "allowancesCharges[0].amount"),
        ({"amount": D("0.001")}, "too_many_decimals", "allowancesCharges[0].amount"),
        ({"percentage": D(101)}, "allowance_above_whole", "allowancesCharges[0].percentage"),
    ],
)
def test_an_allowance_that_cannot_be(entry: dict[str, Any], code: str, field: str) -> None:
    allowance = RequestedAllowanceCharge(**{"ident": "d-1", "type": "ALLOWANCE", "name": "Rabatt"} | entry)
    assert found(a_request(allowances_charges=(allowance,))) == [(code, field)]


def test_an_allowance_ident_stands_once() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", amount=D(1))
    assert codes(a_request(allowances_charges=(allowance, allowance))) == ["allowance_ident_repeated"]


def test_an_amount_over_net_and_gross_rows_is_on_no_side() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", amount=D(10))
    rows = (a_row("i-1"), a_gross_row("i-2", rate="7"))
    assert codes(a_request(*rows, allowances_charges=(allowance,))) == ["allowance_side_unclear"]
    named = replace(allowance, tax=a_tax("7"))
    assert codes(a_request(*rows, allowances_charges=(named,))) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("customerDetail.invoiceAddressIdent", "is no INVOICE address of the customer"),
        ("customerDetail.shippingAddressIdent", "is no address of the customer"),
        ("customerDetail.customerIdent", "does not exist"),
    ],
)
def test_an_address_of_another_type_is_not_said_to_be_absent(path: str, words: str) -> None:
    problems = request_findings(a_request(), INVOICE, facts(unknown={path: "a-1"}))
    assert [(found.message, found.rejected_value) for found in problems if found.field == path] == [(words, "a-1")]


def test_only_vouchers_have_a_refundability() -> None:
    """What is said of another row means nothing, and is not kept."""
    rows = (a_row("i-1"), replace(a_row("i-2"), category="VOUCHER"))
    document = issued(a_request(*[replace(row, refundability="REFUNDABLE") for row in rows]))
    assert [item.refundability for item in document.items] == [None, "REFUNDABLE"]


def test_a_document_below_zero_is_a_credit() -> None:
    assert codes(a_request(a_row(debit_credit_indicator="CREDIT"))) == ["document_total_negative"]


def test_an_allowance_above_the_row_is_negative() -> None:
    row = a_row(extras=(("Rabatt", "-100.02"),), total="-0.02")
    assert codes(a_request(row)) == ["total_negative"]


@pytest.mark.parametrize("limit", ["9999999999999.99"])
def test_a_total_has_thirteen_integral_digits(limit: str) -> None:
    assert codes(a_request(a_row("i-1", limit, rate="0", category="Z"))) == []
    assert codes(a_request(a_row("i-1", limit))) == ["amount_too_large"]
    two = (a_row("i-1", limit, rate="0", category="Z"), a_row("i-2", "0.01", rate="0", category="Z"))
    assert codes(a_request(*two)) == ["amount_too_large"]


# --- parties -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("site", "customer", "code", "field"),
    [
        ({"name": ""}, {}, "name_missing", "operatingSite.name"),
        ({"address": Address(zip="20457")}, {}, "address_incomplete", "operatingSite.address.city"),
        ({"address": Address(city="Hamburg")}, {}, "address_incomplete", "operatingSite.address.zip"),
        ({"vat_id": None, "tax_number": None}, {}, "seller_tax_id_missing", "operatingSite.vatId"),
        ({}, {"name": ""}, "name_missing", "customer.name"),
        ({}, {"address": Address(zip="80337")}, "address_incomplete", "customer.address.city"),
    ],
)
def test_mandatory_contents_of_the_parties(site: dict[str, Any], customer: dict[str, Any], code: str, field: str) -> None:
    known = facts(site=a_seller(**site), customer=a_customer(**customer))
    assert found(a_request(a_row("i-1", "1000.00")), known) == [(code, field)]


def test_a_small_amount_need_not_name_the_buyer() -> None:
    known = facts(customer=a_customer(address=Address()))
    assert codes(a_request(a_gross_row("i-1", "250.00")), known=known) == []
    assert codes(a_request(a_gross_row("i-1", "250.01")), known=known) == ["address_incomplete", "address_incomplete"]
    assert "address_incomplete" not in codes(a_request(a_gross_row("i-1", "250.00")), DocumentType.CREDIT_MEMO, known=known)
    assert "address_incomplete" in codes(a_request(a_gross_row("i-1", "250.01")), DocumentType.CREDIT_MEMO, known=known)


VIENNA = Address(street="Weg", zip="1010", city="Wien", country="AT")
ZURICH = Address(street="Weg", zip="8001", city="Zürich", country="CH")


@pytest.mark.parametrize(
    ("category", "site", "customer", "expected"),
    [
        ("AE", {}, {"vat_id": None}, ["buyer_vat_id_missing"]),
        ("AE", {}, {"vat_id": None, "tax_number": "1/2/3"}, []),
        ("K", {}, {"vat_id": None, "tax_number": "1/2/3", "address": VIENNA}, ["buyer_vat_id_missing"]),
        ("K", {"vat_id": None}, {"vat_id": "ATU12345675", "address": VIENNA}, ["seller_vat_id_missing"]),
        ("G", {"vat_id": None}, {"address": ZURICH}, ["seller_vat_id_missing"]),
        ("G", {}, {"vat_id": None, "address": ZURICH}, []),
        ("E", {"vat_id": None}, {"vat_id": None}, []),
    ],
)
def test_who_needs_a_vat_id(category: str, site: dict[str, Any], customer: dict[str, Any], expected: list[str]) -> None:
    row = a_row("i-1", "1000.00", rate="0", category=category)
    row = replace(row, tax_detail=taxed("0", category, exemption_reason_text="frei"))
    known = facts(site=a_seller(**site), customer=a_customer(**customer))
    assert codes(a_request(row), known=known) == expected


def test_nobody_supplies_to_himself() -> None:
    own = a_seller().vat_id
    assert own and found(a_request(a_row("i-1", "1000.00")), facts(customer=a_customer(vat_id=own))) == [
        ("parties_are_one", "customer.vatId")
    ]


def test_what_xrechnung_wants_is_named() -> None:
    known = facts(
        site=a_seller(contact=Contact(), electronic_address=None),
        customer=a_customer(address=Address(street="Weg", city="München"), electronic_address=None),
    )
    request = a_request(properties=with_property("buyerReference", "04011000-12345-34"))
    assert found(request, known) == [
        ("missing_for_xrechnung", "operatingSite.contact.name"),
        ("missing_for_xrechnung", "operatingSite.contact.phone"),
        ("missing_for_xrechnung", "operatingSite.contact.email"),
        ("missing_for_xrechnung", "operatingSite.electronicAddress"),
        ("missing_for_xrechnung", "customer.address.zip"),
        ("missing_for_xrechnung", "customer.electronicAddress"),
    ]
    assert found(a_request(), known) == []
    assert found(a_request(), replace(known, buyer_reference="04011000-12345-34")) == found(request, known)


def test_several_taxes_are_no_xrechnung() -> None:
    detail = TaxDetail(taxes=(a_tax("6.25", name="State"), a_tax("1", name="City")))
    row = a_row_with(tax_detail=detail, performance_location=Location(country="US"))
    assert codes(a_request(row)) == []
    assert codes(a_request(row, properties=with_property("buyerReference", "04011000-12345-34"))) == ["several_taxes_in_xrechnung"]
    assert codes(a_request(row), DocumentType.DEPOSIT_INVOICE) == ["several_taxes_on_deposit"]


def test_a_small_business_shows_no_tax() -> None:
    assert codes(a_request(), known=facts(site=a_seller(small_business=True))) == ["small_business_shows_tax"]


# --- related documents -------------------------------------------------------------------------------------------------------

MEMO = DocumentType.CREDIT_MEMO


@pytest.mark.parametrize(
    "document_type",
    [MEMO, DocumentType.DEPOSIT_INVOICE_CORRECTION, DocumentType.SELF_BILLING_INVOICE_CORRECTION],
)
def test_a_credit_names_what_it_credits(document_type: DocumentType) -> None:
    assert found(a_request(), document_type=document_type) == [("related_document_missing", "relatedDocumentIdent")]


def test_a_related_document_exists_and_fits() -> None:
    invoice = issued(a_request())
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    assert found(a_request(related_document_ident="X"), document_type=MEMO) == [
        ("related_document_unknown", "relatedDocumentIdent")
    ]
    assert codes(a_request(related_document_ident="AR-1"), MEMO, facts(related(deposit))) == ["related_document_type_wrong"]
    assert codes(a_request(related_document_ident="RE-1"), known=facts(related(invoice))) == ["related_document_type_wrong"]
    wrong = a_request(related_document_ident="AR-1")
    assert codes(wrong, DocumentType.SELF_BILLING_INVOICE, facts(related(deposit))) == ["related_document_type_wrong"]
    other = replace(invoice, customer_ident="c-2", currency="CHF")
    assert codes(a_request(related_document_ident="RE-1"), MEMO, facts(related(other))) == [
        "currency_differs_from_related",
        "customer_differs_from_related",
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("i-1", "RE-1", None), ("x", "RE-2", "i-1")], []),
        ([("i-2", None, None), ("x", "RE-2", "i-1")], []),
        ([("i-1", None, None)], ["related_item_ambiguous"]),
        ([("i-1", "RE-1", None)], ["related_document_without_row"]),
        (
            [("i-1", "RE-1", None), ("x", "RE-3", "i-1")],
            ["related_document_not_named", "related_document_without_row", "related_item_unknown"],
        ),
        ([("i-1", "RE-1", None), ("x", "RE-2", "i-2")], ["related_document_without_row", "related_item_unknown"]),
    ],
)
def test_a_credit_of_several_invoices_says_whose_rows_it_credits(rows: list[tuple[str, str, str]], found: list[str]) -> None:
    one, two = issued(a_request(a_row(), a_row("i-2"))), issued(a_request(), ident="RE-2")
    items = [a_row(ident, related_document_ident=document, reference_ident=row) for ident, document, row in rows]
    request = a_request(*items, related_document_idents=("RE-1", "RE-2"))
    assert codes(request, MEMO, facts(related(one), related(two))) == found


def test_a_credit_of_several_invoices_has_no_allowance_and_one_rate() -> None:
    dollars = [{"currency": "USD", "exchange_rate": ExchangeRate(rate=Decimal(rate), date=TODAY)} for rate in ("1.0850", "1.1")]
    one, two = issued(a_request(**dollars[0])), issued(a_request(a_row("i-2"), **dollars[1]), ident="RE-2")
    less = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", amount=Decimal(1))
    request = a_request(a_row(), a_row("i-2"), related_document_idents=("RE-1", "RE-2"), currency="USD", allowances_charges=(less,))
    found = ["allowances_of_several_documents", "related_documents_booked_differently"]
    assert codes(request, MEMO, facts(related(one), related(two))) == found


@pytest.mark.parametrize("document_type", [DocumentType.INVOICE, DocumentType.DEPOSIT_INVOICE])
def test_a_row_that_credits_nothing_names_no_document(document_type: DocumentType) -> None:
    assert codes(a_request(a_row(related_document_ident="RE-1")), document_type) == ["related_document_not_named"]


def test_a_correction_names_one_deposit_invoice() -> None:
    one, two = (issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident=ident) for ident in ("AR-1", "AR-2"))
    request = a_request(related_document_idents=("AR-1", "AR-2"))
    known = facts(related(one), related(two))
    assert "related_document_not_single" in codes(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, known)


def test_a_credit_of_another_systems_document_has_no_limit() -> None:
    request = a_request(a_row("x", "5000.00"), external_references=(ExternalReference(ident="OLD-1"),))
    memo = issued(request, MEMO, ident="GS-1")
    assert [(it.ident, it.document_type) for it in memo.related] == [("OLD-1", None)]


def test_credits_take_rows_of_the_original() -> None:
    invoice = issued(a_request(a_row("i-1"), a_row("i-2", "50.00", rate="7")))
    known = facts(related(invoice))
    request = a_request(a_row("c-1", reference_ident="i-9"), a_row("c-2"), related_document_ident="RE-1")
    assert found(request, known, MEMO) == [
        ("related_item_unknown", "items[0].referenceIdent"),
        ("related_item_unknown", "items[1].ident"),
    ]
    too_much = a_request(a_row("i-1", "100.01"), a_row("i-2", "50.00", rate="7"), related_document_ident="RE-1")
    assert found(too_much, known, MEMO) == [("credit_exceeds_rest", "items[0].prices.total.net")]
    twice = a_request(
        a_row("c-1", "60.00", reference_ident="i-1"), a_row("c-2", "60.00", reference_ident="i-1"), related_document_ident="RE-1"
    )
    assert found(twice, known, MEMO) == [("credit_exceeds_rest", "items[1].prices.total.net")]
    gross = a_request(a_gross_row("i-1", "10.00"), related_document_ident="RE-1")
    assert "calculation_basis_differs_from_original" in codes(gross, MEMO, known)


@pytest.mark.parametrize(
    ("rate", "category", "field"),
    [("16", "S", None), ("16.00", None, None), ("19", "S", "[0].rate"), ("0", "Z", "[0].rate"), ("16", "L", "[0].categoryCode")],
)
def test_a_credit_that_says_another_tax_is_refused(rate: str, category: str | None, field: str | None) -> None:
    known = facts(related(issued(a_request(a_row("i-1", rate="16")))))
    request = a_request(a_row("i-1", "50.00", rate=rate, category=category), related_document_ident="RE-1")
    found = [(one.code, one.field) for one in request_findings(request, MEMO, known)]
    assert found == ([] if field is None else [("tax_differs_from_original", f"items[0].taxDetail.taxes{field}")])
    two = a_row_with(tax_detail=TaxDetail(taxes=(a_tax("16"), a_tax("1"))))
    assert codes(a_request(two, related_document_ident="RE-1"), MEMO, known) == ["tax_differs_from_original"]


def test_a_credit_of_our_own_billing_copies_the_tax_of_its_row() -> None:
    """It is determined for today, and the original's counts."""
    invoice = issued(a_request(a_row("i-1", rate="16")))
    known = facts(related(invoice), own=True)
    memo = issued(a_request(a_row("i-1", "50.00", rate="19"), related_document_ident="RE-1"), MEMO, known, "GS-1")
    assert (memo.taxes[0].rate, memo.taxes[0].amount) == (D(16), D("8.00"))
    assert memo.items[0].reference_ident == "i-1"


def test_a_group_with_an_allowance_has_less_than_its_rows() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", percentage=D(10))
    invoice = issued(a_request(a_row("i-1"), allowances_charges=(allowance,)))
    known = facts(related(invoice))
    assert found(a_request(a_row("i-1"), related_document_ident="RE-1"), known, MEMO) == [("credit_exceeds_rest", "items")]
    whole = a_request(a_row("i-1"), allowances_charges=(allowance,), related_document_ident="RE-1")
    assert issued(whole, MEMO, known, "GS-1").totals == invoice.totals


def test_what_would_be_printed_as_boxes_is_named() -> None:
    known = facts(unprintable={"customer.name": "ไทย"})
    assert found(a_request(), known) == [("text_not_printable", "customer.name")]
    credited = facts(related(issued(a_request())), unprintable={"customer.name": "ไทย"})
    assert codes(a_request(related_document_ident="RE-1"), MEMO, credited) == []  # what was issued can be taken back


def test_what_reduces_a_row_is_no_limit_of_its_credit() -> None:
    invoice = issued(a_request(a_row("i-1", "10.00"), a_row("i-2", "4.00", debit_credit_indicator="CREDIT")))
    memo = a_request(a_row("i-1", "10.00"), related_document_ident="RE-1")
    assert codes(memo, MEMO, facts(related(invoice))) == []
    credited = issued(memo, MEMO, facts(related(invoice)), "GS-1")
    assert found(memo, facts(related(invoice, credited)), MEMO) == [("credit_exceeds_rest", "items[0].prices.total.net")]


def test_more_was_received_elsewhere_than_is_owed() -> None:
    """Only what another system issued so says it: the surplus is a credit of the customer; vouchers and rounding give none."""
    before = (Prepaid(reference="t", date=TODAY, amount=D("200.00")),)
    imported = facts(imported=True)
    assert issued(a_request(prepaid=before), known=imported).totals.payable == D("-81.00")
    voucher = (PostTaxItem(ident="p", name="n", amount=D("-120.00")),)
    assert found(a_request(prepaid=before, post_tax_items=voucher), imported) == [("payable_negative", "postTaxItems")]
    assert found(a_request(prepaid=before), imported, DocumentType.DEPOSIT_INVOICE) == [("payable_negative", "prepaid")]
    (problem,) = request_findings(a_request(prepaid=before), DocumentType.INVOICE, facts())
    assert (problem.code, problem.field, problem.rejected_value) == ("payable_negative", "prepaid", D("200.00"))
    assert "119.00" in problem.message
    whole = (Prepaid(reference="t", date=TODAY, amount=D("119.00")),)
    assert codes(a_request(prepaid=whole)) == []


def test_a_final_invoice_takes_a_deposit_once() -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, [D(119)])
    request = a_request(a_row("i-1", "500.00"), related_document_ident="AR-1")
    assert codes(request, known=facts(related(deposit, received=parts))) == []
    taken = facts(related(deposit, received=parts, deducted_by="RE-0"))
    assert codes(request, known=taken) == ["deposit_already_deducted"]
    correcting = a_request(related_document_ident="AR-1")
    correction = issued(correcting, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(related(deposit, received=parts)), "AK-1")
    assert codes(request, known=facts(related(deposit, correction, received=parts))) == ["deposit_corrected"]
    reversal = replace(request, properties=with_property("finalInvoiceMethod", "REVERSAL"))
    assert codes(reversal, known=facts(related(deposit, received=parts))) == ["deposit_not_reversed"]
    assert codes(reversal, known=facts(related(deposit, correction, received=parts))) == []


def test_every_finding_at_once() -> None:
    rows = (
        a_row_with(name=None, prices=prices(total=Sides(net=D("100.001")))),
        a_row_with(tax_detail=taxed("7", "AE"), extras=(ItemExtra(ident="x", name="x", total=Sides(gross=D(1))),)),
    )
    known = facts(number_rule=None, site=a_seller(vat_id=None, tax_number=None))
    assert found(a_request(*rows, document_date=TOMORROW, currency="USD"), known) == [
        ("number_strategy_missing", "ident"),
        ("document_date_in_future", "documentDate"),
        ("exchange_rate_missing", "exchangeRate"),
        ("item_name_missing", "items[0].name"),
        ("too_many_decimals", "items[0].prices.total.net"),
        ("item_ident_repeated", "items[1].ident"),
        ("rate_not_zero", "items[1].taxDetail.taxes[0].rate"),
        ("agreed_price_missing", "items[1].extras[0].total.net"),
        ("seller_tax_id_missing", "operatingSite.vatId"),
    ]
