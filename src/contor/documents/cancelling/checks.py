"""What must hold of what credits are."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.cancelling.in_part import credit_kind
from contor.documents.queries import credits_of, documents_by_id
from contor.kernel.checks import check
from contor.runtime.integrity import in_pages
from contor.runtime.uow import Uow


class _Kind(NamedTuple):
    document_id: int
    credited_document_id: int
    kind: str


@check("documents.credits_are_of_the_kind_that_they_say")
def kinds(uow: Uow) -> Iterable[str]:
    """What is kept of a credit's kind is what it says itself, and it takes back what is named."""
    sql = "SELECT document_id, credited_document_id, kind FROM credit_kind WHERE document_id > %s"
    for page in in_pages(uow, _Kind, sql, "document_id"):
        documents = documents_by_id(uow, {row.document_id for row in page})
        credits = credits_of(uow, {row.credited_document_id for row in page})
        for row in page:
            document = documents.get(row.document_id)
            if document is None or row.document_id not in credits.get(row.credited_document_id, ()):
                yield f"document {row.document_id} takes nothing of {row.credited_document_id} back"
            elif credit_kind(document) != row.kind:
                yield f"credit {document.ident} is kept as {row.kind}, and says {credit_kind(document)}"
