"""Of the official examples and those of vendors at least nine in ten are issued again, and what they say is kept or told.

The trees of both files are compared without our reader: each text of the original stands in one of the new files or in what is told.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from lxml import etree
from tests.factories.einvoices.issued_again import issue_again

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import cii_of, einvoice_of, left_out, read_einvoice, read_file, ubl_of, why_no_xml
from contor.kernel.errors import Refused

FAMILIES = {
    "XRechnung": ("xrechnung-testsuite/business-cases", 0.9),
    "EN 16931, CII": ("en16931-1.3.16/examples-cii", 0.8),
    "EN 16931, UBL": ("en16931-1.3.16/examples-ubl", 0.8),
    "Factur-X and ZUGFeRD": ("facturx-1.09-zugferd-2.5.2/examples", 0.85),
}
"""Folder, and the part that is issued again: where it is below nine in ten, the rest has no lines, no address or no tax id, which the
law wants (section 14 (4) UStG); a file dated after today waits for its day."""
OURS = frozenset(
    (
        *("ID", "ProfileID", "CustomizationID", "IssueDate", "InvoiceTypeCode", "CreditNoteTypeCode", "LineID", "ParentLineID"),
        *("LineStatusReasonCode", "TypeCode", "ChargeIndicator", "Indicator", "PaymentMeansCode", "BasisQuantity", "ChargeAmount"),
        *("UBLVersionID", "CopyIndicator", "EmbeddedDocumentBinaryObject", "AttachmentBinaryObject"),
    )
)
"""Elements that the new document says in its own words, or that mean the same in another form: its number, its rules, its rows'
numbers, the means of payment, a price for another base; a file is told by its name."""


def texts(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iter(etree.Element):
        if len(element) == 0 and (element.text or "").strip():
            yield etree.QName(element).localname, element.text or ""


def plain(text: str) -> str:
    """Numbers, days and blanks in one form."""
    text = re.sub(r"^#[A-Z]{3}#", "", " ".join(text.split()))
    if match := re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(Z|[+-]\d\d:\d\d)?", text):
        return "-".join(match.groups()[:3])
    try:
        return format(abs(Decimal(text)).normalize(), "f")
    except InvalidOperation:
        return text.replace(" ", "").upper()


def silent(original: bytes, written: tuple[bytes, ...], told: tuple[str, ...]) -> list[tuple[str, str]]:
    """What the original says and nobody repeats or tells."""
    said = {plain(text) for file in written for _, text in texts(etree.fromstring(file))}
    around = plain("\n".join([*told, *(text for file in written for _, text in texts(etree.fromstring(file)))]))
    values = {plain(value) for entry in told for value in entry.rsplit(": ", 1)[1:]}
    lost = []
    for name, text in texts(etree.fromstring(original)):
        parts = [plain(line)[:100] for line in text.split("\n") if line.strip() and plain(line) != "0"]
        if name not in OURS and not all(part in said or part in around or part in values for part in parts):
            lost.append((name, text))
    return lost


@pytest.mark.parametrize(("folder", "least"), FAMILIES.values(), ids=FAMILIES)
def test_foreign_invoices_are_issued_again_and_nothing_is_lost_in_silence(shared: Path, folder: str, least: float) -> None:
    files = sorted(path for path in (shared / "artefacts" / folder).rglob("*") if path.suffix.lower() == ".xml")
    equal, refused = 0, list[tuple[str, list[str]]]()
    for path in files:
        content = path.read_bytes()
        try:
            original = read_file(content)
            document = issue_again(original)
        except Refused as found:
            if not [finding for finding in findings(content) if finding.level == "fatal"]:
                refused.append((path.name, [problem.message for problem in found.problems]))
            continue
        ours, theirs = document.totals, original.totals
        figures = (ours.net, ours.tax, ours.gross, ours.payable)
        assert [abs(value) for value in figures] == [abs(it) for it in (theirs.net, theirs.tax, theirs.gross, theirs.payable)]
        equal += 1
        if not why_no_xml(document):
            written = (ubl_of(document), cii_of(document))
            assert all(read_einvoice(file).totals.payable == einvoice_of(document).totals.payable for file in written)
            assert silent(content, written, left_out(original, einvoice_of(document))) == [], path.name
    assert equal >= least * (equal + len(refused)), refused
