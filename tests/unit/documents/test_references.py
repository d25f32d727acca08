"""The table of references: it is whole, and what it names is asked for, frozen, printed, written, read and repeated."""

import dataclasses
import importlib.util
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from lxml import etree
from tests.checkers.printed import text_of
from tests.factories.references import a_request_with_every_reference, an_invoice_with_every_reference, every, its_credit, value_of
from tests.factories.requests import TODAY, a_request, a_row, codes, facts, issued, with_property

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import cii_of, imported, left_out, read_einvoice, ubl_of
from contor.documents.einvoice.model.invoice import EInvoice, InvoiceLine, Profile
from contor.documents.einvoice.of_document.of_document import einvoice_of
from contor.documents.judge import Changes, once_more, request_findings
from contor.documents.references import FIELDS_OF_DOCUMENT, OF_DOCUMENT, OF_ROW, Reference, given, kept, one_line, repeated
from contor.documents.render import render_pdf
from contor.documents.types import Document, DocumentItem, DocumentType, Property
from contor.kernel.shapes import replace

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[4] / "shared"))
ALL = [*OF_DOCUMENT, *OF_ROW]
each_language = pytest.mark.parametrize("language", ["de", "en"])
each_paper = pytest.mark.parametrize("paper", [lambda document: document, its_credit], ids=["invoice", "credit memo"])
WRITERS: dict[str, Callable[[Document], bytes]] = {"UBL": ubl_of, "CII": cii_of}
each_syntax = pytest.mark.parametrize("syntax", WRITERS)
Made = Callable[[Document], Document]


# --- the table -----------------------------------------------------------------------------------------------------------------


def test_every_reference_of_en_16931_is_there() -> None:
    assert {reference.term for reference in OF_DOCUMENT} >= {f"BT-{number}" for number in range(10, 20)}
    assert {reference.term for reference in OF_ROW} >= {"BT-128", "BT-132", "BT-133"}


@pytest.mark.parametrize("name", ["key", "field", "model", "label"])
@pytest.mark.parametrize("references", [OF_DOCUMENT, OF_ROW], ids=["document", "row"])
def test_no_two_references_share_a_place(name: str, references: tuple[Reference, ...]) -> None:
    found = [getattr(reference, name) for reference in references if getattr(reference, name) is not None]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("reference", ALL, ids=value_of)
def test_a_reference_has_its_fields(reference: Reference) -> None:
    """The field of the frozen document has a default: what was frozen before it came stays readable."""
    frozen, model = (Document, EInvoice) if reference in OF_DOCUMENT else (DocumentItem, InvoiceLine)
    (field,) = [field for field in msgspec.structs.fields(frozen) if field.name == reference.field]
    assert field.default is None
    if reference.model is not None:
        assert reference.model in {field.name for field in dataclasses.fields(model)}
    assert (reference.model is None) == (reference.ubl is None) == (reference.cii is None) == (reference.label is None)


# --- asked for and frozen ------------------------------------------------------------------------------------------------------


def test_every_reference_that_is_asked_for_is_frozen() -> None:
    document = an_invoice_with_every_reference()
    assert {it.field: getattr(document, it.field) for it in OF_DOCUMENT} == {it.field: value_of(it) for it in OF_DOCUMENT}
    row = document.items[0]
    assert {it.field: getattr(row, it.field) for it in OF_ROW} == {it.field: value_of(it) for it in OF_ROW}


@pytest.mark.parametrize(
    ("said", "frozen"), [("A  7", "A 7"), (" A\n7\t", "A 7"), ("", None), (" \n ", None), (None, None), ("Ä" * 255, "Ä" * 255)]
)
def test_a_reference_is_one_line_of_text(said: str | None, frozen: str | None) -> None:
    assert one_line(said) == frozen
    properties = () if said is None else with_property("projectReference", said)
    assert given(FIELDS_OF_DOCUMENT, properties) == ({} if frozen is None else {"project_reference": frozen})


def test_an_empty_reference_leaves_that_of_the_customer() -> None:
    known = facts(buyer_reference="04011000")
    for properties in ((), with_property("buyerReference", " ")):
        assert issued(a_request(properties=properties), known=known).buyer_reference == "04011000"


def test_a_reference_is_given_once() -> None:
    twice = (*every(OF_DOCUMENT), Property(key="tenderReference", value="other"))
    row = a_row(properties=(*every(OF_ROW), Property(key="costCentre", value="other"), Property(key="colour", value="red")))
    request = a_request(row, properties=twice)
    found = [
        (problem.code, problem.field, problem.rejected_value)
        for problem in request_findings(request, DocumentType.INVOICE, facts())
    ]
    assert found == [
        ("reference_given_twice", f"properties[{len(OF_DOCUMENT)}].value", "other"),
        ("reference_given_twice", f"items[0].properties[{len(OF_ROW)}].value", "other"),
    ]
    assert codes(request, known=facts(own=True)) == []  # of our own billing: the first counts
    assert issued(request, known=facts(own=True)).tender_reference == "tenderReference-BT-17"


# --- printed, written, read ----------------------------------------------------------------------------------------------------


