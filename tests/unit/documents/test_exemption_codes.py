"""A reason of the list VATEX belongs to a category: what contradicts it is refused before the number, wherever an exemption is said."""

import re
from pathlib import Path

import pytest
from tests.factories.documents import a_customer
from tests.factories.requests import a_request, a_row, a_tax, facts, issued, related

from contor.documents.exemptions import complete
from contor.documents.judge import Facts, item_code_findings, request_findings
from contor.documents.types import DocumentRequest, DocumentType, RequestedAllowanceCharge, TaxDetail
from contor.kernel.codes import EXEMPT, EXEMPTION, REASONS
from contor.kernel.errors import Problem
from contor.kernel.shapes import replace

INVOICE = DocumentType.INVOICE
WITHOUT_TAX = ("E", "AE", "K", "G", "O")
CODE = "exemption_code_of_other_category"


def of_row(category: str, code: str) -> DocumentRequest:
    return a_request(a_row(tax_detail=TaxDetail(taxes=(a_tax("0", category, exemption_reason_code=code),))))


def of_allowance(category: str, code: str) -> DocumentRequest:
    row = a_row(tax_detail=TaxDetail(taxes=(a_tax("0", category, exemption_reason_text="frei"),)))
    tax = a_tax("0", category, exemption_reason_code=code)
    entry = RequestedAllowanceCharge(ident="a", type="CHARGE", name="Fracht", amount=row.quantity, tax=tax)
    return a_request(row, allowances_charges=(entry,))


def told(request: DocumentRequest, known: Facts | None = None, document_type: DocumentType = INVOICE) -> list[Problem]:
    return [found for found in request_findings(request, document_type, known or facts()) if found.code == CODE]


def fits(category: str, code: str) -> bool:
    (item,) = of_row(category, code).items
    return not list(item_code_findings(item, "de", "items[0]"))


@pytest.mark.parametrize(
    ("category", "code", "expected"),
    [
        ("E", "VATEX-EU-IC", "or category K"),
        ("E", "VATEX-EU-G", "or category G"),
        ("E", "VATEX-EU-AE", "or category AE"),
        ("E", "VATEX-FR-AE", "or category AE"),
        ("E", "vatex-eu-o", "or category O"),
        ("AE", "VATEX-EU-G", "expected is VATEX-EU-AE"),
        ("AE", "VATEX-EU-132", "or category E"),
        ("K", "VATEX-EU-AE", "expected is VATEX-EU-IC"),
        ("K", "VATEX-EU-F", "or category E"),
        ("G", "VATEX-EU-IC", "expected is VATEX-EU-G"),
        ("G", "VATEX-EU-D", "or category E"),
        ("O", "VATEX-EU-J", "expected is VATEX-EU-O"),
        ("O", "VATEX-EU-I", "or category E"),
    ],
)
def test_a_reason_of_another_category_is_refused_by_name(category: str, code: str, expected: str) -> None:
    for request, field in (
        (of_row(category, code), "items[0].taxDetail.taxes[0].exemptionReasonCode"),
        (of_allowance(category, code), "allowancesCharges[0].tax.exemptionReasonCode"),
    ):
        (found,) = told(request)
        assert (found.field, found.rejected_value) == (field, code.upper())
        assert found.message.startswith(f"{code.upper()} (BT-121) is no reason of category {category}: ")
        assert expected in found.message


def test_every_code_is_the_reason_of_a_category() -> None:
    of = {code: [category for category in WITHOUT_TAX if fits(category, code)] for code in EXEMPTION.codes()}
    assert all(of.values())
    assert {code for code, categories in of.items() if categories == ["E"]} == EXEMPT.codes() - {"VATEX-EU-146-1E", "VATEX-EU-79-C"}
    assert {name: {code for code, categories in of.items() if name in categories} for name in REASONS} == {
        name: set(codes) for name, codes in REASONS.items()
    }


def test_what_peppol_refuses_is_refused(shared: Path) -> None:
    """PEPPOL-EN16931-P0104 to P0111, as they stand in the rules."""
    rules = (shared / "artefacts" / "peppol-bis3-2026.5" / "PEPPOL-EN16931-UBL.xslt").read_text()
    pairs = re.findall(
        r"upper-case\(cbc:TaxExemptionReasonCode\)='([A-Z-]+)'\]\" mode=.{0,300}?normalize-space\(cbc:ID\)='([A-Z]+)'",
        rules,
        re.DOTALL,
    )
    assert len(pairs) == 8
    for code, right in pairs:
        assert [category for category in WITHOUT_TAX if fits(category, code)] == [right], code


def test_the_category_follows_from_the_reason_where_none_is_said() -> None:
    for code, category in (("VATEX-EU-IC", "K"), ("VATEX-FR-AE", "AE"), ("VATEX-EU-D", "E"), ("VATEX-EU-132", "E")):
        tax = a_tax("0", None, exemption_reason_code=code)
        known = facts(customer=a_customer(vat_id="ATU12345675"))
        assert told(a_request(a_row(tax_detail=TaxDetail(taxes=(tax,)))), known) == []
        assert fits(category, code)


