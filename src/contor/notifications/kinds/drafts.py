"""What is told of documents that are being written. That a draft became a document is told as the document's notification."""

from collections.abc import Iterable, Iterator

from contor.documents.drafts import DraftFacts, DraftsChanged, DraftsCreated, DraftsDeleted, drafts_by_id, facts_of
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.runtime.uow import Uow


@notified(DraftsCreated, {"draft.created": "Somebody begins to write a document."})
def drafts_created(uow: Uow, fact: DraftsCreated) -> Iterator[Notice]:
    return _drafts("draft.created", _named(uow, fact.draft_ids))


@notified(DraftsChanged, {"draft.updated": "A draft says something else."})
def drafts_changed(uow: Uow, fact: DraftsChanged) -> Iterator[Notice]:
    return _drafts("draft.updated", _named(uow, fact.draft_ids))


@notified(DraftsDeleted, {"draft.deleted": "A draft was given up: it became no document."})
def drafts_deleted(uow: Uow, fact: DraftsDeleted) -> Iterator[Notice]:
    return _drafts("draft.deleted", fact.drafts)


def _named(uow: Uow, ids: tuple[int, ...]) -> Iterator[DraftFacts]:
    return (facts_of(draft) for draft in drafts_by_id(uow, ids).values())


def _drafts(type: str, drafts: Iterable[DraftFacts]) -> Iterator[Notice]:
    for draft in drafts:
        content = {
            "draftIdent": draft.ident,
            "draftId": draft.id,
            "type": draft.type,
            "customerIdent": draft.customer_ident,
            "currency": draft.currency,
        }
        yield Notice(type, f"draft:{draft.ident}", content)
