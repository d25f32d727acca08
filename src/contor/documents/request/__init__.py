"""The request: the facts that it is judged by are read, and it is accepted."""

from contor.documents.request.accept import (
    REFERS,
    RequestDocument,
    archived_findings,
    known_request,
    request_document,
    request_row,
)
from contor.documents.request.facts import FactsSource, facts_of
from contor.documents.request.payers import with_iban
from contor.documents.request.related import credit_rows_of, discounts_of, related_documents
from contor.documents.request.today import Issued, with_parties_of_today

__all__ = [
    "REFERS",
    "FactsSource",
    "Issued",
    "RequestDocument",
    "archived_findings",
    "credit_rows_of",
    "discounts_of",
    "facts_of",
    "known_request",
    "related_documents",
    "request_document",
    "request_row",
    "with_iban",
    "with_parties_of_today",
]
