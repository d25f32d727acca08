"""What issued papers say, and what became of them: a page in one statement."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.documents.matters import TAKEN_BACK
from contor.documents.queries import frozen
from contor.documents.types import Document
from contor.runtime.uow import Uow


class _Row(NamedTuple):
    id: int
    ident: str
    status: str
    settled: Decimal
    created_at: dt.datetime
    snapshot: bytes
    is_cancelled: bool
    related_number: int | None
    contract_ident: str | None
    counter: int | None
    has_picture: bool
    has_comments: bool


class Issued(NamedTuple):
    """A document with what became of it."""

    id: int
    document: Document
    settled: Decimal
    """Of what is payable."""
    created_at: dt.datetime
    is_cancelled: bool
    """Credits took back all of it."""
    related_number: int | None
    """By which the paper is known that it credits or corrects, the first of them."""
    contract_ident: str | None
    """Which it bills, the first of them."""
    counter: int | None
    """The how many-th document of that contract it is."""
    has_picture: bool
    """Its PDF is made."""
    has_all_files: bool
    """Nothing of it is still being made."""
    has_comments: bool

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid, in the document's currency."""
        return self.document.totals.payable - self.settled


_SQL = (
    "SELECT d.id, d.ident, d.status, d.settled, d.created_at, s.snapshot,"
    f" {TAKEN_BACK.format('d')} IS TRUE AS is_cancelled,"
    " (SELECT coalesce(w.id, r.related_id) FROM document_relation r LEFT JOIN draft w ON w.tenant_id = r.tenant_id"
    " AND w.document_id = r.related_id WHERE r.tenant_id = d.tenant_id AND r.document_id = d.id ORDER BY r.related_id LIMIT 1)"
    " AS related_number, o.ident AS contract_ident,"
    " CASE WHEN o.ident IS NOT NULL THEN (SELECT count(*) FROM document_origin e WHERE e.tenant_id = d.tenant_id"
    " AND e.type = 'CONTRACT' AND e.ident = o.ident AND e.document_id <= d.id) END AS counter,"
    " EXISTS (SELECT 1 FROM document_file f WHERE f.tenant_id = d.tenant_id AND f.document_id = d.id AND f.type = 'PDF') AS has_picture,"
    " EXISTS (SELECT 1 FROM document_comment k WHERE k.tenant_id = d.tenant_id AND k.document_id = d.id) AS has_comments"
    # one by one: a planner without statistics would take so many for all
    " FROM unnest(%s::bigint[]) n(id) CROSS JOIN LATERAL (SELECT tenant_id, id, ident, status, net, gross, settled, created_at"
    " FROM document WHERE id = n.id LIMIT 1) d"
    " JOIN document_content s ON s.tenant_id = d.tenant_id AND s.document_id = d.id"
    " LEFT JOIN LATERAL (SELECT e.ident FROM document_origin e WHERE e.tenant_id = d.tenant_id AND e.document_id = d.id"
    " AND e.type = 'CONTRACT' ORDER BY e.ident LIMIT 1) o ON true"
)


def issued_papers(uow: Uow, document_ids: Collection[int]) -> dict[int, Issued]:
    """By the documents' own ids."""
    rows = uow.all(_Row, _SQL, (list(document_ids),)) if document_ids else []
    return {row.id: _issued(row) for row in rows}


def _issued(row: _Row) -> Issued:
    document = frozen(row.ident, row.snapshot)
    return Issued(
        row.id,
        document,
        row.settled,
        row.created_at,
        document.sign > 0 and row.is_cancelled,
        row.related_number,
        row.contract_ident,
        row.counter,
        row.has_picture,
        row.status == "COMPLETED",
        row.has_comments,
    )
