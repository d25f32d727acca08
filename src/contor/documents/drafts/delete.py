"""Give up a draft: it goes without a trace but the audit's, for nothing was issued."""

from contor.documents.drafts.events import DraftsDeleted
from contor.documents.drafts.queries import locked, require_open, require_versions
from contor.documents.drafts.types import DraftVersion
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


@operation("draft.delete", permission="documents.write")
def delete_draft(uow: Uow, command: DraftVersion) -> None:
    """Delete a draft that was not completed; the audit trail keeps what was written."""
    (draft,) = locked(uow, [command.draft_ident])
    require_open(uow, draft)
    require_versions(uow, [draft], [command.version])
    uow.run("DELETE FROM draft WHERE ident = %s", (draft.ident,))
    uow.audit("draft", draft.ident, {"deleted": draft._asdict()})
    uow.emit(DraftsDeleted(draft_ids=(draft.id,)))
