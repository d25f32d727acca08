"""Why a document has no e-invoice, and what its XRechnung lacks, all at once and by name."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from tests.factories.einvoices.builders import CUSTOMER, LEITWEG, SITE, group, item, paper, simple, totals, untaxed

from contor.documents.after.official_rules import findings, is_sendable
from contor.documents.einvoice import ubl_of, why_no_xml
from contor.documents.types import Address, Contact, Document, DocumentType, PaymentInformation, Tax
from contor.kernel.shapes import replace

TWO_TAXES = (Tax(rate=Decimal(5), category_code="S", name="GST"), Tax(rate=Decimal(7), category_code="S", name="PST"))


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        (simple(), []),
        (simple(buyer_reference=LEITWEG), []),
        (
            simple(items=(replace(item(1, "100.00", "12.00"), taxes=TWO_TAXES),)),
            [("row_has_several_taxes", "items[0].taxDetail.taxes")],
        ),
        (simple(currency="KWD"), [("currency_has_more_than_two_decimals", "currency")]),
        (simple(currency="JPY"), []),
        (
            paper(
                (item(1, "1.00", rate="0", category="O"), item(2, "1.00", "0.19")),
                (group("1.00", "0.00", "0", "O"), group("1.00", "0.19")),
                totals("2.00", "0.19"),
            ),
            [("not_taxable_beside_taxable", "items")],
        ),
        (untaxed("E", None, None), [("exemption_reason_missing", "taxes[0]")]),
        (
            simple(customer=replace(CUSTOMER, name="", address=Address(country="DEU"))),
            [("party_name_missing", "customer.name"), ("country_not_alpha_2", "customer.address.country")],
        ),
    ],
)
def test_what_en_16931_cannot_say(document: Document, codes: list[tuple[str, str]]) -> None:
    assert [(problem.code, problem.field) for problem in why_no_xml(document)] == codes


def test_xrechnung_names_every_missing_element() -> None:
    bare = Contact()
    document = simple(
        buyer_reference=LEITWEG,
        seller=replace(SITE, contact=bare, electronic_address=None, address=Address(country="DE")),
        customer=replace(CUSTOMER, contact=bare, address=Address(country="DE")),
        shipping_address=Address(country="DE"),
        payment_information=PaymentInformation(payment_type="DIRECT_DEBIT"),
    )
    assert [problem.field for problem in why_no_xml(document)] == [
        "operatingSite.address.zip",
        "operatingSite.address.city",
        "operatingSite.contact.name",
        "operatingSite.contact.phone",
        "operatingSite.contact.email",
        "operatingSite.electronicAddress",
        "customer.address.zip",
        "customer.address.city",
        "customer.electronicAddress",
        "properties.mandateReference",
        "properties.creditorIdentifier",
        "properties.debitedAccount",
        "shippingAddress.city",
        "shippingAddress.zip",
    ]


def test_on_self_billing_the_partner_owes_the_sellers_elements() -> None:
    document = simple(document_type=DocumentType.SELF_BILLING_INVOICE, buyer_reference=LEITWEG)
    assert [problem.field for problem in why_no_xml(document)] == ["customer.contact.phone"]


def test_without_buyer_reference_nothing_of_it_is_wanted() -> None:
    assert why_no_xml(simple(seller=replace(SITE, contact=Contact(), electronic_address=None))) == []


def test_official_rules_find_what_is_wrong() -> None:
    wrong = ubl_of(simple(totals=replace(totals("100.00", "19.00"), gross=Decimal("118.00"))))
    found = findings(wrong)
    assert {entry.rule for entry in found if entry.level == "fatal"} == {"BR-CO-15", "BR-CO-16"}
    assert not is_sendable(found)


def test_what_breaks_the_schema_is_told_from_the_schema() -> None:
    wrong = ubl_of(simple()).replace(b"<cbc:ID>RE-2026-000001</cbc:ID>", b"<cbc:UUID>x</cbc:UUID>")
    (found,) = findings(wrong)
    assert (found.level, found.rule) == ("fatal", "XSD")


def test_many_threads_get_the_same_answers() -> None:
    right, wrong = ubl_of(simple()), ubl_of(simple(totals=replace(totals("100.00", "19.00"), gross=Decimal("118.00"))))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(findings, [right, wrong] * 10))
    assert answers == [findings(right), findings(wrong)] * 10
