"""Begin a draft: of a type, with as much of the document request as is known."""

from contor.documents.drafts import tables
from contor.documents.drafts.events import DraftsCreated
from contor.documents.drafts.queries import Draft, require_unnamed, shown
from contor.documents.drafts.types import OWN, DraftCreation, DraftView, columns_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.partial import patched, said
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


@shape
class CreateDraft:
    body: DraftCreation
    draft_id: int | None = None
    """A number that was drawn for it before, by whom names its rows by it; no route says one."""


@operation("draft.create", permission="documents.write")
@few
def create_draft(uow: Uow, command: CreateDraft) -> DraftView:
    """Keep what is written so far of a document. Nothing is missing yet: the findings come with the preview."""
    body = command.body
    ident = body.draft_ident or str(uow.new_uuid())
    content = patched({}, said(body, *OWN))
    require_unnamed(uow, content)
    row = {
        "ident": ident,
        "id": command.draft_id or uow.next_id(),
        "document_type": body.type.value,
        "status": "OPEN",
        "version": 1,
        "content": content,
        "created_at": uow.ctx.now(),
        "last_modified_at": uow.ctx.now(),
        "last_modified_by": uow.ctx.actor,
        **columns_of(content),
    }
    message = f"A draft {ident!r} exists already."
    exists = Refused(Kind.CONFLICT, Problem("draft_exists", message, "draftIdent", ident))
    if row["external_ident"] is None:
        uow.leave(tables.draft, [row], exists)
    elif not uow.insert_once(tables.draft, row):
        require_unnamed(uow, content)  # somebody else may have had the name a moment before
        raise exists
    uow.audit("draft", ident, {"created": row})
    uow.emit(DraftsCreated(draft_ids=(row["id"],)))
    made = Draft(**{name: row.get(name) for name in Draft._fields})  # type: ignore[arg-type]  # as it was written
    return shown(uow, [made])[0]
