"""What becomes of drafts and documents with rows of times: the times follow, and are free again when what bills them is gone."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contor.documents.drafts import DraftRowsRemoved, DraftsCompleted, DraftsDeleted
from contor.documents.events import DocumentReissued, DocumentsIssued
from contor.documents.judge import REASON, IssuedDocument
from contor.documents.queries import rows_given_back
from contor.documents.types import REISSUED
from contor.kernel.events import on
from contor.projects.queries import billed_in
from contor.runtime.copying import Left
from contor.runtime.uow import Uow

_FREE = "UPDATE project_time t SET draft_id = NULL, row_ident = NULL, document_id = NULL, last_modified_at = %(now)s"


class _Freed(NamedTuple):
    ident: str
    project_ident: str


@on(DraftsDeleted)
def drafts_deleted(uow: Uow, fact: DraftsDeleted) -> None:
    sql = f"{_FREE} WHERE draft_id = ANY (%(drafts)s) RETURNING ident, project_ident"
    _told(uow, uow.all(_Freed, sql, {"now": uow.ctx.now(), "drafts": list(fact.draft_ids)}))


@on(DraftRowsRemoved)
def rows_removed(uow: Uow, fact: DraftRowsRemoved) -> None:
    sql = (
        f"{_FREE} FROM unnest(%(drafts)s::bigint[], %(rows)s::text[]) n(draft_id, row_ident)"
        " WHERE t.draft_id = n.draft_id AND t.row_ident = n.row_ident RETURNING t.ident, t.project_ident"
    )
    values = {"now": uow.ctx.now(), "drafts": list(fact.draft_ids), "rows": list(fact.row_idents)}
    _told(uow, uow.all(_Freed, sql, values))


@on(DraftsCompleted)
def drafts_completed(uow: Uow, fact: DraftsCompleted) -> None:
    """The times are billed by the documents."""
    sql = (
        "UPDATE project_time t SET document_id = n.document_id FROM unnest(%s::bigint[], %s::bigint[]) n(draft_id, document_id)"
        " WHERE t.draft_id = n.draft_id"
    )
    uow.leave_change(Left("project_time", sql, (list(fact.draft_ids), list(fact.document_ids))))


@on(DocumentsIssued)
def documents_cancelled(uow: Uow, fact: DocumentsIssued) -> None:
    """A credit that takes back the last of a row frees its times; a price reduction leaves the supply as it is, and so does a credit whose
    document is issued anew."""
    ids = {related.id for document in fact.documents if _takes_back(document) for related in document.facts.related.values()}
    billed = billed_in(uow, ids) if ids else {}
    if not billed:
        return
    gone = rows_given_back(uow, set(billed))
    pairs = [(number, ident) for number, rows in billed.items() for ident in rows if ident in gone.get(number, ())]
    sql = (
        f"{_FREE} FROM unnest(%(documents)s::bigint[], %(rows)s::text[]) n(document_id, row_ident)"
        " WHERE t.document_id = n.document_id AND t.row_ident = n.row_ident RETURNING t.ident, t.project_ident"
    )
    values = {"now": uow.ctx.now(), "documents": [number for number, _ in pairs], "rows": [ident for _, ident in pairs]}
    _told(uow, uow.all(_Freed, sql, values))


@on(DocumentReissued)
def document_reissued(uow: Uow, fact: DocumentReissued) -> None:
    """The new document has the same rows under the same idents."""
    uow.run("UPDATE project_time SET document_id = %s WHERE document_id = %s", (fact.new_id, fact.old_id))


def _takes_back(issued: IssuedDocument) -> bool:
    document = issued.document
    said = {entry.value for entry in document.properties if entry.key == REASON}
    return document.sign < 0 and not document.is_price_reduction and REISSUED.value not in said


def _told(uow: Uow, freed: Sequence[_Freed]) -> None:
    for project in _projects(freed):
        uow.audit("project", project, {"released": [time.ident for time in freed if time.project_ident == project]})


def _projects(freed: Iterable[_Freed]) -> list[str]:
    return sorted({time.project_ident for time in freed})
