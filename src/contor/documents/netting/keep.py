"""Keep which rows of issued documents take something back of others."""

from contor.documents.events import DocumentsIssued
from contor.documents.naming import documents_named
from contor.documents.netting import tables
from contor.documents.queries import documents_by_id
from contor.documents.types import Document
from contor.kernel.events import on
from contor.runtime.uow import Uow


def named_rows(document: Document) -> dict[str, tuple[str, str]]:
    """By its ident, the document and the row there of which a row takes something back; not what a credit credits."""
    credited = {it.ident for it in document.related if it.document_type is not None}
    return {
        item.ident: (item.related_document_ident, item.reference_ident)
        for item in document.items
        if item.reference_ident is not None
        and item.related_document_ident is not None
        and item.related_document_ident not in credited
    }


@on(DocumentsIssued)
def keep_netted_rows(uow: Uow, fact: DocumentsIssued) -> None:
    """Several companies may have a number: meant is the document of this customer that has the rows."""
    wanted = {draft.id: (draft.document.customer_ident, rows) for draft in fact.documents if (rows := named_rows(draft.document))}
    if not wanted:
        return
    named = documents_named(uow, {number for _, rows in wanted.values() for number, _ in rows.values()})
    contents = documents_by_id(uow, {one.id for found in named.values() for one in found})
    idents = {number: {item.ident for item in document.items} for number, document in contents.items()}
    kept = [
        {"document_id": document_id, "item_ident": ident, "netted_document_id": of, "netted_item_ident": row}
        for document_id, (customer, rows) in wanted.items()
        for ident, (number, row) in rows.items()
        for of in [one.id for one in named[number] if one.customer_ident == customer and row in idents[one.id]][:1]
    ]
    uow.insert(tables.document_netting, kept)
