"""The document that somebody means who may have named a draft: only what was issued is paid, sent, cancelled."""

from contor.documents.drafts.queries import SELECT, Draft
from contor.documents.naming import Named, documents_named, the_document
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.uow import Uow


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
