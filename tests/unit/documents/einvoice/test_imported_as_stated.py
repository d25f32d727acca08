"""What other systems write otherwise than ours and is right all the same: VAT rounded row by row, Kosovo, places without a city; and
what our master data do not take is told."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.factories.einvoices.builders import CUSTOMER, SITE, simple
from tests.factories.einvoices.issued_again import RATES, TODAY, issue_again
from tests.factories.einvoices.papers import PAPERS

from contor.documents.after.official_rules import findings
from contor.documents.amounts import amount_errors, what_is_left
from contor.documents.einvoice import EInvoice, cii_of, einvoice_of, imported, left_out, read_einvoice, ubl_of
from contor.documents.einvoice.model.groups import Identifier, PartyContact
from contor.documents.judge import BillingGroup, Facts, Related, examine, terms_of
from contor.documents.judge.parties import party_findings
from contor.documents.types import Document, DocumentType
from contor.kernel.errors import Refused
from contor.kernel.shapes import replace

D = Decimal


def stating(rows: int, difference: str) -> EInvoice:
    """So many rows of 100.00 at 19 %, with VAT that differs from 19.00 for each."""
    base = einvoice_of(simple())
    net, tax = D(100) * rows, D(19) * rows + D(difference)
    return replace(
        base,
        lines=tuple(replace(base.lines[0], ident=str(number)) for number in range(1, rows + 1)),
        breakdown=(replace(base.breakdown[0], base=net, amount=tax),),
        totals=replace(base.totals, lines=net, net=net, tax=tax, gross=net + tax, payable=net + tax),
    )


@pytest.mark.parametrize("write", [ubl_of, cii_of], ids=["UBL", "CII"])
@pytest.mark.parametrize("name", ["380 gross prices", "OSS"])
def test_vat_that_was_rounded_by_row_is_carried(name: str, write: Callable[[Document], bytes]) -> None:
    paper = PAPERS[name]
    original = read_einvoice(write(paper))
    document = issue_again(original)
    assert (document.totals.net, document.totals.tax, document.totals.gross) == (
        paper.totals.net,
        paper.totals.tax,
        paper.totals.gross,
    )
    assert list(amount_errors(document)) == []
    for written in (ubl_of(document), cii_of(document)):
        assert [found.rule for found in findings(written) if found.level == "fatal"] == []
        assert read_einvoice(written).breakdown == original.breakdown


@pytest.mark.parametrize(
    ("rows", "difference", "taken"),
    [
        (3, "0.03", True),
        (3, "-0.03", True),
        (3, "0.04", False),
        (1, "0.02", False),
        (99, "0.99", True),
        (100, "1.00", False),
        (100, "-1.00", False),
    ],
)
def test_a_difference_is_a_cent_for_each_row_and_less_than_one(rows: int, difference: str, taken: bool) -> None:
    invoice = stating(rows, difference)
    if taken:
        document = issue_again(invoice)
        assert document.totals.tax == D(19) * rows + D(difference)
        assert list(amount_errors(document)) == []
    else:
        with pytest.raises(Refused) as refused:
            issue_again(invoice)
        assert refused.value.problems[0].code == "tax_amount_differs"


def test_a_request_that_is_not_imported_states_no_vat() -> None:
    found = imported(stating(3, "0.03"), billing_group_ident="external")
    group = BillingGroup(ident="external", external_billing=True)
    facts = Facts(today=TODAY, environment="TEST", billing_group=group, site=found.site, customer=found.customer)
    assert terms_of(found.request, found.document_type, facts).stated is None
    assert terms_of(found.request, found.document_type, replace(facts, imported=True)).stated == {("S", D(19)): D("57.03")}


def test_nobody_else_says_that_another_tax_is_right() -> None:
    """Neither an invoice of ours nor its check takes a caller's word for its VAT; a credit repeats that of what it credits."""
    found = imported(stating(3, "0.03"), billing_group_ident="external")
    group = BillingGroup(ident="external", external_billing=True)
    facts = Facts(today=TODAY, environment="TEST", billing_group=group, site=found.site, customer=found.customer)
    (problem,) = [one for one in examine(found.request, found.document_type, facts)[0] if one.code == "property_key_kept"]
    position = [entry.key for entry in found.request.properties].index("statedVat S 19")
    assert (problem.field, problem.rejected_value) == (f"properties[{position}].key", "statedVat S 19")
    original = issue_again(stating(3, "0.03"))
    related = {original.ident: Related(left=what_is_left(original))}
    for known, codes in ((related, []), ({}, ["property_key_kept"])):
        asked = replace(found.request, related_document_ident=original.ident)
        problems, _ = examine(asked, DocumentType.CREDIT_MEMO, replace(facts, related=known))
        assert [one.code for one in problems if one.code == "property_key_kept"] == codes


