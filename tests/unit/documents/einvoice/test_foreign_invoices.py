"""Of the official examples and those of vendors at least nine in ten are issued again, and what they say is kept or told.

The trees of both files are compared without our reader: each text of the original stands in the element of the same name in the new
file, or in the one to which it has moved, or it is told.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from lxml import etree
from tests.factories.einvoices.issued_again import issue_again, supporting_again

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import cii_of, einvoice_of, left_out, read_einvoice, read_file, ubl_of, why_no_xml, with_supporting
from contor.kernel.errors import Refused

LEAST = Decimal("0.9")
FAMILIES = {
    "XRechnung": "xrechnung-testsuite/business-cases",
    "EN 16931, CII": "en16931-1.3.16/examples-cii",
    "EN 16931, UBL": "en16931-1.3.16/examples-ubl",
    "Factur-X and ZUGFeRD": "facturx-1.09-zugferd-2.5.2/examples",
}
_NO_ADDRESS = "neither party has an address (section 14 (4) no. 1 UStG)"
NO_INVOICE_OF_OURS = {
    "CII_example6.xml": _NO_ADDRESS,
    "ubl-tc434-example6.xml": _NO_ADDRESS,
    "issue116.xml": _NO_ADDRESS,
    "FT G2G_TD01 con Allegato, Bonifico e Split Payment.xml": "the Italian state keeps the tax (category B)",
    "factur-x-2.xml": "dated after the day of the test",
    "factur-x-3.xml": "dated after the day of the test",
}
"""What keeps the rules of EN 16931 and is yet nothing that may be issued; beside files without lines (MINIMUM, BASIC WL)."""
OURS = (
    *("#/ID", "/ExchangedDocument/ID", "Line/ID", "/LineID", "/ParentLineID", "/LineStatusReasonCode", "/CustomizationID"),
    *("GuidelineSpecifiedDocumentContextParameter/ID", "/UBLVersionID", "/CopyIndicator", "/TaxScheme/ID", "Tax/TypeCode"),
    *("ChargeIndicator", "/Indicator", "AdditionalReferencedDocument/TypeCode", "/BaseQuantity", "/BasisQuantity"),
    *("BinaryDocumentObject", "BinaryObject", "PaymentMeans/PaymentMeansCode", "PaymentMeans/TypeCode", "/PriceAmount"),
    *("TradePrice/ChargeAmount", "TypeCode#"),
)
"""Ends of the paths of elements that the new document says in its own words or in another form: its number, its rules, its rows'
numbers, the means of payment, a price for another base; a file is told by its name."""
MOVED = {
    "ApplicableProductCharacteristic/Description": ("SpecifiedTradeProduct/Description",),
    "ApplicableProductCharacteristic/Value": ("SpecifiedTradeProduct/Description",),
    "AssociatedDocumentLineDocument/IncludedNote/Content": ("SpecifiedTradeProduct/Description", "SpecifiedTradeProduct/Name"),
    "SpecifiedTradeProduct/Description": ("SpecifiedTradeProduct/Name",),
    "SpecifiedTradeProduct/Name": ("SpecifiedTradeProduct/Description",),
    "AdditionalItemProperty/Name": ("Item/Description",),
    "AdditionalItemProperty/Value": ("Item/Description",),
    "InvoiceLine/Note": ("Item/Description", "Item/Name"),
    "Item/Description": ("Item/Name",),
    "Item/Name": ("Item/Description",),
    "InvoicePeriod/StartDate": ("InvoicePeriod/StartDate", "Delivery/ActualDeliveryDate"),
    "InvoicePeriod/EndDate": ("InvoicePeriod/EndDate", "Delivery/ActualDeliveryDate"),
    "Delivery/ActualDeliveryDate": ("InvoicePeriod/StartDate", "InvoicePeriod/EndDate"),
    "BillingSpecifiedPeriod/StartDateTime/DateTimeString": ("StartDateTime/DateTimeString", "OccurrenceDateTime/DateTimeString"),
    "BillingSpecifiedPeriod/EndDateTime/DateTimeString": ("EndDateTime/DateTimeString", "OccurrenceDateTime/DateTimeString"),
    "OccurrenceDateTime/DateTimeString": ("StartDateTime/DateTimeString", "EndDateTime/DateTimeString"),
    "AdditionalStreetName": ("AdditionalStreetName",),
    "PostalTradeAddress/LineTwo": ("PostalTradeAddress/LineTwo",),
    "AddressLine/Line": ("AdditionalStreetName",),
    "PostalTradeAddress/LineThree": ("PostalTradeAddress/LineTwo",),
    "ApplicableTradePaymentDiscountTerms/CalculationPercent": ("SpecifiedTradePaymentTerms/Description",),
    "ApplicableTradePaymentDiscountTerms/BasisPeriodMeasure": ("SpecifiedTradePaymentTerms/Description",),
    "SpecifiedLogisticsServiceCharge/Description": ("SpecifiedTradeAllowanceCharge/Reason",),
    "SpecifiedLogisticsServiceCharge/AppliedAmount": ("SpecifiedTradeAllowanceCharge/ActualAmount",),
    "AppliedTradeTax/CategoryCode": ("CategoryTradeTax/CategoryCode",),
    "AppliedTradeTax/RateApplicablePercent": ("CategoryTradeTax/RateApplicablePercent",),
    "#/DueDate": ("PaymentMeans/PaymentDueDate",),
}
"""Ends of paths, and where what stands there may stand in the new document: in one text with others, in the form that EN 16931 has
for it, or once for all rows."""


def leaves(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Path below the root, which is `#`, and text; a credit note by the names of an invoice, a sub-line by those of a line."""
    for element in root.iter(etree.Element):
        if len(element) == 0 and (text := element.text or "").strip():
            steps = [etree.QName(above).localname for above in reversed(list(element.iterancestors()))][1:]
            path = "/".join(["#", *steps, etree.QName(element).localname])
            path = re.sub("(Sub)?(Credit|Debit)NoteLine", "InvoiceLine", path).replace("SubInvoiceLine/", "")
            path = path.replace("CreditedQuantity", "InvoicedQuantity").replace("CreditNoteTypeCode", "InvoiceTypeCode")
            yield ("#/TypeCode#" if path.endswith(("InvoiceTypeCode", "ExchangedDocument/TypeCode")) else path), text


