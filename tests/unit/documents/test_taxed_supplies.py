"""Which category and rate a supply can bear, by who supplies whom and where it ends; and which e-invoice a customer gets."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_customer, a_seller
from tests.factories.requests import a_request, a_row, a_tax, codes, facts, issued, related, with_property

from contor.documents.einvoice.model import Profile
from contor.documents.einvoice.of_document.of_document import profile_of
from contor.documents.judge import BillingGroup, request_findings
from contor.documents.types import (
    Address,
    CashDiscount,
    Contact,
    DocumentType,
    ElectronicAddress,
    Location,
    PaymentTerm,
    Period,
    RequestedAllowanceCharge,
    TaxDetail,
)
from contor.kernel.shapes import replace
from contor.tax.all_rates import rates_on
from contor.tax.rates import HISTORY

SELF_BILLING = DocumentType.SELF_BILLING_INVOICE
LEITWEG = "04011000-12345-34"


def living_in(country: str, **fields: Any) -> Any:
    address = Address(street="Weg", street_no="1", zip="1000", city="Ort", country=country)
    return a_customer(
        address=address, **{"vat_id": None, "electronic_address": ElectronicAddress(scheme="EM", identifier="a@b.example")} | fields
    )


AUSTRIAN, AT_ID = "AT", "ATU12345675"
BY_NUMBER = ElectronicAddress(scheme="0088", identifier="4012345000009")
ROUTED = a_seller(electronic_address=BY_NUMBER)


@pytest.mark.parametrize(
    ("category", "customer", "place", "found"),
    [
        ("K", living_in("AT", vat_id=AT_ID), "AT", []),
        ("K", living_in("AT", vat_id=AT_ID), "DE", []),  # the place of an intra-Community supply is where it starts
        ("K", a_customer(vat_id="DE129273398"), "DE", ["buyer_vat_id_of_no_other_state", "goods_stay_in_the_country"]),
        ("K", living_in("DE", vat_id=AT_ID), "DE", ["goods_stay_in_the_country"]),
        ("K", living_in("FR", vat_id="DE129273398"), "FR", ["buyer_vat_id_of_no_other_state"]),
        ("K", living_in("CH", vat_id="CHE123456789MWST"), "CH", ["buyer_vat_id_of_no_other_state", "goods_stay_in_the_country"]),
        ("G", living_in("CH"), "CH", []),
        ("G", living_in("CH"), "DE", []),
        ("G", living_in("FR", vat_id="FR83404833048"), "FR", ["goods_stay_in_the_union"]),
        ("G", a_customer(), "DE", ["goods_stay_in_the_union"]),
        ("AE", living_in("AT", vat_id=AT_ID), "AT", []),
        ("AE", living_in("AT", tax_number="1/2"), "AT", ["buyer_vat_id_of_no_other_state"]),
        ("AE", living_in("US", tax_number="1/2"), "US", ["buyer_vat_id_of_no_other_state"]),
        ("AE", a_customer(vat_id="DE129273398", customer_type="B2B"), "DE", []),
        ("AE", a_customer(vat_id="DE129273398", customer_type="B2C"), "DE", ["buyer_is_no_business"]),
    ],
)
def test_a_category_fits_buyer_and_place(category: str, customer: Any, place: str, found: list[str]) -> None:
    row = a_row("i-1", "1000.00", rate="0", category=category, performance_location=Location(country=place))
    assert codes(a_request(row), known=facts(customer=customer)) == found


@pytest.mark.parametrize(("category", "customer"), [("K", living_in("AT", vat_id=AT_ID)), ("G", living_in("CH"))])
@pytest.mark.parametrize(
    ("of", "found"),
    [
        ("SERVICE", ["category_of_goods"]),
        ("DIGITAL_PRODUCT", ["category_of_goods"]),
        ("PHYSICAL_PRODUCT_RENTAL", ["category_of_goods"]),
        ("PHYSICAL_PRODUCT", []),
        ("ELECTRICITY", []),
        ("LOGISTIC_COST", []),  # goes with what is delivered
    ],
)
def test_a_service_is_neither_exported_nor_delivered_within_the_union(
    category: str, customer: Any, of: Any, found: list[str]
) -> None:
    row = replace(a_row(rate="0", category=category), category=of)
    assert codes(a_request(row), known=facts(customer=customer)) == found


@pytest.mark.parametrize(
    ("country", "rate", "day", "found"),
    [
        ("DE", "19", "2026-11-01", []),
        ("DE", "18", "2026-11-01", ["rate_unknown_in_country"]),
        ("DE", "7.8", "2026-11-01", []),
        ("DE", "16", "2026-11-01", ["rate_unknown_in_country"]),
        ("DE", "16", "2020-08-01", []),
        ("FR", "2.1", "2026-11-01", []),
        ("FR", "19.6", "2026-11-01", ["rate_unknown_in_country"]),
        ("AT", "19", "2026-11-01", []),  # Jungholz and Mittelberg
        ("AT", "12", "2026-11-01", ["rate_unknown_in_country"]),
        ("AT", "4.9", "2026-06-30", ["rate_unknown_in_country"]),
        ("AT", "4.9", "2026-07-01", []),
        ("DE", "5", "2020-12-31", []),
        ("DE", "5", "2021-01-01", ["rate_unknown_in_country"]),
        ("FR", "0.9", "2026-11-01", []),  # Corsica
        ("FR", "8.5", "2026-11-01", []),  # overseas
        ("PT", "16", "2026-11-01", []),  # the Azores
        ("PT", "22", "2026-11-01", []),  # Madeira
        ("PT", "20", "2026-11-01", ["rate_unknown_in_country"]),
        ("GR", "17", "2026-11-01", []),  # islands
        ("GR", "17", "2025-11-01", []),  # no list of that day
        ("LU", "14", "2026-11-01", []),
        ("LU", "16", "2023-11-01", []),
        ("FI", "14", "2026-01-01", ["rate_unknown_in_country"]),
        ("IT", "18", "2026-11-01", []),  # no complete list judges nothing
    ],
)
def test_a_rate_is_one_that_the_country_has(country: str, rate: str, day: str, found: list[str]) -> None:
    supplied = dt.date.fromisoformat(day)
    row = a_row("i-1", rate=rate, performance_location=Location(country=country), delivery_date=supplied)
    known = facts(judges_rates=True)
    assert codes(a_request(row, document_date=supplied), known=known) == found


IN_2020, OCTOBER_2020 = dt.date(2020, 8, 1), Period(start=dt.date(2020, 10, 1), end=dt.date(2020, 10, 31))


@pytest.mark.parametrize(
    ("said", "rates", "day"),
    [
        ({"delivery_date": IN_2020}, {"16", "5"}, "2020-08-01"),
        ({"service_period": OCTOBER_2020}, {"16", "5"}, "2020-10-31"),
        ({"service_period": OCTOBER_2020, "delivery_date": dt.date(2026, 10, 1)}, {"16", "5"}, "2020-10-31"),
        ({}, {"19", "7"}, "2026-11-20"),
    ],
)
def test_a_rate_is_that_of_the_day_of_supply(said: dict[str, Any], rates: set[str], day: str) -> None:
    """The document's own day counts where none is said; of a deposit it always does, for nothing is supplied yet."""
    known = facts(judges_rates=True)
    for rate in ("19", "16", "7", "5"):
        request = a_request(a_row("i-1", rate=rate, **said))
        for document_type, right in ((DocumentType.INVOICE, rates), (DocumentType.DEPOSIT_INVOICE, {"19", "7"})):
            found = [problem.message for problem in request_findings(request, document_type, known)]
            named = day if document_type is DocumentType.INVOICE else "2026-11-20"
            if rate in right:
                assert found == []
            else:
                assert len(found) == 1
                assert found[0].startswith(f"DE has no such rate on {named}, only")
                assert not set(found[0].rpartition("only ")[2].split(", ")) & ({"19", "16", "7", "5"} - right)


