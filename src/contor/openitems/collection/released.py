"""What happens to open items meets what is to be moved for them: nothing is under way any more, what was paid or credited meanwhile is
collected no more, and what is under way for a document that was issued anew stands for the new one."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.documents.events import DocumentsIssued
from contor.documents.matters import credited_by, finals_of, lock_matters
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.openitems.collection.promise import collectable_cases, prebook
from contor.openitems.collection.rules import case_problems, nothing_open
from contor.openitems.events import CasesMoved, DunningBlockChanged
from contor.payments.intents import (
    AccountsFailed,
    HeldReleased,
    IntentsFailed,
    PromisesReleased,
    cancel_unsent,
    carry_over,
    give_up_retry,
    intents_by_ident,
    waiting_of,
)
from contor.runtime.uow import Uow

_CREDITS = frozenset({DocumentType.CREDIT_MEMO, DocumentType.SELF_BILLING_INVOICE_CORRECTION})


@on(PromisesReleased)
def release(uow: Uow, fact: PromisesReleased) -> None:
    """The cases wait for no money any more."""
    prebook(uow, dict.fromkeys(fact.document_ids, ZERO))


@on(HeldReleased)
def refuse_what_is_owed_no_more(uow: Uow, fact: HeldReleased) -> None:
    """While it was held somebody may have decided on the credit, or cleared it. Raises `Refused`."""
    held = intents_by_ident(uow, list(fact.intent_idents)).values()
    lock_matters(uow, {it.document_id for it in held})
    cases = collectable_cases(uow, {it.document_id for it in held})
    problems = [
        Problem("transfer_owed_no_more", f"{problem.message} Cancel the intent {it.ident}.", "paymentIntentIdent", it.ident)
        for it in held
        for problem in case_problems(cases[it.document_id]._replace(prebooked=ZERO), it.type, it.amount, None)
    ]
    if problems:
        raise Refused(Kind.ILLEGAL_STATE, *problems)


@on(CasesMoved)
def give_up_of_moved(uow: Uow, fact: CasesMoved) -> None:
    """Open items were paid, decided or cleared; or a credit has more left again. What stands at the end of the transaction counts: money
    may come and go back in one."""
    ids = {it.before.document_id for it in fact.moves}
    credits = {it.before.document_id for it in fact.moves if it.after.document_type in _CREDITS}
    uow.finish(lambda: give_up(uow, ids | {*credited_by(uow, credits)}))


@on(DunningBlockChanged)
def give_up_of_handed_over(uow: Uow, fact: DunningBlockChanged) -> None:
    """Open items may have been handed over to collection. Who blocks them holds them."""
    uow.finish(lambda: give_up(uow, fact.document_ids))


@on(DocumentsIssued)
def give_up_of_credited(uow: Uow, fact: DocumentsIssued) -> None:
    """Documents were credited. Their credits' open items are written at the end of the transaction: it is judged behind that."""
    credits = {draft.id for draft in fact.documents if draft.document.document_type in _CREDITS}
    if credits:
        uow.finish(lambda: uow.finish(lambda: give_up(uow, credited_by(uow, credits))))


@on(IntentsFailed)
def give_up_of_failed(uow: Uow, fact: IntentsFailed) -> None:
    """What is to be tried again may have been paid or credited while it was under way."""
    if fact.retry_idents:
        uow.finish(lambda: _give_up_retries(uow, fact.retry_idents))


@on(AccountsFailed)
def plan_for_others(uow: Uow, fact: AccountsFailed) -> None:
    """Their tasks wait for an account that works."""
    plan_again(uow, dict.fromkeys(fact.intent_idents, _Rest(None, None)))


def _give_up_retries(uow: Uow, idents: Collection[str]) -> None:
    ids = {it.document_id for it in intents_by_ident(uow, sorted(idents)).values()}
    lock_matters(uow, ids)
    give_up(uow, ids)


class _Rest(NamedTuple):
    """What is left to move where less is open than an intent was to move; None: all that is left waits for its credit."""

    amount: Decimal | None
    not_before: dt.date | None


