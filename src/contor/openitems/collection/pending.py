"""Whether what is overdue is still about to be collected by us: who waits for his debit is not reminded."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.openitems.collection.promise import awaited_by, collectable_cases, less_credits
from contor.openitems.collection.rules import type_by_itself, why_given_up
from contor.openitems.collection.types import STORED, Collectable
from contor.payments.customer_accounts import accounts_of_customers
from contor.payments.intents import TriedBefore, Way, charges_before, transfers_before, way_problems, ways_of
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Collecting(NamedTuple):
    """How far the collection of an open item is."""

    pending: bool
    """Whether we are about to collect it; else collecting is over, or nobody wanted it."""
    why: str
    """TASK_OPEN, RETRY_PLANNED, TO_BE_COLLECTED, DEPOSIT_BEING_COLLECTED; CHARGE_FAILED, CHARGE_CANCELLED, TASK_CANCELLED,
    TASK_NOT_POSSIBLE, NO_ACCOUNT_THAT_WORKS, NOT_COLLECTED, with their day or their reason."""
    because: str | None = None
    """Why nothing is collected, or not yet, in words; None: it is, or will be."""
    on: dt.date | None = None
    """On which day it will be."""


class _Task(NamedTuple):
    document_id: int
    status: str
    due_on: dt.date
    reason: str | None


def collecting_of(uow: Uow, document_ids: Collection[int]) -> dict[int, Collecting]:
    """By document, of what is owed to us. Those that nobody wants to collect, and never tried to, are left out."""
    if not document_ids:
        return {}
    ids = sorted(document_ids)
    sql = f"SELECT {columns(_Task)} FROM payment_intent_task WHERE document_id = ANY (%s) AND type = 'CHARGE' ORDER BY document_id"
    tasks = {row.document_id: row for row in uow.all(_Task, sql, (ids,))}
    charges = charges_before(uow, ids)
    found, today, awaited = dict[int, Collecting](), uow.ctx.today(), awaited_by(uow, ids)
    for number in ids:
        task, charge = tasks.get(number), charges.get(number)
        if number in awaited:
            found[number] = Collecting(True, _worded("DEPOSIT_BEING_COLLECTED", awaited[number]))
        elif charge is not None and charge.retry_on is not None:
            because = f"{_stopped(charge)} It is tried again on {charge.retry_on}."
            found[number] = Collecting(True, f"RETRY_PLANNED {charge.retry_on}", because, charge.retry_on)
        elif task is not None and task.status in ("WAITING", "ENABLED"):
            found[number] = _of_task(task, today)
        elif charge is not None and _is_over(charge, task):
            found[number] = _of_charge(charge)
        elif task is not None:
            found[number] = Collecting(False, _worded("TASK_CANCELLED", task.reason), task.reason or "Its task was cancelled.")
    rest = [number for number in ids if number not in found]
    sql = "SELECT document_id FROM opos_case WHERE document_id = ANY (%s) AND payment_collection ORDER BY document_id"
    cases = collectable_cases(uow, uow.column(int, sql, (rest,)) if rest else [])
    return found | _by_accounts(uow, [case for case in cases.values() if case.left > 0])


def _of_task(task: _Task, today: dt.date) -> Collecting:
    """One that cannot be carried out, and said so on its day, keeps nobody from being reminded."""
    if task.status == "ENABLED" and task.reason is not None and task.due_on <= today:
        return Collecting(False, _worded("TASK_NOT_POSSIBLE", task.reason), task.reason)
    return Collecting(True, f"TASK_OPEN {task.due_on}", task.reason, task.due_on)


def _is_over(before: TriedBefore, task: _Task | None) -> bool:
    """Whether it counts: after an intent that was given up before it was handed on a task may come yet, unless it was that task's."""
    return before.status != "CANCELLED" or before.handed_on or (task is not None and task.status == "DONE")


def _of_charge(charge: TriedBefore) -> Collecting:
    because = None if charge.prebooked else charge.reason or f"Its last intent is {charge.status}."
    if charge.status == "CANCELLED":
        because = f"{_stopped(charge)} It is not collected by itself any more."
    return Collecting(charge.prebooked, _worded(f"CHARGE_{charge.status}", charge.reason), because)


def _stopped(before: TriedBefore) -> str:
    """Why an intent came to nothing, as a sentence."""
    return f"{before.reason.rstrip('.')}." if before.reason else f"Its last intent is {before.status}."


