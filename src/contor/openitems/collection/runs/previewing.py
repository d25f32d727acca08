"""What a run would collect: all of it happens, what becomes of each open item is written down, and nothing else stays."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.collection.carrying import CarryOut, carry_out, retry_due
from contor.openitems.collection.pending import Collecting, collecting_of, paying_of
from contor.openitems.collection.planning import AHEAD, PlanTasks, plan_tasks
from contor.openitems.collection.reasons import SWITCHED_OFF
from contor.openitems.collection.runs.types import CollectionOutcome, CollectionReport, Foreseen
from contor.openitems.collection.tasks import CountHeld, count_held
from contor.payments.files import DIRECTIONS, WriteWaiting, accounts_with_waiting, write_waiting
from contor.payments.intents import is_processing, under_way
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BATCH = 2_000


@shape
class PreviewCollection:
    pass


class Preview(NamedTuple):
    report: CollectionReport
    items: list[Foreseen]
    """Every open item, by its document."""


class _Case(NamedTuple):
    document_id: int
    ident: str
    customer_ident: str
    currency: str
    due_date: dt.date
    balance: Decimal
    doubtful: bool
    payment_collection: bool


class _Task(NamedTuple):
    document_id: int
    status: str
    due_on: dt.date
    reason: str | None


class _Owing(NamedTuple):
    customer_ident: str
    currency: str


_CASES = f"""
SELECT {columns(_Case)} FROM opos_case WHERE status = 'OPEN' AND balance <> 0 AND document_id > %s ORDER BY document_id LIMIT %s
"""
_OWING = f"""
SELECT DISTINCT {columns(_Owing)} FROM opos_case WHERE customer_ident = ANY (%s) AND status = 'OPEN' AND balance > 0
"""


@operation("collection.preview", permission="payments.write", undone=True)
def preview_collection(uow: Uow, command: PreviewCollection) -> Preview:
    """Plan, carry out, try again and write the files, as a run would; and say what becomes of each open item, and why."""
    before = set(uow.column(int, "SELECT document_id FROM opos_case WHERE status = 'OPEN' AND prebooked <> 0"))
    planned, intents, retried = 0, 0, 0
    plan = PlanTasks()
    while True:
        made = plan_tasks(uow, plan)
        planned += made.made
        if made.is_last:
            break
        plan = PlanTasks(after_date=made.after_date, after_document=made.after_document)
    carry = CarryOut()
    while True:
        done = carry_out(uow, carry)
        intents += done.made
        if done.is_last:
            break
        carry = CarryOut(after_date=done.after_date, after=done.after)
    while True:
        again = retry_due(uow, CarryOut())
        retried += again.made
        if again.is_last:
            break
    files, sums = 0, [0, 0, 0]
    for account in accounts_with_waiting(uow):
        for direction in DIRECTIONS:
            wrote = write_waiting(uow, WriteWaiting(merchant_account_ident=account, direction=direction))
            files += len(wrote.files)
            sums = [sums[0] + wrote.transactions, sums[1] + wrote.left_out, sums[2] + wrote.waiting]
    report = CollectionReport(
        planned=planned,
        intents=intents,
        retried=retried,
        files=files,
        transactions=sums[0],
        left_out=sums[1],
        waiting=sums[2],
        held=count_held(uow, CountHeld()),
    )
    return Preview(report, became(uow, before))


def became(uow: Uow, before: Collection[int]) -> list[Foreseen]:
    """What becomes of each open item as it stands now. `before`: those of which something was under way already."""
    found, after, on = list[Foreseen](), 0, is_processing(uow)
    while cases := uow.all(_Case, _CASES, (after, BATCH)):
        ids, after = [case.document_id for case in cases], cases[-1].document_id
        promised = under_way(uow, ids)
        sql = f"SELECT {columns(_Task)} FROM payment_intent_task WHERE document_id = ANY (%s) AND status IN ('WAITING', 'ENABLED')"
        tasks = {task.document_id: task for task in uow.all(_Task, sql, (ids,))}
        owed = collecting_of(uow, [case.document_id for case in cases if case.balance > 0])
        unpaid = paying_of(uow, [case.document_id for case in cases if case.balance < 0 and case.document_id not in promised])
        owing = set(uow.all(_Owing, _OWING, (sorted({case.customer_ident for case in cases if case.balance < 0}),)))
        for case in cases:
            number, owes = case.document_id, _Owing(case.customer_ident, case.currency) in owing
            if (promise := promised.get(number)) is not None:
                reason = SWITCHED_OFF if promise.held and not on else promise.reason
                said = _Said("UNDER_WAY" if number in before else "COLLECTED", promise.on, reason)
            elif (task := tasks.get(number)) is not None:
                said = _of_task(task, uow.ctx.today())
            else:
                said = _of_case(case, owed.get(number), unpaid.get(number), owes)
            found.append(Foreseen(number, case.ident, case.customer_ident, case.currency, case.balance, case.due_date, *said))
    return found


class _Said(NamedTuple):
    outcome: CollectionOutcome
    on: dt.date | None
    reason: str | None


def _of_task(task: _Task, today: dt.date) -> _Said:
    if task.status == "ENABLED" and task.reason is not None and task.due_on <= today:
        return _Said("NOT_COLLECTED", None, task.reason)
    return _Said("PLANNED", task.due_on, task.reason)


def _of_case(case: _Case, collecting: Collecting | None, unpaid: str | None, owes: bool) -> _Said:
    if collecting is None or collecting.on is None or case.doubtful:
        return _Said("NOT_COLLECTED", None, _why_not(case, unpaid if collecting is None else collecting.because, owes))
    return _Said("PLANNED", collecting.on, collecting.because or f"It gets its task {AHEAD.days} days before it is due.")


def _why_not(case: _Case, because: str | None, owes: bool) -> str:
    if case.doubtful:
        return "The receivable is doubtful: nothing is collected of it."
    if because is not None:
        return because
    if not case.payment_collection:
        return "Nobody wants it to be collected: `paymentCollection.collect` of the document, or its case's collection, is off."
    if case.balance < 0 and owes:
        return "The customer owes something: that is cleared with it first."
    if case.balance < 0:
        return (
            "It is owed by us, and nothing pays it by itself: a person decides, or its customer has no payment account that works."
        )
    return "Something was to be moved for it before: what failed is tried again by hand."
