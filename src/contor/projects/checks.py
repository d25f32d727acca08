"""What must hold of times: each that is calculated is in a row that exists, and no row is left behind by what was deleted."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.drafts import drafts_by_id
from contor.documents.queries import documents_by_id
from contor.kernel.checks import check
from contor.kernel.partial import Content
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

MANY = 1000


class Calculated(NamedTuple):
    time_id: int
    ident: str
    draft_id: int
    row_ident: str | None
    document_id: int | None


@check("projects.calculated_times_are_in_a_row")
def calculated(uow: Uow) -> Iterable[str]:
    """The row of the draft, or of the document that the draft has become (or that was issued in its place)."""
    last = 0
    sql = (
        f"SELECT {columns(Calculated)} FROM project_time WHERE draft_id IS NOT NULL AND time_id > %s ORDER BY time_id LIMIT {MANY}"
    )
    while times := uow.all(Calculated, sql, (last,)):
        last = times[-1].time_id
        drafts = drafts_by_id(uow, {time.draft_id for time in times})
        documents = documents_by_id(uow, {time.document_id for time in times if time.document_id is not None})
        of_drafts = {number: _rows(draft.content) for number, draft in drafts.items()}
        of_documents = {number: {item.ident for item in document.items} for number, document in documents.items()}
        for time in times:
            draft = drafts.get(time.draft_id)
            if draft is None:
                yield f"time {time.ident} is calculated in draft {time.draft_id}, which does not exist"
            elif (draft.document_id is None) != (time.document_id is None):
                yield f"time {time.ident} names document {time.document_id}, its draft {draft.ident} document {draft.document_id}"
            elif time.row_ident not in (
                of_drafts[draft.id] if time.document_id is None else of_documents.get(time.document_id, ())
            ):
                yield f"time {time.ident} is calculated in a row {time.row_ident} that draft {draft.ident} does not have"


@check("projects.times_are_of_their_project")
def of_their_project(uow: Uow) -> Iterable[str]:
    """A time repeats its project's customer."""
    sql = (
        "SELECT t.ident FROM project_time t JOIN project p ON p.tenant_id = t.tenant_id AND p.ident = t.project_ident"
        " WHERE p.customer_ident <> t.customer_ident ORDER BY t.time_id"
    )
    for ident in uow.column(str, sql):
        yield f"time {ident} names another customer than its project"


def _rows(content: Content) -> set[str]:
    return {item.get("ident") for item in content.get("items") or ()}