@each_paper
@each_language
def test_every_reference_is_printed_under_its_label(language: str, paper: Made) -> None:
    text = text_of(render_pdf(paper(an_invoice_with_every_reference(language)), None))
    for reference in ALL:
        value = re.sub(r"\W", "", value_of(reference))
        assert (value in re.sub(r"\W", "", text)) == (reference.label is not None), reference
        if reference.label is not None:
            assert reference.label.said(language) in text


@each_paper
@each_language
@each_syntax
def test_every_reference_is_written_and_read(language: str, paper: Made, syntax: str) -> None:
    document = paper(an_invoice_with_every_reference(language))
    written = WRITERS[syntax](document)
    assert [entry for entry in findings(written) if entry.level == "fatal"] == []
    texts = {element.text for element in etree.fromstring(written).iter()}
    assert {value_of(reference) for reference in ALL if reference.model} <= texts
    assert read_einvoice(written) == einvoice_of(document, Profile.EN16931 if syntax == "CII" else None)


@pytest.mark.parametrize("reference", [it for it in ALL if it.model], ids=value_of)
@each_paper
@each_syntax
def test_each_reference_stands_by_itself(reference: Reference, paper: Made, syntax: str) -> None:
    """None needs another one: UBL has no BT-14 without a BT-13."""
    entry = every([reference])
    row = a_row(properties=entry if reference in OF_ROW else ())
    made = paper(issued(a_request(row, properties=entry if reference in OF_DOCUMENT else ())))
    written = WRITERS[syntax](made)
    assert [found for found in findings(written) if found.level == "fatal"] == []
    assert read_einvoice(written) == einvoice_of(made, Profile.EN16931 if syntax == "CII" else None)


@pytest.fixture(scope="module")
def official() -> ModuleType:
    path = SHARED / "tools" / "einvoice_validate.py"
    if not path.exists():
        pytest.skip(f"the validator is not at {path}: set CONTOR_SHARED")
    spec = importlib.util.spec_from_file_location("einvoice_validate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each_paper
@each_syntax
def test_the_official_validator_accepts_every_reference(official: ModuleType, paper: Made, syntax: str, tmp_path: Path) -> None:
    file = tmp_path / "every.xml"
    file.write_bytes(WRITERS[syntax](paper(an_invoice_with_every_reference())))
    found = official.validate(str(file))[2]
    assert [entry for entry in found if entry["level"] in ("fatal", "error")] == []


@each_syntax
def test_every_reference_comes_back_by_import(syntax: str) -> None:
    original = an_invoice_with_every_reference()
    found = imported(read_einvoice(WRITERS[syntax](original)), billing_group_ident="external")
    again = issued(found.request, known=facts(site=found.site, customer=found.customer))
    assert {it.field: getattr(again, it.field) for it in OF_DOCUMENT} == {it.field: value_of(it) for it in OF_DOCUMENT}
    said = {it.field: value_of(it) if it.model else None for it in OF_ROW}
    assert {it.field: getattr(again.items[0], it.field) for it in OF_ROW} == said
    assert [entry for entry in left_out(einvoice_of(original), einvoice_of(again)) if "object" in entry] == []


def test_a_scheme_that_an_import_cannot_keep_is_told() -> None:
    invoice = einvoice_of(an_invoice_with_every_reference())
    assert invoice.object_id is not None and invoice.lines[0].object_id is not None
    line = replace(invoice.lines[0], object_id=replace(invoice.lines[0].object_id, scheme="ABT"))
    invoice = replace(invoice, object_id=replace(invoice.object_id, scheme="AAO"), lines=(line,))
    told = left_out(invoice, einvoice_of(an_invoice_with_every_reference()))
    assert told == ("BT-18 object, scheme: AAO", "line BT-128 object, scheme: ABT")


# --- repeated ------------------------------------------------------------------------------------------------------------------


def test_a_credit_of_all_and_a_reissue_say_every_reference_again() -> None:
    old = an_invoice_with_every_reference()
    new = issued(once_more(old, Changes("r-2", TODAY, "de", "a-1")), ident="RE-2")
    for document in (its_credit(old), new):
        assert {it.field: getattr(document, it.field) for it in OF_DOCUMENT} == {it.field: value_of(it) for it in OF_DOCUMENT}
        assert {it.field: getattr(document.items[0], it.field) for it in OF_ROW} == {it.field: value_of(it) for it in OF_ROW}


def test_a_reissue_corrects_a_reference() -> None:
    old = an_invoice_with_every_reference()
    asked = once_more(old, Changes("r-2", TODAY, "de", "a-1", properties=with_property("tenderReference", "new")))
    new = issued(asked, ident="RE-2")
    assert (new.tender_reference, new.contract_reference) == ("new", old.contract_reference)


def test_what_is_said_once_only_is_not_repeated() -> None:
    once = tuple(dataclasses.replace(reference, repeated=reference.term != "BT-12") for reference in OF_DOCUMENT)
    request = a_request_with_every_reference()
    assert {entry.key for entry in request.properties} - {entry.key for entry in kept(once, request.properties)} == {
        "contractReference"
    }
    assert [entry.key for entry in repeated(issued(request))] == [reference.key for reference in OF_DOCUMENT]
