"""Read drafts: as they are shown, or locked for whoever changes them."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from contor.documents.drafts import tables
from contor.documents.drafts.events import DraftFacts
from contor.documents.drafts.types import DraftView, columns_of
from contor.documents.naming import Named, documents_named, the_document
from contor.documents.queries import document_ident_of
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.partial import Content
from contor.runtime.query import searchable
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

DRAFTS: Final = searchable(
    tables.draft,
    DraftView,
    (
        "ident",
        "document_type",
        "status",
        "billing_group_ident",
        "customer_ident",
        "currency",
        "document_date",
        "created_at",
        "last_modified_at",
    ),
    default_sort="created_at,desc",
    content=("content", None),
    places={
        "draft_ident": "ident",
        "draft_id": "id",
        "type": "document_type",
        "document_ident": document_ident_of(tables.draft.c.document_id),
    },
)


class Draft(NamedTuple):
    """A draft as it is stored."""

    ident: str
    id: int
    document_type: str
    status: str
    version: int
    content: Content
    document_id: int | None
    created_at: dt.datetime
    last_modified_at: dt.datetime
    last_modified_by: str | None = None
    approved_by: str | None = None
    approved_at: dt.datetime | None = None

    @property
    def type(self) -> DocumentType:
        return DocumentType(self.document_type)


class Numbered(NamedTuple):
    id: int
    ident: str


SELECT: Final = f"SELECT {columns(Draft)} FROM draft"


def draft_named(uow: Uow, ident: str) -> Draft:
    """The draft; raises NOT_FOUND."""
    found = uow.first(Draft, f"{SELECT} WHERE ident = %s", (ident,))
    if found is None:
        raise not_found("draft", ident)
    return found


def drafts_named(uow: Uow, idents: Sequence[str]) -> list[Draft]:
    """Those that exist, as they are now."""
    return uow.all(Draft, f"{SELECT} WHERE ident = ANY (%s) ORDER BY ident", (list(idents),))


def drafts_by_id(uow: Uow, ids: Collection[int], *, lock: bool = False) -> dict[int, Draft]:
    """Those that exist, by their numbers. `lock`: held as by `locked`; of one alone, for many are locked in the order of their idents."""
    sql = f"{SELECT} WHERE id = ANY (%s) ORDER BY id{' FOR UPDATE' if lock else ''}"
    return {row.id: row for row in uow.all(Draft, sql, (sorted(ids),))} if ids else {}


def facts_of(draft: Draft) -> DraftFacts:
    """As far as others hear of it."""
    detail = draft.content.get("customer_detail") or {}
    return DraftFacts(draft.ident, draft.id, draft.document_type, detail.get("customer_ident"), draft.content.get("currency"))


def locked(uow: Uow, idents: Sequence[str]) -> list[Draft]:
    """The drafts in the order named, held until the transaction ends against everyone who changes, completes or deletes them; raises
    NOT_FOUND for the first that does not exist."""
    # Locked in one order for all callers, so that two never wait for each other.
    rows = uow.all(Draft, f"{SELECT} WHERE ident = ANY (%s) ORDER BY ident FOR UPDATE", (list(idents),))
    found = {row.ident: row for row in rows}
    for ident in idents:
        if ident not in found:
            raise not_found("draft", ident)
    return [found[ident] for ident in idents]


def require_unnamed(uow: Uow, content: Content, ident: str | None = None) -> None:
    """What another system calls a draft, no other one is called. Raises CONFLICT. `ident`: of the draft itself, where there is one."""
    external = columns_of(content)["external_ident"]
    if external is None:
        return
    sql = "SELECT ident FROM draft WHERE external_ident = %s AND ident IS DISTINCT FROM %s"
    if uow.scalar(str, sql, (external, ident)) is not None:
        message = "is what another draft, or what it has become, is called already"
        raise Refused(Kind.CONFLICT, Problem("external_ident_taken", message, "properties.externalIdent", str(external)))


def drafts_of_documents(uow: Uow, document_ids: Sequence[int]) -> dict[int, Draft]:
    """What the documents were made of, by the documents' ids, where they were drafts."""
    if not document_ids:
        return {}
    rows = uow.all(Draft, f"{SELECT} WHERE document_id = ANY (%s)", (list(document_ids),))
    return {row.document_id: row for row in rows if row.document_id is not None}


