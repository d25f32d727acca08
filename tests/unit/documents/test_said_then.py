"""What a document says of its own time: kind of taxation, days of supply, what it takes back, dates and rates of what it refers to."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_customer, a_document, a_seller, an_item
from tests.factories.requests import (
    NOW,
    TODAY,
    a_credit,
    a_request,
    a_row,
    a_tax,
    amounts_of,
    codes,
    facts,
    issued,
    related,
)
from tests.factories.sales import in_country

from contor.documents.amounts.deposits import receipts
from contor.documents.exemptions import complete
from contor.documents.issue import freeze
from contor.documents.judge import BillingGroup, as_frozen, examine, whole_credit
from contor.documents.treatment import Treatment, group_shares, tax_parts
from contor.documents.types import (
    Address,
    CashDiscount,
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentRequest,
    DocumentType,
    ExchangeRate,
    PaymentTerm,
    Period,
    Property,
    RequestedAllowanceCharge,
)
from contor.kernel.shapes import replace

D = Decimal
CREDIT = DocumentType.CREDIT_MEMO
OCTOBER = Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31))
EARLIER, LATER = TODAY - dt.timedelta(days=5), TODAY - dt.timedelta(days=1)


# --- the kind of taxation (section 20 UStG) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "said"), [(True, False, True), (False, True, False), (None, True, True), (None, False, False)]
)
def test_a_credit_is_taxed_as_its_original_was(then: bool | None, now: bool, said: bool) -> None:
    """`None`: the original was frozen before this was said, the site of today says it."""
    invoice = replace(issued(a_request()), cash_taxation=then)
    known = facts(related(invoice), cash_taxation=now)
    memo = issued(a_request(a_row(), related_document_ident="RE-1"), CREDIT, known, "GS-1")
    assert memo.cash_taxation is said


def test_an_invoice_is_taxed_as_its_site_is() -> None:
    for cash in (True, False):
        assert issued(a_request(), known=facts(cash_taxation=cash)).cash_taxation is cash


def test_a_repetition_has_the_taxation_and_the_tax_date_of_its_original() -> None:
    """Who corrects a form (section 31 (5) UStDV) changes no supply: both papers belong to the period of the old one."""
    row = a_row("i-1", service_period=OCTOBER)
    old = replace(issued(a_request(row), known=facts(cash_taxation=True)), document_date=OCTOBER.end, invoice_address_ident="a-1")
    assert old.tax_date == OCTOBER.end
    today = as_frozen(facts(related(old), cash_taxation=False), old, old.customer)
    request = whole_credit(old, "r-credit", TODAY)
    problems, computed = examine(request, CREDIT, today)
    assert problems == [] and computed is not None
    memo = freeze(request, CREDIT, today, computed, NOW)
    assert (memo.tax_date, memo.document_date, memo.cash_taxation) == (OCTOBER.end, TODAY, True)
    plain = a_credit(old, items=[row], ident="GS-1")
    assert plain.tax_date == TODAY  # a reduction counts when it happens (section 17 (1) sentence 8 UStG)


# --- days of supply ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document_type", [DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION])
def test_of_a_deposit_nothing_is_supplied_yet(document_type: DocumentType) -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    known, request = facts(), a_request()
    if document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION:
        known, request = facts(related(deposit)), a_request(a_row(), related_document_ident="AR-1")
    document = issued(request, document_type, known, "AK-1")
    assert document.is_deposit and not document.supply_on_document_date
    assert document.items[0].delivery_date is None
    assert issued(a_request()).supply_on_document_date


@pytest.mark.parametrize(
    ("supplied", "given", "said"),
    [
        ({"service_period": OCTOBER}, {}, (OCTOBER, None)),
        ({"delivery_date": EARLIER}, {}, (None, EARLIER)),
        ({}, {}, (None, TODAY)),
        ({"service_period": OCTOBER}, {"delivery_date": EARLIER}, (None, EARLIER)),
        ({"delivery_date": EARLIER}, {"service_period": OCTOBER}, (OCTOBER, None)),
    ],
)
def test_a_credited_row_says_when_it_was_supplied(
    supplied: dict[str, Any], given: dict[str, Any], said: tuple[Period | None, dt.date | None]
) -> None:
    invoice = issued(a_request(a_row("i-1", **supplied)))
    memo = a_credit(invoice, items=[a_row("i-1", **given)], ident="GS-1")
    (item,) = memo.items
    assert (item.service_period, item.delivery_date) == said
    assert not memo.supply_on_document_date


def test_a_text_that_is_too_long_for_a_name_stands_whole_below_it() -> None:
    text = "Hosting " * 40
    (item,) = issued(a_request(a_row("i-1", name=None, description=text))).items
    assert (item.name, item.description) == (text[:255], text)
    (short,) = issued(a_request(a_row("i-1", name=None, description="Hosting"))).items
    assert (short.name, short.description) == ("Hosting", None)


def test_a_credited_row_keeps_whom_it_concerned() -> None:
    said = (Property(key="costCentre", value="K1"), Property(key="buyerAccountingReference", value="47"))
    invoice = issued(a_request(a_row("i-1", properties=said)))
    memo = a_credit(invoice, items=[a_row("i-1")], ident="GS-1")
    assert (memo.items[0].cost_centre, memo.items[0].buyer_accounting_reference) == ("K1", "47")
    other = a_credit(invoice, items=[a_row("i-1", properties=(Property(key="costCentre", value="K2"),))], ident="GS-1")
    assert (other.items[0].cost_centre, other.items[0].buyer_accounting_reference) == ("K2", "47")


def test_a_row_names_the_one_that_it_takes_back() -> None:
    invoice = issued(a_request(a_row("i-1", "100.00"), a_row("i-2", "100.00", delivery_date=EARLIER)))
    memo = a_credit(invoice, items=[a_row("i-1", "40.00", reference_ident="i-2"), a_row("i-2", "10.00")], ident="GS-1")
    assert [item.reference_ident for item in memo.items] == ["i-2", "i-2"]
    assert [item.delivery_date for item in memo.items] == [EARLIER, EARLIER]


# --- what is referred to -------------------------------------------------------------------------------------------------------------


def credit_codes(invoice: Document, known: Any = None, **overrides: Any) -> list[str]:
    request = a_request(a_row(), related_document_ident=invoice.ident, **overrides)
    return codes(request, CREDIT, known or facts(related(invoice)))


@pytest.mark.parametrize(("day", "found"), [(EARLIER, ["document_date_before_related"]), (LATER, []), (TODAY, [])])
def test_nothing_is_credited_before_it_was_issued(day: dt.date, found: list[str]) -> None:
    invoice = issued(a_request(document_date=LATER))
    assert credit_codes(invoice, document_date=day) == found


def test_our_own_billing_is_dated_by_its_groups() -> None:
    """By the period that was supplied, for instance, which may end before the deposits are billed."""
    deposit = issued(a_request(document_date=LATER), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    request = a_request(a_row(), related_document_ident="AR-1", document_date=EARLIER)
    for own, found in ((True, []), (False, ["document_date_before_related"])):
        known = facts(related(deposit, received=receipts(deposit, [D(119)])), own=own)
        assert codes(request, DocumentType.INVOICE, known) == found


@pytest.mark.parametrize(("rate", "found"), [("1.10", []), ("1.20", ["exchange_rate_differs_from_related"])])
def test_what_was_booked_at_a_rate_goes_back_at_it(rate: str, found: list[str]) -> None:
    exchange = ExchangeRate(rate=D("1.10"), date=TODAY)
    invoice = issued(a_request(currency="USD", exchange_rate=exchange))
    assert credit_codes(invoice, currency="USD", exchange_rate=replace(exchange, rate=D(rate))) == found


@pytest.mark.parametrize(
    ("deduction", "found"),
    [
        ({}, []),
        ({"deducted_by": "RE-9"}, ["deposit_already_deducted"]),
    ],
)
def test_what_an_invoice_deducted_is_not_corrected(deduction: dict[str, Any], found: list[str]) -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    known = facts(related(deposit, **deduction))
    request = a_request(a_row(), related_document_ident="AR-1")
    assert codes(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, known) == found


# --- deducted deposits ------------------------------------------------------------------------------------------------------------


def a_final(**overrides: Any) -> Document:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    known = facts(related(deposit, received=receipts(deposit, [D(119)])), **overrides)
    return issued(a_request(a_row("i-1", "500.00"), a_row("deposit-3", "1.00"), related_document_ident="AR-1"), known=known)


def test_the_row_of_a_deposit_stands_behind_the_others_under_a_name_of_its_own() -> None:
    assert [(item.position, item.ident) for item in a_final().items] == [(1, "i-1"), (2, "deposit-3"), (3, "deposit-3~")]


def test_a_group_that_holds_only_a_deposit_has_no_rows() -> None:
    deposit = issued(a_request(a_row("i-1", "100.00", rate="16")), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    known = facts(related(deposit, received=receipts(deposit, [D(116)])))
    final = issued(a_request(a_row("i-1", "500.00"), related_document_ident="AR-1"), known=known)
    first, second = group_shares(final)
    assert (first.deposits, second.deposits, second.nets) == (D(0), D(-100), {})


def test_parts_of_a_group_with_deposits_are_its_base() -> None:
    """Goods and services of one rate abroad, less a deposit: the parts add up to the base and tax of the group."""
    items = (an_item("200.00", "20", 1, category="PHYSICAL_PRODUCT"), an_item("100.00", "20", 2))
    part = DepositGroup(category_code="S", rate=D(20), net=D(30), tax=D(6), gross=D(36))
    deduction = DepositDeduction(ident="AR-1", document_date=TODAY, received_on=TODAY, groups=(part,))
    row = an_item("-30.00", "20", 3, deposit_ident="AR-1", category="DEPOSIT")
    document = in_country(a_document(items=(*items, row), deposits=(deduction,), final_invoice_method="REMAINDER"), "FR")
    parts = tax_parts(document)
    assert [(entry.treatment, entry.net, entry.tax) for entry in parts] == [
        (Treatment.OSS_GOODS, D("180.00"), D("36.00")),
        (Treatment.OSS_SERVICE, D("90.00"), D("18.00")),
    ]
    assert sum(entry.net for entry in parts) == document.taxes[0].base


# --- the gate at its edges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overrides", "known"),
    [
        ({}, {"closed_through": LATER}),
        ({"payment_term": PaymentTerm(period_in_days=14, cash_discount=(CashDiscount(days=14, percentage=D(2)),))}, {}),
        ({"ident": "R-7"}, {"number_rule": "EXTERNAL"}),
    ],
)
def test_what_is_just_within_bounds(overrides: dict[str, Any], known: dict[str, Any]) -> None:
    assert codes(a_request(**overrides), known=facts(**known)) == []


def test_the_callers_number_is_frozen_with_the_document() -> None:
    known = facts(number_rule="EXTERNAL")
    request: DocumentRequest = a_request(ident="R-7")
    problems, computed = examine(request, DocumentType.INVOICE, known)
    assert problems == [] and computed is not None
    assert freeze(request, DocumentType.INVOICE, known, computed, NOW).ident == "R-7"


@pytest.mark.parametrize(
    ("street", "zip_code", "found"),
    [("Weg", "1000", []), ("Weg", None, []), (None, "1000", []), (None, None, ["address_incomplete"])],
)
def test_a_street_or_a_postal_code_is_enough(street: str | None, zip_code: str | None, found: list[str]) -> None:
    customer = a_customer(address=Address(street=street, zip=zip_code, city="Ort"))
    assert codes(a_request(a_row("i-1", "1000.00")), known=facts(customer=customer)) == found


@pytest.mark.parametrize(
    ("identity", "found"),
    [
        ({"tax_number": "22/815/08154", "vat_id": None, "register_number": None}, []),
        ({"tax_number": None, "vat_id": "DE136695976", "register_number": None}, []),
        ({"tax_number": None, "vat_id": None, "register_number": "HRB 1"}, []),
        ({"tax_number": None, "vat_id": None, "register_number": None}, ["seller_tax_id_missing"]),
    ],
)
def test_outside_the_scope_of_vat_a_seller_is_known_by_any_of_three(identity: dict[str, Any], found: list[str]) -> None:
    row = a_row("i-1", "1000.00", rate="0", category="O")
    assert codes(a_request(row), known=facts(site=a_seller(**identity))) == found


def test_a_rate_above_nothing_is_a_rate() -> None:
    assert codes(a_request(a_row("i-1", rate="0.5"))) == []


def test_several_taxes_are_each_completed() -> None:
    taxes = (a_tax("5", "S", code="GST"), a_tax("0", None, code="PST"))
    found = complete(taxes)
    assert [tax.category_code for tax in found] == ["S", "Z"]
    assert complete((a_tax("5"),)) == (a_tax("5"),)


def test_an_allowance_of_nothing_stands_once() -> None:
    rows = (a_row("i-1"), a_row("i-2", rate="7"))
    nothing = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", percentage=D(0))
    document = issued(a_request(*rows, allowances_charges=(nothing,)))
    assert [(part.rate, part.net) for part in document.allowances_charges] == [(D(19), D(0))]
    assert len(amounts_of(document)) == 2


def test_a_final_invoice_by_the_groups_method() -> None:
    group = BillingGroup("external", True, final_invoice_method="FINAL")
    assert a_final(billing_group=group).final_invoice_method == "FINAL"
