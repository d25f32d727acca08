"""What a foreign e-invoice refers to, as properties of the request: of the document or of a row. Pure."""

from collections.abc import Iterable

from contor.documents.einvoice.model import EInvoice, Identifier, InvoiceLine, with_scheme
from contor.documents.long_texts import LONGEST_VALUE, in_parts, one_each
from contor.documents.properties import (
    BUYER_IDENTIFIER,
    BUYER_ITEM,
    CLASSIFICATION,
    NOTE,
    ORIGIN,
    ORIGINAL_DUE_DATE,
    ORIGINAL_NUMBER,
    PAYEE,
    PAYMENT_TERMS,
    REPRESENTATIVE,
    SELLER_IDENTIFIER,
    STANDARD_ITEM,
)
from contor.documents.references import OF_DOCUMENT, OF_ROW, Reference
from contor.documents.skonto import NO_DUE_DATE
from contor.documents.types import Property


def document_properties(invoice: EInvoice) -> tuple[Property, ...]:
    """What stays known about the original, and what its buyer wants to see again."""
    single: list[tuple[str, str | None]] = [
        (ORIGINAL_NUMBER, invoice.number),
        ("originalTypeCode", invoice.type_code),
        (ORIGINAL_DUE_DATE, invoice.due_date.isoformat() if invoice.due_date else NO_DUE_DATE),
        ("originalTaxCurrency", invoice.tax_currency),
        *_references(OF_DOCUMENT, invoice),
        *_payee(invoice),
        *_representative(invoice),
        *((BUYER_IDENTIFIER, with_scheme(number)) for number in invoice.buyer.identifiers[:1]),
    ]
    return (
        *_given(single),
        *one_each(SELLER_IDENTIFIER, (with_scheme(number) for number in invoice.seller.identifiers)),
        *in_parts(NOTE, "\n".join(note.text for note in invoice.notes)),
        *in_parts(PAYMENT_TERMS, (invoice.payment_terms or "").strip()),
    )


def row_properties(line: InvoiceLine) -> tuple[Property, ...]:
    single = [
        *_references(OF_ROW, line),
        (BUYER_ITEM, line.buyer_item_id),
        (STANDARD_ITEM, with_scheme(line.standard_item_id) if line.standard_item_id else None),
        (ORIGIN, line.origin_country),
    ]
    codes = (f"{code.list_id}:{code.code}" for code in line.classifications if not code.list_version)
    return (*_given(single), *one_each(CLASSIFICATION, codes))


def _given(found: Iterable[tuple[str, str | None]]) -> tuple[Property, ...]:
    """What does not fit is cut; that is told when the document stands."""
    return tuple(
        Property(key=key, value=value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…")
        for key, value in found
        if value
    )


def _references(references: Iterable[Reference], thing: EInvoice | InvoiceLine) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for reference in references:
        value: str | Identifier | None = getattr(thing, reference.model) if reference.model else None
        found.append((reference.key, value.value if isinstance(value, Identifier) else value))
    return found


def _payee(invoice: EInvoice) -> list[tuple[str, str | None]]:
    payee = invoice.payee
    if payee is None:
        return []
    numbers = (payee.identifier, payee.legal_registration)
    return list(zip(PAYEE, (payee.name, *(with_scheme(number) if number else None for number in numbers)), strict=True))


def _representative(invoice: EInvoice) -> list[tuple[str, str | None]]:
    found = invoice.tax_representative
    if found is None:
        return []
    at = found.address
    lines = (at.line_1, at.line_2, at.line_3, at.city, at.post_code, at.subdivision, at.country)
    return list(zip(REPRESENTATIVE, (found.name, found.vat_id, *lines), strict=True))