def version_named(in_body: int | None, in_header: int | None) -> int | None:
    """The version that a request means; None: it names none. Raises INVALID where body and If-Match name two."""
    if in_body is not None and in_header is not None and in_body != in_header:
        raise Refused(Kind.INVALID, Problem("version_ambiguous", "body and If-Match name different versions", "version", in_body))
    return in_header if in_body is None else in_body


def require_versions(uow: Uow, drafts: Sequence[Draft], named: Sequence[int | None], path: str = "version") -> None:
    """Every draft has the version named; None: whichever it has. Raises OUTDATED with both versions of each that differs, CONFLICT where
    one was completed meanwhile: there is nothing left to read anew. `path` holds the place of the draft where there are several."""
    differing = [
        (place, draft, version)
        for place, (draft, version) in enumerate(zip(drafts, named, strict=True))
        if version not in (None, draft.version)
    ]
    if not differing:
        return
    numbers = numbers_of(uow, [draft for _, draft, _ in differing])
    problems = []
    for place, draft, version in differing:
        message = f"Draft {draft.ident} has version {draft.version}; version {version} was named."
        if draft.document_id is not None:
            message += f" It was completed as {numbers[draft.document_id]}."
        problems.append(Problem("draft_version_differs", message, path.format(place), version))
    was_completed = any(draft.document_id is not None for _, draft, _ in differing)
    raise Refused(Kind.CONFLICT if was_completed else Kind.OUTDATED, *problems)


def require_open(uow: Uow, draft: Draft) -> None:
    """A completed draft stays as it is: it says what its document was made of."""
    if draft.document_id is not None:
        number = numbers_of(uow, [draft])[draft.document_id]
        message = (
            f"Draft {draft.ident} was completed as {number} and stays as it is; the document is corrected by a further document."
        )
        raise Refused(Kind.CONFLICT, Problem("draft_completed", message))


def numbers_of(uow: Uow, drafts: Sequence[Draft]) -> dict[int, str]:
    """The numbers of the documents that drafts have become, by the documents' ids."""
    ids = [draft.document_id for draft in drafts if draft.document_id is not None]
    return dict(uow.all(Numbered, "SELECT id, ident FROM document WHERE id = ANY (%s)", (ids,))) if ids else {}


def shown(uow: Uow, drafts: Sequence[Draft]) -> list[dict[str, object]]:
    """The fields of `DraftView` for each draft."""
    numbers = numbers_of(uow, drafts)
    return [
        {
            **draft.content,
            "draft_ident": draft.ident,
            "draft_id": draft.id,
            "type": draft.document_type,
            "status": draft.status,
            "version": draft.version,
            "document_ident": numbers.get(draft.document_id) if draft.document_id is not None else None,
            "created_at": draft.created_at,
            "last_modified_at": draft.last_modified_at,
            "last_modified_by": draft.last_modified_by,
            "approved_by": draft.approved_by,
            "approved_at": draft.approved_at,
        }
        for draft in drafts
    ]


def issued_document(uow: Uow, name: str) -> Named:
    """The document of this number or id. Raises NOT_FOUND; ILLEGAL_STATE where it is a draft, CONFLICT where several companies have the
    number."""
    rows = documents_named(uow, [name])[name]
    if not rows:
        draft = uow.first(Draft, f"{SELECT} WHERE ident = %s", (name,))
        if draft is not None and draft.document_id is None:
            message = f"{name} is a draft: it has no number yet and nothing is owed on it; complete it first."
            raise Refused(Kind.ILLEGAL_STATE, Problem("draft_not_completed", message, "documentIdent", name))
    return the_document(uow, name, rows)


def shown_numbers(uow: Uow, idents: Sequence[str]) -> dict[str, str]:
    """By draft the number of the document that it has become; those that are drafts still, or are deleted, are left out."""
    drafts = [draft for draft in drafts_named(uow, idents) if draft.document_id is not None]
    numbers = numbers_of(uow, drafts)
    return {draft.ident: numbers[draft.document_id] for draft in drafts if draft.document_id is not None}


def is_open_draft(uow: Uow, ident: str) -> bool:
    return any(draft.document_id is None for draft in drafts_named(uow, [ident]))
