"""Look at drafts: the list, and one of them."""

from contor.documents.drafts import tables
from contor.documents.drafts.queries import DRAFTS, Draft, draft_named, shown
from contor.documents.drafts.types import DraftView
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow


@shape
class ListDrafts:
    query: ListQuery


@shape
class ReadDraft:
    draft_ident: str


@operation("draft.list", permission="documents.read", reads=True)
def list_drafts(uow: Uow, command: ListDrafts) -> Page:
    """Drafts, the newest first; completed ones among them, with the numbers of their documents."""
    return listed(uow, tables.draft, command.query, DRAFTS, Draft, lambda rows: shown(uow, rows))


@operation("draft.get", permission="documents.read", reads=True)
def get_draft(uow: Uow, command: ReadDraft) -> DraftView:
    """One draft as it is written so far."""
    return draft_view(uow, command.draft_ident)


def draft_view(uow: Uow, ident: str) -> dict[str, object]:
    return shown(uow, [draft_named(uow, ident)])[0]