def plain(text: str) -> str:
    """Numbers, days and blanks in one form; a reversal turns signs."""
    text = re.sub(r"^#[A-Z]{3}#", "", " ".join(text.split()))
    if match := re.fullmatch(r"((?:19|20)\d{2})-?(\d{2})-?(\d{2})(Z|[+-]\d\d:\d\d)?", text):
        return "-".join(match.groups()[:3])
    try:
        return format(abs(Decimal(text)).normalize(), "f")
    except InvalidOperation:
        return text.replace(" ", "").upper()


def pieces(text: str) -> set[str]:
    return {plain(piece) for piece in re.split(r"[:#=,\n]", text) if piece.strip()}


def silent(original: bytes, written: bytes, told: tuple[str, ...]) -> list[tuple[str, str]]:
    """What the original says and nobody repeats in its place or tells."""
    said: dict[str, list[str]] = defaultdict(list)
    for path, text in leaves(etree.fromstring(written)):
        said[path].append(text)
    after = [part for entry in told for part in (entry.partition(": ")[2], entry.rpartition(": ")[2])]
    values = {plain(value) for value in after} | {piece for value in after for piece in pieces(value)}

    def is_kept(path: str, line: str) -> bool:
        here = plain(line)
        if any(here == plain(text) or here in map(plain, text.split("\n")) for text in said[path]) or here in values:
            return True
        if any(value.endswith("…") and here.startswith(value[:-1]) for value in values):
            return True
        to = tuple(target for end, targets in MOVED.items() if path.endswith(end) for target in targets)
        moved = [text for found, texts in said.items() if to and found.endswith(to) for text in texts]
        parts = {piece for text in moved for piece in (plain(text), *pieces(text))}
        return here in parts or (bool(pieces(line)) and pieces(line) <= parts)

    return [
        (path, line)
        for path, text in leaves(etree.fromstring(original))
        if not path.endswith(OURS)
        for line in text.split("\n")
        if plain(line) not in ("", "0") and not is_kept(path, line)
    ]


@pytest.mark.parametrize("folder", FAMILIES.values(), ids=FAMILIES)
def test_foreign_invoices_are_issued_again_and_nothing_is_lost_in_silence(shared: Path, folder: str) -> None:
    files = sorted(path for path in (shared / "artefacts" / folder).rglob("*") if path.suffix.lower() == ".xml")
    equal, refused = 0, list[tuple[str, list[str]]]()
    for path in files:
        content = path.read_bytes()
        try:
            original = read_file(content)
            document = issue_again(original)
        except Refused as found:
            if not is_excused(path, content, found):
                refused.append((path.name, [problem.message for problem in found.problems]))
            continue
        ours, theirs = document.totals, original.totals
        figures = (ours.net, ours.tax, ours.gross, ours.payable)
        assert [abs(value) for value in figures] == [abs(it) for it in (theirs.net, theirs.tax, theirs.gross, theirs.payable)]
        equal += 1
        assert why_no_xml(document) == [], path.name
        supporting = supporting_again(original)
        written = (ubl_of(document, supporting), cii_of(document, supporting))
        assert all(read_einvoice(file).totals.payable == einvoice_of(document).totals.payable for file in written)
        same_syntax = written[b"CrossIndustryInvoice" in content]
        assert silent(content, same_syntax, left_out(original, with_supporting(einvoice_of(document), supporting))) == [], path.name
    assert equal >= LEAST * (equal + len(refused)), refused


def is_excused(path: Path, content: bytes, found: Refused) -> bool:
    """It is no invoice that may be issued, or breaks the official rules (those of profile EXTENDED are not run here)."""
    if path.name in NO_INVOICE_OF_OURS or "lines_missing" in [problem.code for problem in found.problems]:
        return True
    return b"extended" not in content[:3000] and any(finding.level == "fatal" for finding in findings(content))


def test_the_comparison_finds_what_is_lost() -> None:
    original = b"<I><A><N>7</N><M>1</M></A><B><N>8</N></B><Note>Sent</Note></I>"
    assert silent(original, original, ()) == []
    written = b"<I><A><N>8</N><M>7</M></A><B><N>8</N></B><Note>Sent by us</Note></I>"
    assert silent(original, written, ("BT-1 number: 7",)) == [("#/A/M", "1"), ("#/Note", "Sent")]
