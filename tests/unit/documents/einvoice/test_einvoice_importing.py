"""A foreign e-invoice is issued again with the same net, tax and gross to the cent, or refused with the true reason."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.einvoices.builders import LEITWEG, simple
from tests.factories.einvoices.issued_again import TODAY, issue_again, supporting_again
from tests.factories.einvoices.papers import PAPERS

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import (
    ImportedEInvoice,
    cii_of,
    identity_of,
    imported,
    left_out,
    read_einvoice,
    ubl_of,
    why_no_xml,
    with_supporting,
)
from contor.documents.einvoice.importing.import_parties import address_of, ident_of
from contor.documents.einvoice.model.groups import (
    Identifier,
    Payee,
    PaymentCard,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    TaxRepresentative,
)
from contor.documents.einvoice.model.invoice import AllowanceOrCharge, Classification, EInvoice, Profile
from contor.documents.einvoice.of_document.of_document import einvoice_of, profile_of
from contor.documents.types import CashDiscount, DocumentType, Property
from contor.kernel.shapes import replace

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[5] / "shared"))
CASES = Path(os.environ.get("EINV_ARTEFACTS", SHARED / "artefacts")) / "xrechnung-testsuite" / "business-cases"
FILES = sorted(CASES.glob("*/*.xml"))
IDENT = re.compile(r"[a-zA-Z0-9_.~-]{1,100}")


def found_in(invoice: EInvoice) -> ImportedEInvoice:
    return imported(invoice, billing_group_ident="external")


@pytest.mark.skipif(not FILES, reason=f"no test suite of XRechnung at {CASES}: set CONTOR_SHARED or EINV_ARTEFACTS")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_real_invoices_are_issued_again_to_the_cent(file: Path) -> None:
    original = read_einvoice(file.read_bytes())
    if original.third_party_payments:
        pytest.skip("refused, see test_einvoice_refusals.py")
    document = issue_again(original)
    theirs = original.totals
    assert (document.totals.net, document.totals.tax, document.totals.gross) == (theirs.net, theirs.tax, theirs.gross)
    assert document.totals.payable == theirs.payable
    assert why_no_xml(document) == []
    for written in (ubl_of(document), cii_of(document)):
        assert [found for found in findings(written) if found.level == "fatal"] == []
        again = read_einvoice(written).totals
        assert (again.net, again.tax, again.gross, again.payable) == (theirs.net, theirs.tax, theirs.gross, theirs.payable)


def test_of_the_real_invoices_all_but_one_are_issued_again() -> None:
    if not FILES:
        pytest.skip(f"no test suite of XRechnung at {CASES}: set CONTOR_SHARED or EINV_ARTEFACTS")
    refused = [file.stem for file in FILES if read_einvoice(file.read_bytes()).third_party_payments]
    assert (len(FILES), refused) == (72, ["05.01a-INVOICE_ubl"])


# A 384 comes back as a credit memo.
COMING_BACK = [name for name in PAPERS if not name.startswith("384")]


@pytest.mark.parametrize("name", COMING_BACK)
def test_our_own_papers_come_back(name: str) -> None:
    for written in (ubl_of(PAPERS[name]), cii_of(PAPERS[name])):
        document = issue_again(read_einvoice(written))
        assert document.totals == PAPERS[name].totals
        assert [(item.total.net, item.is_credit, item.quantity) for item in document.items] == [
            (item.total.net, item.is_credit, item.quantity) for item in PAPERS[name].items
        ]


@pytest.mark.parametrize(
    ("name", "document_type"),
    [
        ("380", DocumentType.INVOICE),
        ("381", DocumentType.CREDIT_MEMO),
        ("384", DocumentType.CREDIT_MEMO),
        ("386", DocumentType.DEPOSIT_INVOICE),
        ("326", DocumentType.INVOICE),
        ("389", DocumentType.INVOICE),
        ("261", DocumentType.CREDIT_MEMO),
    ],
)
def test_what_each_type_becomes(name: str, document_type: DocumentType) -> None:
    found = found_in(read_einvoice(ubl_of(PAPERS[name])))
    assert found.document_type is document_type
    kept = {entry.key: entry.value for entry in found.request.properties}
    assert (kept["originalNumber"], kept["originalTypeCode"]) == (PAPERS[name].ident, name)


def test_a_negative_384_is_a_reversal_with_positive_amounts() -> None:
    found = found_in(read_einvoice(ubl_of(PAPERS["384 allowance XRechnung"])))
    request = found.request
    assert found.document_type is DocumentType.CREDIT_MEMO
    assert [(item.quantity, item.debit_credit_indicator, item.prices.total.net) for item in request.items] == [
        (3, "DEBIT", Decimal("30.09")),
        (3, "DEBIT", Decimal("15.15")),
    ]
    assert [(part.type, part.amount) for part in request.allowances_charges] == [
        ("ALLOWANCE", Decimal("3.01")),
        ("ALLOWANCE", Decimal("1.51")),
    ]
    assert [reference.ident for reference in request.external_references] == ["AR-1"]


@pytest.mark.parametrize(
    ("claimed", "reference", "becomes"),
    [
        (Profile.EN16931, LEITWEG, "EN16931"),
        (Profile.XRECHNUNG, LEITWEG, "XRECHNUNG"),
        (Profile.XRECHNUNG, "Einkauf 7", "XRECHNUNG"),
        (Profile.XRECHNUNG, None, "EN16931"),
        (Profile.PEPPOL, "Einkauf 7", "PEPPOL"),
        (Profile.PEPPOL, None, "EN16931"),
    ],
)
def test_a_file_stays_the_e_invoice_that_it_is(claimed: Profile, reference: str | None, becomes: str) -> None:
    """BT-10 is kept whatever it becomes; what lacks something that the rules want today becomes plain EN 16931."""
    paper = einvoice_of(PAPERS["380 everything"])
    by_number = Identifier(value="4012345000009", scheme="0088")
    parties = {"seller": replace(paper.seller, endpoint=by_number), "buyer": replace(paper.buyer, endpoint=by_number)}
    original = replace(paper, specification=claimed.value, buyer_reference=reference, purchase_order=None, **parties)
    found, document = found_in(original), issue_again(original)
    assert found.e_invoice_format == becomes
    assert (document.buyer_reference, profile_of(document).name) == (reference, becomes)
    plain = found_in(replace(original, specification=Profile.EN16931.value))
    assert (found.customer.ident == plain.customer.ident) == (becomes == "EN16931")
    assert found.invoice_address_ident == plain.invoice_address_ident


def test_a_positive_384_replaces_an_invoice() -> None:
    original = replace(einvoice_of(simple()), type_code="384", preceding=(PrecedingInvoice(number="RE-0"),))
    document = issue_again(original)
    assert (document.document_type, document.totals.gross) == (DocumentType.INVOICE, Decimal("119.00"))
    assert [related.ident for related in document.related] == ["RE-0"]


def test_everything_around_the_amounts_is_kept() -> None:
    found = found_in(read_einvoice(ubl_of(PAPERS["380 everything"])))
    request = found.request
    assert (found.site.name, found.site.vat_id, found.site.register_number) == ("Contor Demo GmbH", "DE136695976", "HRB 123456")
    assert [account.iban for account in found.site.bank_accounts] == ["DE02120300000000202051"]
    assert (found.site.address.street, found.site.address.street_no) == ("Speicherstraße", "1")
    assert (found.customer.name, found.customer.vat_id) == ("Kunde & Söhne <AG>", "DE129273398")
    assert found.shipping_address is not None
    assert (found.shipping_address.city, request.customer_detail.shipping_address_ident) == (
        "Bremerhaven",
        found.shipping_address_ident,
    )
    assert (request.document_date, request.currency, request.language) == (TODAY, "EUR", "de")
    assert request.payment_term is not None
    assert request.payment_term.period_in_days == 14
    assert request.payment_term.cash_discount == (
        CashDiscount(days=10, percentage=Decimal("2.00")),
        CashDiscount(days=5, percentage=Decimal("3.50")),
    )
    assert [(paid.amount, paid.date) for paid in request.prepaid] == [(Decimal("15.00"), TODAY)]
    assert request.rounding == Decimal("0.02")
    assert [(extra.name, extra.total.net) for extra in request.items[0].extras] == [
        ("Gutschein 10 %", Decimal("-3.50")),
        ("Eilzuschlag", Decimal("0.50")),
    ]
    assert (request.items[1].price_base_quantity, request.items[1].quantity_type) == (100, "KWH")
    assert request.items[2].debit_credit_indicator == "CREDIT"
    assert set(request.properties) >= {
        Property(key="buyerReference", value=LEITWEG),
        Property(key="purchaseOrderReference", value="B-77"),
        Property(key="contractReference", value="V-1"),
    }


def test_a_direct_debit_keeps_its_mandate() -> None:
    document = issue_again(read_einvoice(cii_of(PAPERS["380 direct debit"])))
    assert document.payment_information.payment_type == "SEPA_DIRECT_DEBIT"
    assert einvoice_of(document).payment == einvoice_of(PAPERS["380 direct debit"]).payment


def test_sub_lines_stand_for_the_line_they_explain() -> None:
    base = einvoice_of(simple())
    line = base.lines[0]
    parts = tuple(
        replace(line, ident=f"1.{n}", name=f"Teil {n}", net=Decimal(net), price=Decimal(net))
        for n, net in ((1, "60.00"), (2, "40.00"))
    )
    items = found_in(replace(base, lines=(replace(line, sub_lines=parts),))).request.items
    assert [(item.ident, item.name, item.item_group, item.prices.total.net) for item in items] == [
        ("1.1", "Teil 1", "Leistung 1", Decimal(60)),
        ("1.2", "Teil 2", "Leistung 1", Decimal(40)),
    ]
    not_the_sum = replace(base, lines=(replace(line, sub_lines=parts[:1]),))
    assert [item.name for item in found_in(not_the_sum).request.items] == ["Leistung 1"]


def test_idents_are_the_same_for_the_same_and_fit() -> None:
    invoice = read_einvoice(ubl_of(simple()))
    first, second = found_in(invoice), found_in(read_einvoice(cii_of(simple())))
    assert (first.site.ident, first.customer.ident, first.invoice_address_ident) == (
        second.site.ident,
        second.customer.ident,
        second.invoice_address_ident,
    )
    moved = replace(invoice, buyer=replace(invoice.buyer, address=replace(invoice.buyer.address, city="Kiel")))
    other = replace(invoice, buyer=replace(invoice.buyer, vat_id="DE811907980"))
    assert found_in(moved).customer.ident == first.customer.ident
    assert found_in(moved).invoice_address_ident != first.invoice_address_ident
    assert found_in(other).customer.ident != first.customer.ident
    for ident in (ident_of("Ärzte & Söhne, Straße"), ident_of("株式会社"), ident_of("x" * 300), first.request.request_id):
        assert IDENT.fullmatch(ident)
    assert ident_of("Ärzte & Söhne, Straße").startswith("aerzte-soehne-strasse-")


def test_seller_number_and_year_are_the_identity_whatever_the_syntax() -> None:
    invoice = einvoice_of(simple())
    same = [identity_of(read_einvoice(written)) for written in (ubl_of(simple()), cii_of(simple()))]
    spaced = replace(invoice, seller=replace(invoice.seller, vat_id="de 136 695 976", name="Another spelling"))
    assert {identity_of(invoice), identity_of(spaced), *same} == {found_in(invoice).request.request_id}
    others = (
        replace(invoice, number="RE-other"),
        replace(invoice, issue_date=invoice.issue_date.replace(year=2025)),
        replace(invoice, seller=replace(invoice.seller, vat_id="DE129273398")),
    )
    assert len({identity_of(one) for one in (invoice, *others)}) == 4


@pytest.mark.parametrize(
    ("line", "street", "number"),
    [
        ("Hauptstraße 2", "Hauptstraße", "2"),
        ("Straße des 17. Juni 135 b", "Straße des 17. Juni", "135 b"),
        ("Am Kai 7-9a", "Am Kai", "7-9a"),
        ("[Seller address line 1]", "[Seller address line 1]", None),
        ("Postfach", "Postfach", None),
        (None, None, None),
    ],
)
def test_house_number(line: str | None, street: str | None, number: str | None) -> None:
    address = address_of(PostalAddress(country="DE", line_1=line))
    assert (address.street, address.street_no) == (street, number)


def test_what_is_no_vat_id_is_kept_as_tax_number() -> None:
    base = einvoice_of(simple())
    seller = replace(base.seller, vat_id="DE/12/345/67890", tax_number=None)
    site = found_in(replace(base, seller=seller)).site
    assert (site.vat_id, site.tax_number) == (None, "DE/12/345/67890")
    assert found_in(replace(base, seller=replace(seller, vat_id="DE 136 695 976"))).site.vat_id == "DE136695976"


def test_a_small_business_stays_one() -> None:
    assert found_in(einvoice_of(PAPERS["small business"])).site.small_business
    assert not found_in(einvoice_of(PAPERS["E"])).site.small_business


def test_the_rate_of_a_foreign_currency_is_the_one_of_its_tax() -> None:
    rate = found_in(einvoice_of(PAPERS["380 USD"])).request.exchange_rate
    assert rate is not None
    assert rate.rate == Decimal("1.08497")  # 190.00 USD / 175.12 EUR: BT-111 comes out again
    assert issue_again(einvoice_of(PAPERS["380 USD"])).ledger.tax == Decimal("175.12")  # type: ignore[union-attr]


def told_of(invoice: EInvoice) -> tuple[str, ...]:
    """But for its number, which is always another."""
    issued = replace(einvoice_of(issue_again(invoice)), number=invoice.number)
    return left_out(invoice, with_supporting(issued, supporting_again(invoice)))


def test_what_the_new_document_does_not_say_is_told_by_term_and_value() -> None:
    base = einvoice_of(simple())
    assert told_of(base) == ()
    invoice = replace(
        base,
        tax_point_code="432",
        payment=PaymentInstructions(means_code="48", card=PaymentCard(number="1234"), remittance=base.payment.remittance),  # type: ignore[union-attr]
        unread=("Invoice/Anything: 42",),
    )
    assert told_of(invoice) == (
        "BT-8 tax point code: 432",
        "BT-81 payment means: 48",
        "BT-87 card: 1234",
        "Invoice/Anything: 42",
    )


def test_what_used_to_be_lost_is_kept() -> None:
    base = einvoice_of(simple(note="n" * 700))
    line = replace(
        base.lines[0],
        buyer_item_id="B-7",
        standard_item_id=Identifier(value="4012345000009", scheme="0160"),
        classifications=(Classification(code="81112000", list_id="SRV"),),
        origin_country="PL",
        order_line="10",
        accounting_reference="K-1",
    )
    invoice = replace(
        base,
        lines=(line,),
        seller=replace(base.seller, identifiers=(Identifier(value="4000001000005", scheme="0088"), Identifier(value="4711"))),
        buyer=replace(base.buyer, identifiers=(Identifier(value="0815", scheme="0088"),)),
        payee=Payee(name="Factoring AG", identifier=Identifier(value="F-1"), legal_registration=Identifier(value="HRB 9")),
        tax_representative=TaxRepresentative(
            name="Fiskalvertreter GmbH", vat_id="DE129273398", address=PostalAddress(country="DE", line_1="Kai 1", city="Kiel")
        ),
        project="P-1",
        sales_order="A-1",
        receiving_advice="W-1",
        despatch_advice="L-1",
        tender="Los 1",
        accounting_reference="4400",
    )
    assert told_of(invoice) == ()
    document = issue_again(invoice)
    for written in (ubl_of(document), cii_of(document)):
        assert [found for found in findings(written) if found.level == "fatal"] == []
        again = read_einvoice(written)
        assert (again.payee, again.tax_representative) == (invoice.payee, invoice.tax_representative)
        assert (again.lines[0].origin_country, again.lines[0].standard_item_id) == ("PL", line.standard_item_id)


def test_a_credit_that_names_no_invoice_says_its_time() -> None:
    credit = issue_again(replace(einvoice_of(simple()), type_code="381"))
    assert (credit.document_type, credit.related, credit.totals.gross) == (DocumentType.CREDIT_MEMO, (), Decimal("119.00"))


@pytest.mark.parametrize(
    ("allowance", "quantity", "net", "rows"),
    [
        ("150", "1", "-50.00", [("100.00", False), ("150.00", True)]),
        (None, "1", "-100.00", [("100.00", True)]),
        ("10", "-1", "-110.00", [("110.00", True)]),
    ],
)
def test_the_direction_of_a_row_is_that_of_its_sum(
    allowance: str | None, quantity: str, net: str, rows: list[tuple[str, bool]]
) -> None:
    base = einvoice_of(simple())
    parts = (AllowanceOrCharge(is_charge=False, amount=Decimal(allowance), reason="Nachlass"),) if allowance else ()
    turned = replace(base.lines[0], ident="2", quantity=Decimal(quantity), net=Decimal(net), allowances=parts)
    lines = (replace(base.lines[0], quantity=Decimal(5), net=Decimal(500)), turned)
    sum_of = Decimal(500) + Decimal(net)
    tax = sum_of * 19 / 100
    totals = replace(base.totals, lines=sum_of, net=sum_of, tax=tax, gross=sum_of + tax, payable=sum_of + tax)
    document = issue_again(
        replace(base, lines=lines, totals=totals, breakdown=(replace(base.breakdown[0], base=sum_of, amount=tax),))
    )
    assert [(f"{abs(item.total.net):.2f}", item.is_credit) for item in document.items[1:]] == rows


def test_a_rate_is_given_for_an_invoice_that_says_none() -> None:
    invoice = replace(einvoice_of(simple()), currency="DKK")
    found = imported(invoice, billing_group_ident="g", rates={"DKK": Decimal("7.46")})
    assert found.request.exchange_rate is not None
    assert (found.request.exchange_rate.rate, found.request.exchange_rate.date) == (Decimal("7.46"), invoice.issue_date)


def test_a_base_of_many_decimals_is_the_same_price_of_a_larger_one() -> None:
    base = einvoice_of(simple())
    line = replace(base.lines[0], price=Decimal("0.00101"), price_base=Decimal("0.0000101"))
    item = issue_again(replace(base, lines=(line,))).items[0]
    assert item.unit.net / item.price_base_quantity == 100
