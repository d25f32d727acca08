"""What XRechnung adds to EN 16931 is judged as its own Schematron judges it, and a file that breaks it is not for sending."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from saxonche import PySaxonProcessor
from tests.factories.einvoices.builders import simple
from tests.factories.einvoices.issued_again import issue_again
from tests.factories.einvoices.papers import PAPERS

from contor.documents.after.official_rules import findings, is_sendable
from contor.documents.einvoice import breaches, cii_of, einvoice_of, read_file, ubl_of
from contor.documents.einvoice.model import CBC
from contor.documents.properties import PAYMENT_TERMS
from contor.documents.skonto import is_readable
from contor.documents.types import CashDiscount, PaymentTerm, Property

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
OF_NO_FILE_OF_OURS = ("BR-DEX", "BR-DE-CVD", "BR-TMP", "PEPPOL-EN16931-R043")
"""Rules of the extension and of vehicles, and how a sign is spelt."""


def ubl_files(shared: Path) -> Iterator[tuple[Path, etree._Element]]:
    folders = ("xrechnung-3.0.2-sch-2.5.0/unit-instances", "xrechnung-testsuite/business-cases", "en16931-1.3.16/examples-ubl")
    for path in sorted(path for folder in folders for path in (shared / "artefacts" / folder).rglob("*.xml")):
        content = path.read_bytes()
        if b"CommonBasicComponents-2" in content and b"CustomizationID" in content:
            root = etree.fromstring(content)
            claimed = root.find(CBC["CustomizationID"])
            if etree.QName(root).localname in ("Invoice", "CreditNote") and claimed is not None:
                claimed.text = XRECHNUNG
                yield path, root


def test_it_is_judged_as_the_schematron_of_xrechnung_judges(shared: Path) -> None:
    stylesheet = shared / "artefacts/xrechnung-3.0.2-sch-2.5.0/XRechnung-UBL-validation.xslt"
    saxon = PySaxonProcessor(license=False)
    official = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(stylesheet))
    judged = set()
    for path, root in ubl_files(shared):
        node = saxon.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
        try:
            report = etree.fromstring(official.transform_to_string(xdm_node=node).encode("utf-8"))
        except Exception:  # numbers that are none stop it
            continue
        said = [(str(it.get("id")), it.get("flag")) for it in report.iter(f"{SVRL}failed-assert")]
        fatal = {rule for rule, flag in said if flag == "fatal" and not rule.startswith(OF_NO_FILE_OF_OURS)}
        assert {breach.rule for breach in breaches(root)} == fatal, path
        judged |= fatal
    assert len(judged) > 25


@pytest.mark.parametrize(
    ("terms", "readable"),
    [
        ("30 Tage netto", True),
        ("#SKONTO#TAGE=7#PROZENT=2.00#\n", True),
        ("#SKONTO#TAGE=7#PROZENT=2.00#", False),
        ("  #SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=-5.53#  \nDanach netto", True),
        ("#SKONTO#TAGE=7#PROZENT=2.0#\n", False),
        ("#SKONTO#TAGE=7#PROZENT=2.00# oder\n", False),
        ("# Zahlbar sofort", False),
        ("Auftrag #7 und #8", True),
        ("#SKONTO#TAGE=7#PROZENT=2.00#\nAuftrag #7 und #8", False),
    ],
)
def test_a_file_whose_terms_no_machine_reads_is_not_for_sending(terms: str, readable: bool) -> None:
    assert is_readable(terms) == readable
    root = etree.fromstring(ubl_of(PAPERS["380 everything"]))
    (note,) = root.iterfind(f"{{*}}PaymentTerms/{CBC['Note']}")
    note.text = terms
    found = findings(etree.tostring(root))
    assert [it.rule for it in found if it.level == "fatal"] == ([] if readable else ["BR-DE-18"])
    assert is_sendable(found) == readable


@pytest.mark.parametrize("write", [ubl_of, cii_of])
def test_what_does_not_claim_to_be_an_xrechnung_is_not_judged_as_one(write: object) -> None:
    assert callable(write)
    assert list(breaches(etree.fromstring(write(simple())))) == []


@pytest.mark.parametrize(
    ("text", "offers", "written"),
    [
        (None, ((10, "2"),), "#SKONTO#TAGE=10#PROZENT=2.00#\n"),
        ("Danach netto", ((10, "2"),), "#SKONTO#TAGE=10#PROZENT=2.00#\nDanach netto"),
        ("Davor\n  #SKONTO#TAGE=10#PROZENT=2.00#\nDanach", ((10, "2"),), "Davor\n#SKONTO#TAGE=10#PROZENT=2.00#\nDanach"),
        ("#SKONTO#TAGE=7#PROZENT=2.00#\n   #SKONTO#TAGE=14#PROZENT=1.00#BASISBETRAG=100.00#\n  ", (), None),
        ("Davor\n#SKONTO#TAGE=7#PROZENT=1.00#BASISBETRAG=-5.53#", (), "Davor\n#SKONTO#TAGE=7#PROZENT=1.00#BASISBETRAG=-5.53#\n"),
    ],
)
def test_payment_terms_are_written_as_the_rule_wants(
    text: str | None, offers: tuple[tuple[int, str], ...], written: str | None
) -> None:
    discounts = tuple(CashDiscount(days=days, percentage=Decimal(rate)) for days, rate in offers)
    properties = (Property(key=PAYMENT_TERMS, value=text),) if text else ()
    terms = einvoice_of(simple(payment_term=PaymentTerm(cash_discount=discounts), properties=properties)).payment_terms
    assert terms is not None and is_readable(terms)
    assert written is None or terms == written


@pytest.mark.parametrize(
    "name", ["ubl-inv/ubl-inv-br-de-18-test.xml", "ubl-cn/ubl-cn-br-de-18-test.xml", "cii/cii-br-de-18-test-skonto.xml"]
)
def test_skonto_of_others_is_issued_again_by_the_rule(shared: Path, name: str) -> None:
    path = shared / "artefacts/xrechnung-3.0.2-sch-2.5.0/unit-instances" / name
    document = issue_again(read_file(path.read_bytes()))
    assert document.e_invoice_format == "XRECHNUNG"
    assert [it.rule for it in findings(ubl_of(document)) if it.level == "fatal"] == []
