"""The papers that documents are, for who knows the documents alone."""

from collections.abc import Collection

from contor.documents.papers.listing import Paper
from contor.runtime.uow import Uow


def papers_of_documents(uow: Uow, document_ids: Collection[int], idents: Collection[str] = ()) -> list[Paper]:
    """Issued documents, named by their own number or by that which is printed, in the order of their numbers."""
    return uow.all(
        Paper,
        "SELECT coalesce(d.id, c.id) AS id, d.id AS draft_id, c.id AS document_id FROM document c"
        " LEFT JOIN draft d ON d.tenant_id = c.tenant_id AND d.document_id = c.id"
        " WHERE c.id = ANY (%s) OR c.ident = ANY (%s) ORDER BY c.id",
        (sorted(set(document_ids)), sorted(set(idents))),
    )
