"""What a foreign e-invoice refers to, as properties of the request: of the document or of a row. Pure."""

from collections.abc import Iterable
from typing import Final

from contor.documents.einvoice.model import EInvoice, Identifier, InvoiceLine
from contor.documents.references import Reference
from contor.documents.types import Property

_LONGEST_VALUE: Final = 255

Given = tuple[str, str | None, str]
"""Key of the property, value, and the term (BT) that says it."""


def references_in(references: Iterable[Reference], thing: EInvoice | InvoiceLine, left_out: list[str]) -> list[Given]:
    """The references of the invoice or the line; the scheme of an identifier has no place here, and that is told."""
    found: list[Given] = []
    for reference in references:
        value: str | Identifier | None = getattr(thing, reference.model) if reference.model else None
        if isinstance(value, Identifier):
            if value.scheme:
                left_out.append(f"The scheme of {reference.key} ({reference.term}-1)")
            value = value.value
        found.append((reference.key, value, reference.term))
    return found


def as_properties(found: Iterable[Given], left_out: list[str]) -> tuple[Property, ...]:
    """The properties of all that has a value; what does not fit is told."""
    properties = []
    for key, value, term in found:
        if value and len(value) > _LONGEST_VALUE:
            left_out.append(f"What {key} ({term}) says after {_LONGEST_VALUE - 1} characters")
            value = f"{value[: _LONGEST_VALUE - 1]}…"  # noqa: PLW2901 (the shortened value is what is kept)
        if value:
            properties.append(Property(key=key, value=value))
    return tuple(properties)
