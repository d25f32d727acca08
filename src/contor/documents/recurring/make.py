"""Make what is due of recurring documents: one document for each day that has come, also for those that a pause of the server has missed.

Each is made in one transaction with the count of its number: whoever is killed has made it and counted it, or neither. It becomes a draft,
and where it is to go out the draft is completed by the one way of issuing. What that refuses is told with all its reasons, and tried again
every hour and after each change; nothing of a later day is made before it.
"""

import datetime as dt
from typing import Final, NamedTuple

from contor.documents.drafts import (
    CompleteDrafts,
    CreateDraft,
    DraftsCompleted,
    DraftVersion,
    complete_drafts,
    create_draft,
    delete_draft,
    is_open_draft,
    wanted_outside,
)
from contor.documents.recurring import tables
from contor.documents.recurring.events import RecurringDocumentMade
from contor.documents.recurring.keep import store
from contor.documents.recurring.queries import SELECT, Recurring
from contor.documents.recurring.rhythm import period_of
from contor.documents.recurring.types import content_of
from contor.documents.recurring.work import RECURRING_DOCUMENTS
from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.kernel.partial import Content
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime, is_passing, validated
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller
from contor.tax.providers import Foreseen, Outside, Quotation, foreseen

AGAIN: Final = dt.timedelta(hours=1)
"""After which what was refused is tried again."""


@shape
class FindDue:
    """No input: what has come by the tenant's day."""


class DueDocument(NamedTuple):
    id: int
    number: int


@shape
class MakeNext:
    recurring_id: int
    number: int
    """Of the document that is to be made: who comes later makes nothing."""


@shape
class RefusedNext:
    recurring_id: int
    number: int
    reasons: tuple[str, ...]


class _Place(NamedTuple):
    id: int
    made: int


@operation("recurring_document.find_due", permission="documents.read", reads=True)
def find_due(uow: Uow, command: FindDue) -> DueDocument | None:
    """The next one whose day has come, and which was not refused just now."""
    row = uow.first(
        _Place,
        "SELECT id, made FROM recurring_document WHERE next_on <= %s AND (tried_at IS NULL OR tried_at <= %s) ORDER BY next_on, id LIMIT 1",
        (uow.ctx.today(), uow.runtime.clock() - AGAIN),
    )
    return None if row is None else DueDocument(row.id, row.made + 1)


def _ask(runtime: Runtime, command: MakeNext, who: Caller) -> Foreseen | None:
    def questions(uow: Uow) -> list[tuple[Outside, Quotation]]:
        row = uow.first(Recurring, f"{SELECT} WHERE id = %s", (command.recurring_id,))
        return [] if row is None else wanted_outside(uow, _ident(row), row.type, _content(row))

    return foreseen(runtime, who, questions)


@operation("recurring_document.make_next", permission="documents.write", asks=_ask)
def make_next(uow: Uow, command: MakeNext) -> bool:
    """Make the document of this number, once; False: it is made, or not due any more."""
    row = uow.first(Recurring, f"{SELECT} WHERE id = %s FOR UPDATE", (command.recurring_id,))
    if row is None or row.made + 1 != command.number or row.next_on is None or row.next_on > uow.ctx.today():
        return False
    ident, due_on = _ident(row), row.next_on
    if is_open_draft(uow, ident):  # it waited for the proof of a VAT id, and stayed
        delete_draft(uow, DraftVersion(draft_ident=ident))
    create_draft(uow, validated(CreateDraft, {"body": {"draft_ident": ident, "type": row.document_type, **_content(row)}}))
    document_id = None
    if row.output == "OUTGOING":
        complete_drafts(uow, CompleteDrafts(drafts=(DraftVersion(draft_ident=ident),)))
        document_id = next(fact.document_ids[0] for fact in reversed(uow.events) if isinstance(fact, DraftsCompleted))
    made = {
        "recurring_id": row.id,
        "number": command.number,
        "due_on": due_on,
        "draft_ident": ident,
        "made_at": uow.ctx.now(),
    }
    uow.insert(tables.recurring_document_made, [made])
    after = row._replace(made=row.made + 1, place=row.place + 1, last_on=due_on, status="ACTIVE", reasons=())
    planned = after.planned_on
    after = after._replace(next_on=planned, status="FINISHED" if planned is None else "ACTIVE")
    store(uow, after)
    uow.audit("recurring_document", row.ident, {"made": command.number, "due_on": due_on, "draft": ident, "next_on": planned})
    uow.emit(
        RecurringDocumentMade(recurring_id=row.id, number=command.number, draft_ident=ident, document_id=document_id, mail=row.mail)
    )
    return True


@operation("recurring_document.keep_refusal", permission="documents.write")
def keep_refusal(uow: Uow, command: RefusedNext) -> None:
    """Say why the next one waits."""
    row = uow.first(Recurring, f"{SELECT} WHERE id = %s FOR UPDATE", (command.recurring_id,))
    if row is None or row.made + 1 != command.number:
        return
    store(uow, row._replace(status="WAITING", reasons=command.reasons), uow.runtime.clock())
    uow.audit("recurring_document", row.ident, {"waits": command.number, "reasons": command.reasons})


def look(runtime: Runtime, tenant_id: int) -> None:
    """All that is due, one after the other: of each the oldest day first."""
    who = caller(RECURRING_DOCUMENTS, tenant_id)
    while (due := runtime.execute(find_due, FindDue(), who)) is not None:
        runtime.go_on()
        try:
            runtime.execute(make_next, MakeNext(recurring_id=due.id, number=due.number), who)
        except Refused as refused:
            if is_passing(refused):  # it says nothing about the document, and an hour is long
                raise
            reasons = tuple(problem.of(problem.field or "") for problem in refused.problems)
            runtime.execute(keep_refusal, RefusedNext(recurring_id=due.id, number=due.number, reasons=reasons), who)


every_tenant(work(Work(name=RECURRING_DOCUMENTS, look=look, by_clock=True)), every=dt.timedelta(hours=1))


# helpers in calling order


def _ident(row: Recurring) -> str:
    """Of the draft: no other one is made of this number."""
    return f"recurring~{row.id}~{row.made + 1}"


def _content(row: Recurring) -> Content:
    if row.item_service_period == "NONE":
        return row.content
    return content_of(row.content, period_of(row.start_date, row.frequency, row.place, ahead=row.item_service_period == "AHEAD"))
