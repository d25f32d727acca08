"""What must hold of drafts."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.drafts.queries import SELECT, Draft
from contor.documents.drafts.types import columns_of, wanted_of
from contor.documents.queries import requested
from contor.documents.types import DocumentRequest
from contor.kernel.checks import check
from contor.kernel.errors import Refused
from contor.kernel.partial import Content
from contor.runtime.execute import validated
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

MANY = 1000


class Origin(NamedTuple):
    """A document, and what was requested when it was issued."""

    id: int
    ident: str
    document_type: str
    payload: bytes


class Searched(NamedTuple):
    ident: str
    content: Content
    billing_group_ident: str | None
    customer_ident: str | None
    currency: str | None
    document_date: dt.date | None
    external_ident: str | None
    title: str | None
    project_ident: str | None


@check("drafts.a_completed_draft_is_its_document")
def completed(uow: Uow) -> Iterable[str]:
    """A draft is completed if and only if it names a document, and that document was issued from what the draft says."""
    last = ""
    while drafts := uow.all(Draft, f"{SELECT} WHERE ident > %s ORDER BY ident LIMIT {MANY}", (last,)):
        last = drafts[-1].ident
        found = {
            row.id: row
            for row in uow.all(
                Origin,
                "SELECT d.id, d.ident, r.document_type, r.payload FROM document d JOIN document_request r"
                " ON r.tenant_id = d.tenant_id AND r.request_id = d.request_id WHERE d.id = ANY (%s)",
                ([draft.document_id for draft in drafts if draft.document_id is not None],),
            )
        }
        for draft in drafts:
            if (draft.status == "COMPLETED") != (draft.document_id is not None):
                yield f"draft {draft.ident} is {draft.status}, its document {draft.document_id}"
            elif draft.document_id is not None and not _is_origin(draft, found.get(draft.document_id)):
                yield f"draft {draft.ident} says another document than the one that it names ({draft.document_id})"


def _is_origin(draft: Draft, origin: Origin | None) -> bool:
    if origin is None or origin.document_type != draft.document_type:
        return False
    try:
        wanted = validated(DocumentRequest, wanted_of(draft.ident, draft.content))
    except Refused:
        return False
    return bool(wanted == requested(origin.payload))


@check("drafts.are_searched_by_what_they_say")
def searched(uow: Uow) -> Iterable[str]:
    """The columns beside the content repeat it."""
    last = ""
    select = f"SELECT {columns(Searched)} FROM draft"
    while rows := uow.all(Searched, f"{select} WHERE ident > %s ORDER BY ident LIMIT {MANY}", (last,)):
        last = rows[-1].ident
        for row in rows:
            repeated = row._asdict()
            if row.external_ident is None:  # what was written before is not told apart by it
                repeated["external_ident"] = columns_of(row.content)["external_ident"]
            if any(repeated[name] != value for name, value in columns_of(row.content).items()):
                yield f"draft {row.ident} is found by other values than those that it says"