def paying_of(uow: Uow, document_ids: Collection[int]) -> dict[int, str]:
    """By document, of what we owe and give back by ourselves, or somebody ordered to be paid, why it is not: without those for which
    something is under way, or was done."""
    ids = sorted(document_ids)
    if not ids:
        return {}
    sql = f"SELECT {columns(_Task)} FROM payment_intent_task WHERE document_id = ANY (%s) ORDER BY document_id"
    tasks = {row.document_id: row for row in uow.all(_Task, sql, (ids,))}
    found, over = dict[int, str](), set[int]()
    for number, before in transfers_before(uow, ids).items():
        task = tasks.get(number)
        if (task is not None and task.status in ("WAITING", "ENABLED")) or not _is_over(before, task):
            continue
        over.add(number)
        if before.status in ("FAILED", "CANCELLED"):
            found[number] = f"{_stopped(before)} It is not paid again by itself: somebody orders it."
    found |= {number: task.reason for number, task in tasks.items() if task.reason and number not in over}
    sql = f"SELECT {STORED} FROM opos_case WHERE document_id = ANY (%s) AND payment_collection ORDER BY document_id"
    cases = less_credits(uow, [case for case in uow.all(Collectable, sql, (ids,)) if case.document_id not in {*tasks, *over}])
    return found | _why_unpaid(uow, cases)


def _why_unpaid(uow: Uow, cases: Sequence[Collectable]) -> dict[int, str]:
    customers = sorted({case.customer_ident for case in cases})
    sql = (
        "SELECT DISTINCT customer_ident, currency FROM opos_case WHERE customer_ident = ANY (%s) AND status = 'OPEN' AND balance > 0"
        " ORDER BY 1, 2"
    )
    owing = set(uow.all(_Owing, sql, (customers,))) if customers else set[_Owing]()
    theirs = accounts_of_customers(uow, customers) if customers else {}
    named = {case.document_id: _accounts(case, theirs) for case in cases}
    found = dict[int, str]()
    for currency in {case.currency for case in cases}:
        mine = [case for case in cases if case.currency == currency]
        ways = ways_of(uow, {ident for case in mine for ident in named[case.document_id]}, currency)
        for case in mine:
            able = [ways[ident] for ident in named[case.document_id] if ident in ways]
            if why := _unpaid(case, able, uow.ctx.today(), owes=_Owing(case.customer_ident, currency) in owing):
                found[case.document_id] = why
    return found


class _Owing(NamedTuple):
    customer_ident: str
    currency: str


def _unpaid(case: Collectable, ways: Sequence[Way], today: dt.date, *, owes: bool) -> str | None:
    type_ = type_by_itself(case, corrects=False)
    if type_ is None:
        return "It was paid too much: somebody decides whether it is given back, cleared or kept."
    if owes:
        return f"The customer {case.customer_ident!r} owes something in {case.currency}: that is cleared with it before anything is paid."
    judged = [(way, way_problems(way, type_, abs(case.left), max(case.due_date, today), today)) for way in ways]
    return _because(case, judged) if all(problems for _, problems in judged) else None


def _by_accounts(uow: Uow, cases: Sequence[Collectable]) -> dict[int, Collecting]:
    """Of what has no task yet: it gets one where its customer has an account that works."""
    theirs = accounts_of_customers(uow, {case.customer_ident for case in cases if case.customer_account_ident is None})
    found = dict[int, Collecting]()
    for currency in {case.currency for case in cases}:
        mine = [case for case in cases if case.currency == currency]
        named = {case.document_id: _accounts(case, theirs) for case in mine}
        ways = ways_of(uow, {ident for idents in named.values() for ident in idents}, currency)
        today = uow.ctx.today()
        for case in mine:
            if (given_up := why_given_up(case)) is not None:
                found[case.document_id] = Collecting(False, _worded("NOT_COLLECTED", given_up.message), given_up.message)
                continue
            judged = [
                (way, _problems(case, way, today))
                for way in (ways[ident] for ident in named[case.document_id] if ident in ways)
                if way.account.debtor_ident == case.customer_ident
            ]
            able = [way for way, problems in judged if not problems]
            if not able:
                found[case.document_id] = Collecting(False, "NO_ACCOUNT_THAT_WORKS", _because(case, judged))
                continue
            on = case.collected_on(able[0].days_after_due_date)
            found[case.document_id] = Collecting(True, f"TO_BE_COLLECTED {on}", on=on)
    return found


def _problems(case: Collectable, way: Way, today: dt.date) -> list[Problem]:
    return way_problems(way, "CHARGE", case.left, max(case.due_date, today), today)


def _because(case: Collectable, judged: Sequence[tuple[Way, Sequence[Problem]]]) -> str:
    """What is wrong with each account that was asked, as it is said to who wants to collect by it."""
    if not judged and case.customer_account_ident:
        return f"The customer {case.customer_ident!r} has no payment account {case.customer_account_ident!r}."
    if not judged:
        return f"The customer {case.customer_ident!r} has no payment account."
    return " ".join(dict.fromkeys(problem.message for _, problems in judged for problem in problems))


def _accounts(case: Collectable, theirs: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return [case.customer_account_ident] if case.customer_account_ident else theirs.get(case.customer_ident, [])


def _worded(why: str, reason: str | None) -> str:
    return f"{why}: {reason}" if reason else why
