"""The document that somebody means who may have named a draft: only what was issued is paid, sent, cancelled. And what drafts have become,
for who has them made."""

from collections.abc import Sequence

from contor.documents.drafts.determined import asked_outside
from contor.documents.drafts.queries import SELECT, Draft, drafts_named, numbers_of
from contor.documents.naming import Named, documents_named, the_document
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.partial import Content
from contor.runtime.uow import Uow
from contor.tax.providers import Outside, Quotation


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


def wanted_outside(uow: Uow, ident: str, kind: DocumentType, content: Content) -> list[tuple[Outside, Quotation]]:
    """What providers outside are asked of a draft that is to be made of this, and completed."""
    now = uow.ctx.now()
    return asked_outside(uow, [Draft(ident, 0, kind.value, "OPEN", 1, content, None, now, now)])