@pytest.mark.parametrize("category", ["L", "M"])
def test_taxes_of_spanish_territories_are_levied_there(category: str) -> None:
    for country, found in (("DE", ["category_of_other_country"]), ("PRT", ["category_of_other_country"]), ("ESP", []), ("ES", [])):
        row = a_row(rate="7", category=category, performance_location=Location(country=country))
        assert codes(a_request(row), known=facts(judges_rates=True)) == found


def test_what_reduces_a_document_bears_a_rate_that_the_country_has() -> None:
    for rate, found in (("19", []), ("7", []), ("12", ["rate_unknown_in_country"]), ("0", ["rate_missing"])):
        less = RequestedAllowanceCharge(ident="a", type="ALLOWANCE", name="Less", amount=Decimal(1), tax=a_tax(rate))
        assert codes(a_request(allowances_charges=(less,)), known=facts(judges_rates=True)) == found


@pytest.mark.parametrize(
    ("country", "document_type", "found"),
    [
        ("DE", DocumentType.INVOICE, ["several_taxes_in_country"]),
        ("FR", DocumentType.INVOICE, ["several_taxes_in_country"]),
        ("US", DocumentType.INVOICE, []),
        ("CAN", DocumentType.INVOICE, []),
        ("DE", DocumentType.DEPOSIT_INVOICE, ["several_taxes_on_deposit"]),
    ],
)
def test_several_taxes_are_levied_by_few_countries(country: str, document_type: DocumentType, found: list[str]) -> None:
    detail = TaxDetail(taxes=(a_tax("19"), a_tax("7")))
    row = a_row(tax_detail=detail, performance_location=Location(country=country))
    assert codes(a_request(row), document_type, facts(judges_rates=True)) == found


def test_self_billing_is_agreed_before() -> None:
    for agreed, found in ((None, ["self_billing_agreement_missing"]), (dt.date(2026, 12, 1), ["self_billing_agreement_missing"])):
        assert codes(a_request(), SELF_BILLING, facts(self_billing_agreed_on=agreed)) == found
    assert codes(a_request(), SELF_BILLING, facts(self_billing_agreed_on=dt.date(2026, 11, 20))) == []


