"""Documents that are due soon get their tasks, batch by batch."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.documents.matters import joined_by_credits
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.collection import tables
from contor.openitems.collection.promise import collectable_cases, less_credits
from contor.openitems.collection.rules import type_by_itself
from contor.openitems.collection.tasks import COLLECTING
from contor.openitems.collection.types import HANDED_OVER, STORED, Collectable
from contor.openitems.events import CollectionEnabled
from contor.payments.customer_accounts import accounts_of_customers
from contor.payments.intents import is_processing, waiting_of, way_problems, ways_of, with_intents
from contor.payments.providers import IntentType
from contor.runtime.uow import Uow

BATCH = 2_000
AHEAD = dt.timedelta(days=14)
"""So long before it is due a document has its task, which may be changed until then (SEPA: no collection lies further ahead)."""

MADE_HELD = "The task was made while processing of payments was switched off: enable it."


@shape
class PlanTasks:
    """`after`: behind which due date and document the last batch ended."""

    after_date: dt.date = dt.date.min
    after_document: int = 0
    limit: int = BATCH


@shape
class Planned:
    made: int
    after_date: dt.date
    after_document: int
    is_last: bool


_CANDIDATES = f"""
SELECT {STORED} FROM opos_case c
 WHERE status = 'OPEN' AND payment_collection AND prebooked = 0 AND NOT doubtful AND NOT ({HANDED_OVER})
   AND due_date <= %(until)s AND due_date >= %(date)s AND (due_date, document_id) > (%(date)s, %(document)s)
   AND (balance > 0 OR NOT EXISTS (SELECT 1 FROM opos_case o WHERE o.tenant_id = c.tenant_id AND o.customer_ident = c.customer_ident
        AND o.status = 'OPEN' AND o.currency = c.currency AND o.balance > 0))
   AND NOT EXISTS (SELECT 1 FROM payment_intent_task t WHERE t.tenant_id = c.tenant_id AND t.document_id = c.document_id)
 ORDER BY due_date, document_id LIMIT %(limit)s
"""
"""Nothing is paid out to who owes us something: that is cleared first. Both bounds of the day are said by themselves: else a
planner without statistics takes the days for few in every other index, and walks through all that is open."""


@operation("payment_intent_task.plan", permission="payments.write")
def plan_tasks(uow: Uow, command: PlanTasks) -> Planned:
    """Give each document that is due soon and says that it is collected its task, where its customer has an account that works."""
    values = {
        "until": uow.ctx.today() + AHEAD,
        "date": command.after_date,
        "document": command.after_document,
        "limit": command.limit,
    }
    uow.lock("payment_intent_task", ["plan"])  # whoever plans at the same time finds these tasks, and goes on
    cases = uow.all(Collectable, _CANDIDATES, values)
    status, reason = ("ENABLED", None) if is_processing(uow) else ("WAITING", MADE_HELD)
    rows = []
    for case, type_, account, due_on in _with_accounts(uow, cases):
        rows.append(
            {
                "ident": uow.new_ident(),
                "document_id": case.document_id,
                "document_ident": case.ident,
                "customer_ident": case.customer_ident,
                "customer_account_ident": account,
                "type": type_,
                "amount": abs(case.left),
                "currency": case.currency,
                "due_on": due_on,
                "status": status,
                "reason": reason,
                "created_at": uow.ctx.now(),
                "last_modified_at": uow.ctx.now(),
            }
        )
    uow.insert(tables.payment_intent_task, rows)
    for row in rows:
        uow.audit("payment_intent_task", str(row["ident"]), {"status": status, "document": row["document_ident"]})
    last = cases[-1] if cases else None
    return Planned(
        made=len(rows),
        after_date=last.due_date if last else command.after_date,
        after_document=last.document_id if last else command.after_document,
        is_last=len(cases) < command.limit,
    )


class _Chosen(NamedTuple):
    case: Collectable
    type: IntentType
    account: str
    due_on: dt.date


def _with_accounts(uow: Uow, cases: Sequence[Collectable]) -> list[_Chosen]:
    """What each causes, by which account of its customer and when; without those that cause nothing, or have no account that works."""
    before = with_intents(uow, [it.document_id for it in cases])  # somebody decided on them; what failed is tried again by itself
    return _chosen(uow, [it for it in less_credits(uow, cases) if it.left and it.document_id not in before])


def _chosen(uow: Uow, cases: Sequence[Collectable]) -> list[_Chosen]:
    memos = [it.document_id for it in cases if it.document_type == DocumentType.CREDIT_MEMO]
    correcting = joined_by_credits(uow, memos)
    types = {it.document_id: type_by_itself(it, it.document_id in correcting) for it in cases}
    cases = [it for it in cases if types[it.document_id] is not None]
    theirs = accounts_of_customers(uow, {it.customer_ident for it in cases if it.customer_account_ident is None})
    today, found = uow.ctx.today(), []
    for currency in {it.currency for it in cases}:
        mine = [it for it in cases if it.currency == currency]
        named = {
            it.document_id: [it.customer_account_ident] if it.customer_account_ident else theirs.get(it.customer_ident, [])
            for it in mine
        }
        ways = ways_of(uow, {ident for idents in named.values() for ident in idents}, currency)
        for case in mine:
            type_ = types[case.document_id]
            for way in (ways[ident] for ident in named[case.document_id] if ident in ways):
                due_on = max(case.collected_on(way.days_after_due_date), today)
                mine_too = way.account.debtor_ident == case.customer_ident
                if type_ is not None and mine_too and not way_problems(way, type_, abs(case.left), due_on, today):
                    found.append(_Chosen(case, type_, way.account.ident, due_on))
                    break
    return found


@on(CollectionEnabled)
def plan_anew(uow: Uow, fact: CollectionEnabled) -> None:
    """What had ended for good is to be collected by itself again: its task moves what is left, by an account that works by now; where none
    does it waits, and says why. What is under way, is tried again by itself, or only waits for its day goes on as somebody said it."""
    numbers = sorted(fact.document_ids)
    moving = {it.document_id for it in waiting_of(uow, numbers)}
    cases = [it for it in collectable_cases(uow, numbers).values() if it.left and not it.prebooked and it.document_id not in moving]
    chosen = {it.case.document_id: it for it in _chosen(uow, cases)}
    sql = (
        "UPDATE payment_intent_task t SET status = 'ENABLED', reason = NULL, intent_ident = NULL, amount = x.rest,"
        " customer_account_ident = coalesce(x.account, customer_account_ident), due_on = greatest(due_on, x.day), last_modified_at = %s"
        " FROM unnest(%s::bigint[], %s::numeric[], %s::text[], %s::date[]) AS x(number, rest, account, day)"
        " WHERE t.document_id = x.number AND (t.status IN ('DONE', 'CANCELLED') OR t.status = 'ENABLED' AND t.reason IS NOT NULL)"
        " RETURNING t.ident"
    )
    rows = [(it.document_id, abs(it.left), chosen.get(it.document_id)) for it in cases]
    values = (
        [number for number, _, _ in rows],
        [rest for _, rest, _ in rows],
        [it.account if it else None for _, _, it in rows],
        [it.due_on if it else uow.ctx.today() for _, _, it in rows],
    )
    for ident in uow.column(str, sql, (uow.ctx.now(), *values)) if rows else []:
        uow.audit("payment_intent_task", ident, {"status": "ENABLED"})
    uow.mark(COLLECTING)
