"""Documents and requests that refer to all they can: each reference of the table, with a value of its own."""

import datetime as dt
from collections.abc import Iterable

from tests.factories.requests import a_request, a_row, facts, issued, related

from contor.documents.judge import whole_credit
from contor.documents.references import OF_DOCUMENT, OF_ROW, Reference
from contor.documents.types import Document, DocumentRequest, DocumentType, Period, Property

OCTOBER = Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31))


def value_of(reference: Reference, said: str = "") -> str:
    """The value that stands for a reference: its key and its term, which no other has."""
    return f"{said}{reference.key}-{reference.term or 'own'}"


def every(references: Iterable[Reference], said: str = "") -> tuple[Property, ...]:
    return tuple(Property(key=reference.key, value=value_of(reference, said)) for reference in references)


def a_request_with_every_reference(language: str = "de") -> DocumentRequest:
    row = a_row(service_period=OCTOBER, properties=every(OF_ROW), article_number="A-1", description="Webhosting")
    return a_request(row, language=language, properties=every(OF_DOCUMENT))


def an_invoice_with_every_reference(language: str = "de") -> Document:
    return issued(a_request_with_every_reference(language), ident="RE-2026-000007")


def its_credit(document: Document) -> Document:
    """The credit memo over all of `document`."""
    request = whole_credit(document, "r-credit", document.document_date)
    return issued(request, DocumentType.CREDIT_MEMO, facts(related(document)), "GS-2026-000007")
