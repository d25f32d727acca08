"""Tasks whose day has come become intents, and what failed for want of money is tried again; batch by batch."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.matters import joined_by_credits
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.collection.intend import judge_again
from contor.openitems.collection.promise import Judged, judge, promise
from contor.openitems.collection.types import Wanted
from contor.payments.accounts import longest_lead
from contor.payments.intents import charges_of, due_retries, give_up_retry
from contor.payments.providers import IntentType
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BATCH = 2_000
BY_FILE_AHEAD = dt.timedelta(days=5)
"""So long before its day a task becomes an intent where that goes out in a file: the bank's lead of a day, over a long weekend."""
EACH_DAY_OF_LEAD = dt.timedelta(days=2)
"""So much longer for each further day of lead, which weekends and holidays lie between."""
OVER = frozenset({"case_closed", "type_not_of_balance"})
"""What ends a task: nothing is left to move. Whatever else is wrong may be put right, and the task waits for it."""


@shape
class CarryOut:
    """`after_date`, `after`: day and ident of the task at which the last batch ended."""

    after_date: dt.date = dt.date.min
    after: str = ""
    limit: int = BATCH


@shape
class CarriedOut:
    made: int
    amount: Decimal
    after_date: dt.date = dt.date.min
    after: str
    is_last: bool


class _Task(NamedTuple):
    ident: str
    document_id: int
    type: IntentType
    customer_account_ident: str
    due_on: dt.date
    reason: str | None


_DUE = f"""
SELECT {columns(_Task)} FROM payment_intent_task WHERE status = 'ENABLED' AND due_on <= %(until)s
 AND (due_on, ident) > (%(after_date)s, %(after)s) ORDER BY due_on, ident LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""


@operation("payment_intent_task.carry_out", permission="payments.write")
def carry_out(uow: Uow, command: CarryOut) -> CarriedOut:
    """Let tasks whose day has come become intents, over what is open then. A task of which nothing is left to move is cancelled; one that
    cannot be carried out now waits, and says why."""
    today = uow.ctx.today()
    reached = {"after_date": command.after_date, "after": command.after}
    tasks = uow.all(_Task, _DUE, {"until": today + _ahead(uow), **reached, "limit": command.limit})
    refunds = _charges(uow, [it.document_id for it in tasks if it.type == "REFUND"])
    by_document = {it.document_id: it for it in tasks}
    wanted = [
        Wanted(
            document_id=it.document_id,
            type=it.type,
            account=it.customer_account_ident,
            due_on=max(it.due_on, today),
            refunds=refunds.get(it.document_id),
        )
        for it in tasks
    ]
    judged = judge(uow, wanted) if wanted else []
    ripe = [it for it in judged if it.intent is not None and (it.intent.due_on <= today or it.intent.provider == "SEPA_FILE")]
    made = promise(uow, ripe)
    _end(uow, {by_document[it.document_id].ident: ("DONE", None, it.ident) for it in made})
    _end(uow, _put_off(by_document, judged))
    return CarriedOut(
        made=len(made),
        amount=sum((it.amount for it in made), Decimal(0)),
        after_date=tasks[-1].due_on if tasks else command.after_date,
        after=tasks[-1].ident if tasks else command.after,
        is_last=len(tasks) < command.limit,
    )


def _ahead(uow: Uow) -> dt.timedelta:
    return BY_FILE_AHEAD + EACH_DAY_OF_LEAD * max(longest_lead(uow) - 1, 0)


def _charges(uow: Uow, memos: Sequence[int]) -> dict[int, str]:
    """By the document that gives something back, the charge at a payment provider of what it corrects."""
    joined = joined_by_credits(uow, memos)
    charges = charges_of(uow, sorted({number for numbers in joined.values() for number in numbers} | set(memos)))
    found = {}
    for memo in memos:
        mine = [charges[number] for number in sorted({memo, *joined.get(memo, ())}) if number in charges]
        if mine:
            found[memo] = mine[0]
    return found


def _put_off(tasks: Mapping[int, _Task], judged: Sequence[Judged]) -> dict[str, tuple[str, str | None, str | None]]:
    """What becomes of tasks that are not carried out now, as far as it was not said of them before."""
    found: dict[str, tuple[str, str | None, str | None]] = {}
    for it in judged:
        task, reason = tasks[it.wanted.document_id], " ".join(problem.message for problem in it.problems) or None
        if any(problem.code in OVER for problem in it.problems):
            found[task.ident] = ("CANCELLED", reason, None)
        elif it.problems and reason != task.reason:
            found[task.ident] = ("ENABLED", reason, None)
    return found


def _end(uow: Uow, states: Mapping[str, tuple[str, str | None, str | None]]) -> None:
    """(status, reason, intent) of each task from now on."""
    if not states:
        return
    uow.run(
        "UPDATE payment_intent_task SET status = x.status, reason = x.reason, intent_ident = x.intent, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS x(name, status, reason, intent) WHERE ident = x.name",
        (uow.ctx.now(), list(states), *(list(values) for values in zip(*states.values(), strict=True))),
    )
    for ident, (status, reason, intent) in states.items():
        uow.audit("payment_intent_task", ident, {"status": status, "reason": reason, "intent": intent})


@operation("payment_intent.retry_due", permission="payments.write")
def retry_due(uow: Uow, command: CarryOut) -> CarriedOut:
    """Try failed intents again whose day has come, if they may still be moved; of the others it is said why they are not."""
    failed = due_retries(uow, uow.ctx.today(), command.limit)
    judged = judge_again(uow, failed) if failed else []
    made = promise(uow, judged)
    give_up_retry(
        uow,
        {it.wanted.ident: " ".join(problem.message for problem in it.problems) for it in judged if it.problems and it.wanted.ident},
    )
    return CarriedOut(
        made=len(made), amount=sum((it.amount for it in made), Decimal(0)), after="", is_last=len(failed) < command.limit
    )
