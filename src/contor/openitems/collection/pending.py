"""Whether what is overdue is still about to be collected by us: who waits for his debit is not reminded."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.openitems.collection.promise import collectable_cases
from contor.openitems.collection.types import Collectable
from contor.payments.customer_accounts import accounts_of_customers
from contor.payments.intents import ChargeBefore, Way, charges_before, way_problems, ways_of
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Collecting(NamedTuple):
    """How far the collection of an open item is."""

    pending: bool
    """Whether we are about to collect it; else collecting is over, or nobody wanted it."""
    why: str
    """TASK_OPEN, RETRY_PLANNED, TO_BE_COLLECTED; CHARGE_FAILED, TASK_CANCELLED, TASK_NOT_POSSIBLE, NO_ACCOUNT_THAT_WORKS, with their day
    or their reason."""
    because: str | None = None
    """Why nothing is collected, in words; None: it is, or will be."""
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
    sql = (
        f"SELECT {columns(_Task)} FROM payment_intent_task WHERE document_id = ANY (%s) AND type = 'CHARGE' AND status <> 'DONE'"
        " ORDER BY document_id"
    )
    tasks = {row.document_id: row for row in uow.all(_Task, sql, (ids,))}
    charges = charges_before(uow, ids)
    found, today = dict[int, Collecting](), uow.ctx.today()
    for number in ids:
        task, charge = tasks.get(number), charges.get(number)
        if charge is not None and charge.retry_on is not None:
            found[number] = Collecting(True, f"RETRY_PLANNED {charge.retry_on}", on=charge.retry_on)
        elif task is not None and task.status != "CANCELLED":
            found[number] = _of_task(task, today)
        elif charge is not None:
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
    return Collecting(True, f"TASK_OPEN {task.due_on}", on=task.due_on)


def _of_charge(charge: ChargeBefore) -> Collecting:
    because = None if charge.prebooked else charge.reason or f"Its last intent is {charge.status}."
    return Collecting(charge.prebooked, _worded(f"CHARGE_{charge.status}", charge.reason), because)


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
            judged = [
                (way, _problems(case, way, today))
                for way in (ways[ident] for ident in named[case.document_id] if ident in ways)
                if way.account.debtor_ident == case.customer_ident
            ]
            able = [way for way, problems in judged if not problems]
            if not able:
                found[case.document_id] = Collecting(False, "NO_ACCOUNT_THAT_WORKS", _because(case, judged))
                continue
            on = case.due_date + dt.timedelta(days=able[0].days_after_due_date)
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
