"""The references of a document or row in both syntaxes, written and read as the table of references says. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from contor.documents.einvoice.model.cursor import Cursor
from contor.documents.einvoice.model.elements import Element, SubElement
from contor.documents.einvoice.model.groups import Identifier
from contor.documents.einvoice.model.invoice import EInvoice, InvoiceLine
from contor.documents.einvoice.model.namespaces import PREFIXES
from contor.documents.references import OF_DOCUMENT, OF_ROW, Form, Reference, stated
from contor.documents.types import Document, DocumentItem

Forms = tuple[tuple[Reference, Form], ...]


class Syntax(NamedTuple):
    """The forms of one syntax, and how it tells papers and identifiers apart."""

    document: Forms
    row: Forms
    type_code: str
    """Element beside the number of a paper: which reference it is."""
    scheme: str
    """Element beside an identifier, or "@" and its attribute: the identifier's scheme."""


UBL_INVOICE: Final = Syntax(
    tuple((it, it.ubl) for it in OF_DOCUMENT if it.ubl),
    tuple((it, it.ubl) for it in OF_ROW if it.ubl),
    "cbc:DocumentTypeCode",
    "@schemeID",
)
UBL_CREDIT_NOTE: Final = UBL_INVOICE._replace(
    document=tuple((it, form) for it in OF_DOCUMENT if (form := it.ubl_credit_note or it.ubl))
)
CII: Final = Syntax(
    tuple((it, it.cii) for it in OF_DOCUMENT if it.cii),
    tuple((it, it.cii) for it in OF_ROW if it.cii),
    "ram:TypeCode",
    "ram:ReferenceTypeCode",
)


def references_of(references: Iterable[Reference], referring: Document | DocumentItem) -> dict[str, Any]:
    """Field of the model and value of each reference of an issued document or row."""
    return {
        it.model: Identifier(value=value) if it.has_scheme else value for it, value in stated(references, referring) if it.model
    }


# --- writing -----------------------------------------------------------------------------------------------------------------

Said = Mapping[str, Sequence[tuple[Form, Identifier]]]
"""What is to be written, by the element that it begins with."""


def said(thing: EInvoice | InvoiceLine, forms: Forms) -> Said:
    """The references that an invoice or a line has."""
    values = [(form, value) for reference, form in forms if (value := getattr(thing, reference.model or ""))]
    found: dict[str, list[tuple[Form, Identifier]]] = {}
    for form, value in values:
        identifier = value if isinstance(value, Identifier) else Identifier(value=value)
        found.setdefault(form.element, []).append((form, identifier))
    return found


def put_references(parent: Element, references: Said, elements: Iterable[str], syntax: Syntax) -> None:
    """Write those under `parent` that begin with one of the `elements`, in the elements' order."""
    if references:
        for element in elements:
            for form, identifier in references.get(element, ()):
                _put(parent, form, identifier, syntax)


def _put(parent: Element, form: Form, identifier: Identifier, syntax: Syntax) -> None:
    """One with a type code is a paper of its own; another may share its element with the one before."""
    *steps, name = form.path.split("/")
    holder = parent
    for step in steps:
        found = None if form.code else holder.find(_tag(step))
        holder = SubElement(holder, _tag(step)) if found is None else found
    _require(holder, form.before)
    written = SubElement(holder, _tag(name))
    written.text = identifier.value
    _require(holder, form.after)
    if form.code:
        SubElement(holder, _tag(syntax.type_code)).text = form.code
    if identifier.scheme and syntax.scheme.startswith("@"):
        written.set(syntax.scheme[1:], identifier.scheme)
    elif identifier.scheme:
        SubElement(holder, _tag(syntax.scheme)).text = identifier.scheme


def _require(holder: Element, wanted: tuple[str, str] | None) -> None:
    if wanted is not None and holder.find(_tag(wanted[0])) is None:
        SubElement(holder, _tag(wanted[0])).text = wanted[1]


@cache
def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix][local]


# --- reading -----------------------------------------------------------------------------------------------------------------


def read_references(found: Cursor, forms: Forms, syntax: Syntax, above: str = "") -> dict[str, Any]:
    """Field of the model and value of each reference that stands below `found`, or below the path `above` from there."""
    values: dict[str, object] = {}
    for reference, form in forms:
        assert reference.model is not None
        holder, _, name = f"{above}{form.section and f'{form.section}/'}{form.path}".rpartition("/")
        papers = found.all(holder) if holder else [found]
        if form.code:
            papers = [paper for paper in papers if _is(form, paper.text(syntax.type_code))]
        written = next((number for paper in papers for number in paper.all(name) if number.own()), None)
        if written is not None:
            values[reference.model] = _value(reference, written, papers, syntax)
    return values


def _is(form: Form, code: str | None) -> bool:
    return code == form.code or (code is None and form.alone)


def _value(reference: Reference, written: Cursor, papers: list[Cursor], syntax: Syntax) -> str | Identifier:
    if not reference.has_scheme:
        return written.own()
    if syntax.scheme.startswith("@"):
        return Identifier(value=written.own(), scheme=written.attribute(syntax.scheme[1:]))
    return Identifier(value=written.own(), scheme=papers[0].text(syntax.scheme))


def paper_codes(forms: Forms) -> frozenset[str]:
    """Type codes of the papers that are references, and so no supporting documents (BG-24)."""
    return frozenset(form.code for _, form in forms if form.code)