@pytest.mark.parametrize(
    ("partner", "category", "rate", "found"),
    [
        (living_in("AT", vat_id=AT_ID), "S", "19", ["self_billing_tax_of_abroad"]),
        (living_in("AT", vat_id=AT_ID), "AE", "0", []),
        (living_in("CH", tax_number="1/2"), "S", "19", ["self_billing_tax_of_abroad"]),
        (living_in("AT", vat_id="DE129273398"), "S", "19", []),  # registered here
        (a_customer(), "S", "19", []),
        (a_customer(small_business=True), "S", "19", ["small_business_shows_tax"]),
    ],
)
def test_the_partner_decides_the_tax_of_self_billing(partner: Any, category: str, rate: str, found: list[str]) -> None:
    row = a_row("i-1", rate=rate, category=category)
    assert codes(a_request(row), SELF_BILLING, facts(customer=partner)) == found


def test_a_small_partner_bears_no_tax() -> None:
    document = issued(a_request(a_row(rate="0", category=None)), SELF_BILLING, facts(customer=a_customer(small_business=True)))
    assert [(group.category_code, group.amount) for group in document.taxes] == [("E", 0)]


@pytest.mark.parametrize(
    ("wanted", "reference", "customer", "profile"),
    [
        (None, None, a_customer(), Profile.EN16931),
        (None, LEITWEG, a_customer(), Profile.XRECHNUNG),
        (None, "Einkauf 7", a_customer(), Profile.EN16931),
        (None, LEITWEG, living_in("FR"), Profile.EN16931),
        ("PEPPOL", "Einkauf 7", living_in("FR", electronic_address=BY_NUMBER), Profile.PEPPOL),
        ("EN16931", LEITWEG, a_customer(), Profile.EN16931),
        ("XRECHNUNG", "Einkauf 7", a_customer(), Profile.XRECHNUNG),
    ],
)
def test_which_e_invoice_a_customer_gets(wanted: Any, reference: str | None, customer: Any, profile: Profile) -> None:
    request = a_request(properties=with_property("buyerReference", reference) if reference else ())
    assert profile_of(issued(request, known=facts(site=ROUTED, customer=customer, e_invoice_format=wanted))) is profile


def test_what_a_format_wants_besides() -> None:
    bare = a_customer(electronic_address=None, contact=Contact())
    assert codes(a_request(), known=facts(e_invoice_format="PEPPOL", site=ROUTED, customer=bare)) == ["missing_for_peppol"] * 2
    assert codes(a_request(), known=facts(e_invoice_format="XRECHNUNG")) == ["missing_for_xrechnung"]
    order = a_request(properties=with_property("purchaseOrderReference", "po-1"))
    routed = a_customer(electronic_address=BY_NUMBER)
    assert codes(order, known=facts(e_invoice_format="PEPPOL", site=ROUTED, customer=routed)) == []
    for by_mail in (a_customer(), a_customer(electronic_address=None, contact=Contact(email="a@b.example"))):
        known = facts(e_invoice_format="PEPPOL", site=ROUTED, customer=by_mail)
        assert codes(order, known=known) == ["code_unknown"]  # Peppol has no e-mail addresses
    # a foreign buyer's reference asks nothing of German rules
    french = a_request(properties=with_property("buyerReference", LEITWEG))
    assert codes(french, known=facts(site=a_seller(contact=Contact()), customer=living_in("FR"))) == []


def test_what_our_own_billing_uses_is_in_the_list() -> None:
    for country, entries in HISTORY.items():
        for entry in entries:
            rates_then = rates_on(country, entry.applicable_from)
            assert (rates_then is None) is not entry.is_complete, (country, entry)
            assert rates_then is None or set(filter(None, entry.kinds)) <= rates_then, (country, entry)


def test_no_discount_is_taken_off_what_we_owe() -> None:
    """Skonto is granted by who is owed. The group's own term has none for what it self-bills."""
    term = PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=Decimal(2)),))
    known = facts(billing_group=BillingGroup("external", True, payment_term=term))
    assert codes(a_request(payment_term=term), SELF_BILLING, known) == ["cash_discount_not_expected"]
    assert codes(a_request(payment_term=term), DocumentType.DEPOSIT_INVOICE, known) == ["cash_discount_not_expected"]
    assert codes(a_request(payment_term=term), DocumentType.INVOICE, known) == []
    issued_for = issued(a_request(), SELF_BILLING, known)
    assert (issued_for.payment_term.period_in_days, issued_for.payment_term.cash_discount) == (30, ())
    invoice = issued(a_request(payment_term=term), DocumentType.INVOICE, known)
    assert invoice.payment_term == issued(a_request(), DocumentType.INVOICE, known).payment_term == term
    asked = a_request(payment_term=term, related_document_ident=invoice.ident)
    memo = issued(asked, DocumentType.CREDIT_MEMO, facts(related(invoice)), "GS-1")
    assert (memo.payment_term.period_in_days, memo.payment_term.cash_discount) == (30, ())