def test_a_tax_of_an_allowance_is_judged_as_that_of_a_row() -> None:
    for tax, code, field in (
        (a_tax("0", "E"), "exemption_reason_missing", "exemptionReasonText"),
        (a_tax("7", "E", exemption_reason_text="frei"), "rate_not_zero", "rate"),
        (a_tax("0", "S"), "rate_missing", "rate"),
        (a_tax("19", "S", exemption_reason_text="frei"), "exemption_reason_not_expected", "exemptionReasonText"),
    ):
        entry = RequestedAllowanceCharge(ident="a", type="CHARGE", name="Fracht", amount=a_row().quantity, tax=tax)
        found = request_findings(a_request(a_row(), allowances_charges=(entry,)), INVOICE, facts())
        assert [(one.code, one.field) for one in found] == [(code, f"allowancesCharges[0].tax.{field}")]


def test_what_was_issued_so_can_be_taken_back() -> None:
    request = of_row("E", "VATEX-EU-132")
    old = issued(request)
    old = replace(old, items=(replace(old.items[0], taxes=(a_tax("0", "E", exemption_reason_code="VATEX-EU-IC"),)),))
    (row,) = of_row("E", "VATEX-EU-IC").items
    back = a_request(replace(row, reference_ident="i-1"), related_document_ident="RE-1")
    assert request_findings(back, DocumentType.CREDIT_MEMO, facts(related(old))) == []


@pytest.mark.parametrize("code", ["VATEX-EU-132", "HELLO"])
def test_a_reason_where_none_can_stand_is_one_finding_by_what_was_sent(code: str) -> None:
    tax = a_tax("19", "S", exemption_reason_code=code)
    (found,) = request_findings(a_request(a_row(tax_detail=TaxDetail(taxes=(tax,)))), INVOICE, facts())
    assert (found.code, found.field) == ("exemption_reason_not_expected", "items[0].taxDetail.taxes[0].exemptionReasonCode")


def test_a_credit_tells_all_its_wrong_codes_at_once() -> None:
    old = issued(of_row("E", "VATEX-EU-132"))
    (row,) = of_row("E", "HELLO").items
    back = a_request(replace(row, reference_ident="i-1", unit_code="QQQ"), related_document_ident="RE-1")
    found = request_findings(back, DocumentType.CREDIT_MEMO, facts(related(old)))
    assert [one.field for one in found] == ["items[0].unitCode", "items[0].taxDetail.taxes[0].exemptionReasonCode"]


WORDS = "Steuerschuldnerschaft des Leistungsempfängers"


@pytest.mark.parametrize(
    ("category", "code", "own", "language", "said"),
    [
        ("AE", None, "Bauleistung", "de", f"{WORDS}; Bauleistung"),
        ("AE", None, "Bauleistung", "en", "Reverse charge; Bauleistung"),
        ("AE", None, f"Hinweis: {WORDS.upper()}", "de", f"Hinweis: {WORDS.upper()}"),
        ("AE", None, "VAT reverse charge, Art. 196", "de", "VAT reverse charge, Art. 196"),
        ("AE", None, "Autoliquidation", "fr", "Autoliquidation"),
        ("K", None, "Ware nach Graz", "de", "Steuerfreie innergemeinschaftliche Lieferung; Ware nach Graz"),
        ("K", None, "Steuerfrei nach § 4 Nr. 1 b UStG", "de", "Steuerfrei nach § 4 Nr. 1 b UStG"),
        ("G", None, "nach Bern", "en", "Export outside the EU; nach Bern"),
        ("G", None, "Ausfuhr in die Schweiz", "de", "Ausfuhr in die Schweiz"),
        ("O", None, "Schadensersatz", "de", "Schadensersatz"),
        ("E", "VATEX-EU-F", None, "de", "Gebrauchtgegenstände/Sonderregelung"),
        ("E", "VATEX-EU-D", "Reise nach Rom", "de", "Sonderregelung für Reisebüros; Reise nach Rom"),
        ("E", "VATEX-EU-132", "Heilbehandlung", "de", "Heilbehandlung"),
    ],
)
def test_own_words_stand_beside_those_that_the_law_demands(
    category: str, code: str | None, own: str | None, language: str, said: str
) -> None:
    """Section 14a (5) and (6) UStG give the words, section 14 (4) no. 8 UStG wants the exemption named."""
    tax = a_tax("0", category, exemption_reason_code=code, exemption_reason_text=own)
    (once,) = complete((tax,), False, language)
    assert once.exemption_reason_text == said
    assert complete((once,), False, language) == (once,)  # a repetition adds nothing


def test_a_small_business_names_its_exemption() -> None:
    (tax,) = complete((a_tax("0", "E", exemption_reason_text="keine Umsatzsteuer"),), True, "de")
    assert tax.exemption_reason_text == "Steuerbefreiung für Kleinunternehmer nach § 19 UStG; keine Umsatzsteuer"
    (tax,) = complete((a_tax("0", "E", exemption_reason_text="Kleinunternehmer"),), True, "de")
    assert tax.exemption_reason_text == "Kleinunternehmer"
