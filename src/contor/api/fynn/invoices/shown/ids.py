"""Ids of invoices and their positions: UUIDs made of the numbers by which the core knows drafts, documents and rows.

An invoice keeps its id when it is finalized: it is known by the number of its draft.
"""

from collections.abc import Collection

from contor.api.ids import as_ulid, as_uuid, of_uuid
from contor.documents.papers import Paper, paper_known, papers_of_documents
from contor.runtime.uow import Uow, not_found


def invoice_id(uow: Uow, number: int) -> str:
    """The UUID of the paper of this number."""
    return as_uuid(number, f"{uow.ctx.tenant_id}:invoice")


def invoice_ids(uow: Uow, document_ids: Collection[int]) -> dict[int, str]:
    """By issued document its UUID."""
    papers = papers_of_documents(uow, document_ids) if document_ids else []
    return {paper.document_id: invoice_id(uow, paper.id) for paper in papers if paper.document_id is not None}


def invoice_number(uow: Uow, text: str) -> int | None:
    """The number of a paper that this UUID is of; None: it is none of ours."""
    return of_uuid(text, f"{uow.ctx.tenant_id}:invoice")


def paper_meant(uow: Uow, text: str) -> Paper:
    """The paper of a UUID, or of the number that is printed. Raises NOT_FOUND."""
    number = invoice_number(uow, text)
    found = paper_known(uow, number) if number is not None else next(iter(papers_of_documents(uow, (), [text])), None)
    if found is None:
        raise not_found("invoice", text)
    return found


def position_id(uow: Uow, number: int) -> str:
    return as_uuid(number, f"{uow.ctx.tenant_id}:invoice_position")


def position_number(uow: Uow, text: str) -> int | None:
    return of_uuid(text, f"{uow.ctx.tenant_id}:invoice_position")


def tax_id(uow: Uow, code: str, hundredths: int) -> str:
    """Of a tax of this code and rate (in hundredths of a percent)."""
    return as_uuid(int.from_bytes(code.encode()[:4]) << 20 | hundredths, f"{uow.ctx.tenant_id}:tax")


def usual_tax_group(uow: Uow, word: str) -> str:
    """Of `standard` or `reduced`, the tax group of what is in none of the tenant's own."""
    return tax_id(uow, "TG", 2 if word == "reduced" else 1)


def file_id(uow: Uow, document_id: int, kind: str) -> str:
    """The ULID of a document's file of this kind."""
    return as_ulid(document_id, f"{uow.ctx.tenant_id}:document_file:{kind}")