def give_up(uow: Uow, ids: Collection[int]) -> None:
    """What was not handed to a provider yet, or is to be tried again, and is more than what is left now, is not moved. The tasks of which
    it came move the rest."""
    waiting = waiting_of(uow, sorted(ids))
    cases = collectable_cases(uow, {it.document_id for it in waiting})
    unsent, retries, rests = dict[str, str](), dict[str, str](), dict[str, _Rest]()
    for it in waiting:
        case = cases[it.document_id]._replace(prebooked=ZERO)
        problems = case_problems(case, it.type, it.amount, None)
        if not problems:
            continue
        (unsent if it.status == "CREATED" else retries)[it.ident] = " ".join(problem.message for problem in problems)
        if (case.balance > 0) == (it.type == "CHARGE") and case.balance:
            rests[it.ident] = _Rest(abs(case.left) or None, it.retry_on)
    done = {it.ident for it in cancel_unsent(uow, unsent)} if unsent else set[str]()
    if retries:
        give_up_retry(uow, retries)
        done |= retries.keys()
    plan_again(uow, {ident: rest for ident, rest in rests.items() if ident in done})
    over = {
        it.document_id: it.retry_on for it in waiting if it.ident in retries and it.retry_on and not cases[it.document_id].balance
    }
    plan_finals(uow, over)


def plan_again(uow: Uow, rests: Mapping[str, _Rest]) -> None:
    """The tasks of which these intents came move the rest, which is still open; of one that failed not before its next day."""
    if not rests:
        return
    sql = (
        "UPDATE payment_intent_task SET status = 'ENABLED', amount = coalesce(x.rest, amount), intent_ident = NULL,"
        " due_on = greatest(due_on, x.day), last_modified_at = %s"
        " FROM unnest(%s::text[], %s::numeric[], %s::date[]) AS x(name, rest, day) WHERE intent_ident = x.name RETURNING ident"
    )
    values = [list(column) for column in zip(*rests.values(), strict=True)]
    for ident in uow.column(str, sql, (uow.ctx.now(), list(rests), *values)):
        uow.audit("payment_intent_task", ident, {"status": "ENABLED"})


def plan_finals(uow: Uow, days: Mapping[int, dt.date]) -> None:
    """Debits of deposit invoices failed that are corrected by now, and would have been tried again on these days: what they were to bring
    is collected with their final invoices, not before. A final invoice that they had paid is open again, and so is its task."""
    finals = finals_of(uow, days)
    if not finals:
        return
    sql = (
        "UPDATE payment_intent_task t SET status = CASE t.status WHEN 'CANCELLED' THEN 'ENABLED' ELSE t.status END,"
        " reason = CASE t.status WHEN 'CANCELLED' THEN NULL ELSE t.reason END, due_on = greatest(t.due_on, x.day), last_modified_at = %s"
        " FROM (SELECT number, max(day) AS day FROM unnest(%s::bigint[], %s::date[]) AS x(number, day) GROUP BY number) x"
        " JOIN opos_case c ON c.document_id = x.number AND c.status = 'OPEN' WHERE t.document_id = x.number AND t.type = 'CHARGE'"
        " AND (t.status IN ('WAITING', 'ENABLED') OR t.status = 'CANCELLED' AND t.reason = %s || c.ident || %s)"
        " RETURNING t.ident, t.status"
    )
    before, behind = nothing_open("\n").split("\n")
    values = (uow.ctx.now(), list(finals.values()), [days[number] for number in finals], before, behind)
    for row in uow.all(_Planned, sql, values):
        uow.audit("payment_intent_task", row.ident, {"status": row.status})


class _Planned(NamedTuple):
    ident: str
    status: str


def stand_for(uow: Uow, old_id: int, new_id: int) -> None:
    """A document is issued anew: what is under way for the old one, or was tried, stands for the new one, so that nothing is moved twice
    and what comes, or is tried again, aims at what is open. What was not handed on is none of it: the new document has a day of its own."""
    cases = collectable_cases(uow, {old_id, new_id})
    new = cases[new_id]
    moved = carry_over(uow, old_id, new_id, new.ident, new.due_date)
    if not moved:
        return
    sql = (
        "UPDATE payment_intent_task SET document_id = %s, document_ident = %s, last_modified_at = %s"
        " WHERE document_id = %s AND intent_ident = ANY (%s) RETURNING ident"
    )
    for ident in uow.column(str, sql, (new_id, new.ident, uow.ctx.now(), old_id, moved)):
        uow.audit("payment_intent_task", ident, {"document": new.ident})
    if cases[old_id].prebooked:
        prebook(uow, {old_id: ZERO, new_id: cases[old_id].prebooked})
