"""Change a draft that is being written, wholly or in part, or give it up: then it goes without a trace but the audit's. Who does names the
version that was seen: nobody writes over what somebody else wrote meanwhile.

Where the tenant wants four eyes, a draft is completed by somebody else than who wrote it last, or after somebody else approved it. An
approval is of what the draft says: whoever changes it takes the approval with it. What a key or a job writes is written by that key or job,
so an interface that writes and completes by one key needs a person, or another key, between.
"""

from contor.documents.drafts.events import DraftRowsRemoved, DraftsChanged, DraftsDeleted
from contor.documents.drafts.queries import (
    Draft,
    facts_of,
    locked,
    require_open,
    require_unnamed,
    require_versions,
    version_named,
)
from contor.documents.drafts.read import draft_view
from contor.documents.drafts.types import OWN, DraftUpdate, DraftVersion, DraftView, columns_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import Content, patched, said
from contor.kernel.shapes import shape
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow


@shape
class ChangeDraft:
    draft_ident: str
    body: DraftUpdate
    version: int | None = None
    """The version that is changed, where the body does not name it."""


@operation("draft.replace", permission="documents.write")
def replace_draft(uow: Uow, command: ChangeDraft) -> DraftView:
    """Write the whole content anew: what the body does not say is no longer said."""
    draft = _to_change(uow, command)
    _write(uow, draft, patched({}, said(command.body, *OWN)))
    return draft_view(uow, draft.ident)


@operation("draft.change", permission="documents.write")
def change_draft(uow: Uow, command: ChangeDraft) -> DraftView:
    """Change what the body says and nothing else; null unsets, lists are replaced whole (RFC 7396)."""
    draft = _to_change(uow, command)
    _write(uow, draft, patched(draft.content, said(command.body, *OWN)))
    return draft_view(uow, draft.ident)


@operation("draft.delete", permission="documents.write")
def delete_draft(uow: Uow, command: DraftVersion) -> None:
    """Delete a draft that was not completed; the audit trail keeps what was written."""
    (draft,) = locked(uow, [command.draft_ident])
    require_open(uow, draft)
    require_versions(uow, [draft], [command.version])
    uow.run("DELETE FROM draft WHERE ident = %s", (draft.ident,))
    uow.audit("draft", draft.ident, {"deleted": draft._asdict()})
    uow.emit(DraftsDeleted(draft_ids=(draft.id,), drafts=(facts_of(draft),)))


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


# helpers in calling order


def _to_change(uow: Uow, command: ChangeDraft) -> Draft:
    """The draft, locked, open, and of the version named."""
    body = command.body
    named = version_named(body.version, command.version)
    if named is None:
        raise Refused(Kind.INVALID, Problem("version_missing", "is required: the version that is changed", "version"))
    (draft,) = locked(uow, [command.draft_ident])
    require_open(uow, draft)
    require_versions(uow, [draft], [named])
    fixed = (("draft_ident", body.draft_ident, draft.ident), ("type", body.type, draft.type))
    changed = [(name, value) for name, value, known in fixed if value not in (None, known)]
    if changed:
        raise Refused(Kind.INVALID, *(Problem("field_immutable", "cannot be changed.", name, value) for name, value in changed))
    return draft


def _write(uow: Uow, draft: Draft, content: Content) -> None:
    """The new content with what is searched of it, under the next version."""
    require_unnamed(uow, content, draft.ident)
    uow.run(
        "UPDATE draft SET content = %(content)s, version = version + 1, last_modified_at = %(now)s,"
        " last_modified_by = %(actor)s, approved_by = NULL, approved_at = NULL, customer_ident = %(customer_ident)s,"
        " billing_group_ident = %(billing_group_ident)s, currency = %(currency)s, document_date = %(document_date)s,"
        " external_ident = %(external_ident)s, title = %(title)s, project_ident = %(project_ident)s"
        " WHERE ident = %(ident)s",
        {
            "ident": draft.ident,
            "now": uow.ctx.now(),
            "actor": uow.ctx.actor,
            "content": ENCODER.encode(content).decode(),
            **columns_of(content),
        },
    )
    removed = [ident for ident in _row_idents(draft.content) if ident not in _row_idents(content)]
    if removed:
        uow.emit(DraftRowsRemoved(draft_ids=(draft.id,) * len(removed), row_idents=tuple(removed)))
    names = [name for name in {**draft.content, **content} if draft.content.get(name) != content.get(name)]
    before, after = ({name: side.get(name) for name in names} for side in (draft.content, content))
    uow.audit("draft", draft.ident, {"version": draft.version + 1, "before": before, "after": after})
    uow.emit(DraftsChanged(draft_ids=(draft.id,)))


def _row_idents(content: Content) -> dict[str, None]:
    """In their order; a row that is being written may have none yet."""
    return dict.fromkeys(item["ident"] for item in content.get("items") or () if item.get("ident"))
