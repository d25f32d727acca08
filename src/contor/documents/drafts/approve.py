"""Four eyes, where the tenant wants them: a draft is completed by somebody else than who wrote it last, or after somebody else approved it.

An approval is of what the draft says: whoever changes it takes the approval with it. What a key or a job writes is written by that key or
job, so an interface that writes and completes by one key needs a person, or another key, between.
"""

from collections.abc import Sequence

from contor.documents.drafts.queries import Draft, locked, require_open, require_versions
from contor.documents.drafts.read import draft_view
from contor.documents.drafts.types import DraftVersion, DraftView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


@operation("draft.approve", permission="documents.write")
def approve_draft(uow: Uow, command: DraftVersion) -> DraftView:
    """Say that a draft is right as it is: not by who wrote it last. A change takes the approval away."""
    (draft,) = locked(uow, [command.draft_ident])
    require_open(uow, draft)
    require_versions(uow, [draft], [command.version])
    if draft.last_modified_by == uow.ctx.actor:
        message = f"Draft {draft.ident} was written last by {draft.last_modified_by}: it is approved by somebody else."
        raise Refused(Kind.FORBIDDEN, Problem("draft_approved_by_its_writer", message, "draftIdent", draft.ident))
    if draft.approved_by is None:
        sql = "UPDATE draft SET approved_by = %s, approved_at = %s WHERE ident = %s"
        uow.run(sql, (uow.ctx.actor, uow.ctx.now(), draft.ident))
        uow.audit("draft", draft.ident, {"approved": draft.version})
    return draft_view(uow, draft.ident)


def require_other_eyes(uow: Uow, drafts: Sequence[Draft]) -> None:
    """Raises FORBIDDEN for drafts that who completes them wrote last, and nobody else has approved."""
    if tenant_settings(uow).draft_approval != "FOUR_EYES":
        return
    own = [draft for draft in drafts if draft.document_id is None and draft.approved_by is None]
    problems = [
        Problem(
            "draft_completed_by_its_writer",
            f"Draft {draft.ident} was written last by {draft.last_modified_by}, who cannot complete it too (draftApproval FOUR_EYES):"
            " somebody else completes or approves it.",
            "draftIdent",
            draft.ident,
        )
        for draft in own
        if draft.last_modified_by == uow.ctx.actor
    ]
    if problems:
        raise Refused(Kind.FORBIDDEN, *problems)