def test_an_invoice_in_another_currency_is_booked_at_the_rate_that_is_given() -> None:
    document = issue_again(replace(stating(3, "0.02"), currency="USD"))
    assert (document.currency, document.totals.tax) == ("USD", D("57.02"))
    assert document.ledger is not None and document.ledger.exchange_rate is not None
    assert document.ledger.exchange_rate.rate == RATES["USD"]
    assert list(amount_errors(document)) == []


def in_kosovo() -> Document:
    address = replace(CUSTOMER.address, city="Prishtinë", zip="10000", country="XK")
    return simple(customer=replace(CUSTOMER, vat_id=None, address=address))


def test_kosovo_has_the_code_of_the_standard_in_files_and_ours_elsewhere() -> None:
    for written, tag in ((ubl_of(in_kosovo()), b"IdentificationCode>"), (cii_of(in_kosovo()), b"CountryID>")):
        assert tag + b"1A</" in written
        assert b">XK<" not in written
        assert [found.rule for found in findings(written) if found.level == "fatal"] == []
        original = read_einvoice(written)
        assert original.buyer.address.country == "XK"
        again = issue_again(original)
        assert again.customer.address.country == "XK"
        assert b">1A<" in ubl_of(again)
        assert b">1A<" in cii_of(again)
        assert not [told for told in left_out(original, einvoice_of(again)) if "country" in told]


@pytest.mark.parametrize(
    ("post_code", "is_imported", "missing"),
    [
        ("20457", True, []),
        ("20457", False, ["operatingSite.address.city", "customer.address.city"]),
        (None, True, ["operatingSite.address.city", "customer.address.city"]),
    ],
)
def test_where_a_postal_code_stands_an_imported_address_may_lack_the_city(
    post_code: str | None, is_imported: bool, missing: list[str]
) -> None:
    seller, buyer = (replace(party, address=replace(party.address, city=None, zip=post_code)) for party in (SITE, CUSTOMER))
    found = party_findings(("operatingSite", seller), ("customer", buyer), ["S"], False, is_imported)
    assert [problem.field for problem in found] == missing


def test_an_invoice_to_an_address_without_a_city_is_issued_again() -> None:
    base = stating(5, "0.00")
    parties = {
        name: replace(party, address=replace(party.address, city=None))
        for name, party in (("seller", base.seller), ("buyer", base.buyer))
    }
    document = issue_again(replace(base, **parties))
    assert (document.seller.address.city, document.customer.address.city) == (None, None)
    assert document.totals.gross == D("595.00")


def test_what_our_master_data_do_not_take_is_left_out_and_told() -> None:
    base = einvoice_of(simple())
    seller = replace(
        base.seller,
        contact=PartyContact(name="Buchhaltung", phone="+49 40 1", email="nobody at all"),
        endpoint=Identifier(value="4711"),
    )
    buyer = replace(base.buyer, endpoint=Identifier(value="0815"))
    original = replace(base, seller=seller, buyer=buyer)
    document = issue_again(original)
    assert (document.seller.contact.name, document.seller.contact.email) == ("Buchhaltung", None)
    assert (document.seller.electronic_address, document.customer.electronic_address) == (None, None)
    assert {
        "seller contact, e-mail: nobody at all",
        "BT-34 seller electronic address: 4711",
        "BT-49 buyer electronic address: 0815",
    } <= set(left_out(original, einvoice_of(document)))


def test_a_seller_without_tax_number_gets_none() -> None:
    """A registration is no tax number (BT-30 is not BT-32)."""
    base = einvoice_of(PAPERS["O"])
    assert base.seller.legal_registration is not None
    assert (base.seller.vat_id, base.seller.tax_number) == (None, None)
    site = imported(base, billing_group_ident="external").site
    assert (site.tax_number, site.register_number) == (None, base.seller.legal_registration.value)
