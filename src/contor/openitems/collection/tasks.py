"""Tasks: what due documents will move by themselves. Read, enabled, changed and cancelled before they are carried out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.openitems.collection import tables
from contor.openitems.collection.types import EnableTasks, TaskChange, TaskStatus, TaskView
from contor.payments.customer_accounts import paying_accounts
from contor.payments.providers import IntentType
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

COLLECTING = "collection"
"""The work that plans tasks, carries them out, and tries again what failed."""
TASKS = searchable(
    tables.payment_intent_task,
    TaskView,
    ("ident", "type", "status", "document_ident", "customer_ident", "amount", "currency", "created_at", "last_modified_at"),
    default_sort="created_at,desc",
    places={
        "payment_intent_task_ident": "ident",
        "customer_payment_account_ident": "customer_account_ident",
        "due_date": "due_on",
        "payment_intent_ident": "intent_ident",
    },
)


@dataclass(frozen=True, slots=True)
class ListTasks:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneTask:
    payment_intent_task_ident: str


@dataclass(frozen=True, slots=True)
class ChangeTask:
    payment_intent_task_ident: str
    body: TaskChange


@dataclass(frozen=True, slots=True)
class CountHeld:
    pass


class _TaskRow(NamedTuple):
    ident: str
    type: IntentType
    status: TaskStatus
    document_ident: str
    customer_ident: str
    customer_account_ident: str
    amount: Decimal
    currency: str
    due_on: dt.date
    reason: str | None
    intent_ident: str | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


class _Later(NamedTuple):
    ident: str
    because: str


@operation("payment_intent_task.list", permission="payments.read", reads=True)
def list_tasks(uow: Uow, command: ListTasks) -> Page:
    """All tasks, those that are done too."""
    return listed_by_key(uow, tables.payment_intent_task, command.query, TASKS, "ident", lambda idents: _views(uow, idents))


@operation("payment_intent_task.get", permission="payments.read", reads=True)
def get_task(uow: Uow, command: OneTask) -> TaskView:
    """One task."""
    return _view_of(uow, command.payment_intent_task_ident)


@operation("payment_intent_task.count_held", permission="payments.read", reads=True)
def count_held(uow: Uow, command: CountHeld) -> int:
    """How many tasks wait to be enabled."""
    return uow.scalar(int, "SELECT count(*) FROM payment_intent_task WHERE status = 'WAITING'") or 0


@operation("payment_intent_task.enable", permission="payments.write")
def enable_tasks(uow: Uow, command: EnableTasks) -> list[TaskView]:
    """Let held tasks be carried out when they are due: those that are named, or all. Which those are."""
    named = list(dict.fromkeys(command.payment_intent_task_idents))
    which, values = ("ident = ANY (%s) AND ", (named,)) if named else ("", ())
    sql = (
        "UPDATE payment_intent_task SET status = 'ENABLED', reason = NULL, last_modified_at = %s"
        f" WHERE {which}status = 'WAITING' RETURNING ident"
    )
    done = uow.column(str, sql, (uow.ctx.now(), *values))
    problems = [
        Problem(
            "payment_intent_task_not_waiting", f"No task {ident!r} waits to be enabled.", f"paymentIntentTaskIdents[{at}]", ident
        )
        for at, ident in enumerate(command.payment_intent_task_idents)
        if ident not in set(done)
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    for ident in done:
        uow.audit("payment_intent_task", ident, {"status": "ENABLED"})
    uow.mark(COLLECTING)
    views = _views(uow, sorted(done)[:1000])
    return [views[ident] for ident in sorted(views)]


@operation("payment_intent_task.change", permission="payments.write")
def change_task(uow: Uow, command: ChangeTask) -> TaskView:
    """Another day, or another account of the customer, before it is carried out."""
    ident, body = command.payment_intent_task_ident, command.body
    task = _held(uow, ident)
    problems = []
    if body.due_date is not None and body.due_date < uow.ctx.today():
        problems.append(Problem("due_date_past", "is before today", "dueDate", body.due_date))
    account = body.customer_payment_account_ident
    if account is not None:
        found = paying_accounts(uow, [account]).get(account)
        if found is None or found.debtor_ident != task.customer_ident:
            message = f"The customer {task.customer_ident!r} has no payment account {account!r}."
            problems.append(Problem("customer_payment_account_missing", message, "customerPaymentAccountIdent", account))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    changed = {"due_on": body.due_date or task.due_on, "customer_account_ident": account or task.customer_account_ident}
    uow.run(
        "UPDATE payment_intent_task SET due_on = %s, customer_account_ident = %s, reason = NULL, last_modified_at = %s WHERE ident = %s",
        (*changed.values(), uow.ctx.now(), ident),
    )
    uow.audit("payment_intent_task", ident, changed)
    uow.mark(COLLECTING)
    return _view_of(uow, ident)


@operation("payment_intent_task.cancel", permission="payments.write")
def cancel_task(uow: Uow, command: OneTask) -> TaskView:
    """Nothing is moved by itself for its document."""
    ident = command.payment_intent_task_ident
    _held(uow, ident)
    sql = (
        "UPDATE payment_intent_task SET status = 'CANCELLED', reason = 'It was cancelled.', last_modified_at = %s WHERE ident = %s"
    )
    uow.run(sql, (uow.ctx.now(), ident))
    uow.audit("payment_intent_task", ident, {"status": "CANCELLED"})
    return _view_of(uow, ident)


def _held(uow: Uow, ident: str) -> _TaskRow:
    """A task that was not carried out yet, locked. Raises NOT_FOUND, ILLEGAL_STATE."""
    sql = f"SELECT {columns(_TaskRow)} FROM payment_intent_task WHERE ident = %s FOR UPDATE"
    row = uow.first(_TaskRow, sql, (ident,))
    if row is None:
        raise not_found("payment_intent_task", ident)
    if row.status not in ("WAITING", "ENABLED"):
        message = f"It is {row.status}: only a task that was not carried out yet can be changed."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_intent_task_over", message))
    return row


def _view_of(uow: Uow, ident: str) -> TaskView:
    found = _views(uow, [ident])
    if ident not in found:
        raise not_found("payment_intent_task", ident)
    return found[ident]


def _views(uow: Uow, idents: Sequence[str]) -> dict[str, TaskView]:
    rows = uow.all(_TaskRow, f"SELECT {columns(_TaskRow)} FROM payment_intent_task WHERE ident = ANY (%s)", (list(idents),))
    sql = (
        "SELECT t.ident, c.announced_because AS because FROM payment_intent_task t JOIN opos_case c ON c.tenant_id = t.tenant_id"
        " AND c.document_id = t.document_id WHERE t.ident = ANY (%s) AND c.announced_because IS NOT NULL"
    )
    later = dict(uow.all(_Later, sql, (list(idents),)))
    return {row.ident: _view(row, later.get(row.ident)) for row in rows}


def _view(row: _TaskRow, later: str | None) -> TaskView:
    """`later`: why it is collected later than it is due."""
    return TaskView(
        payment_intent_task_ident=row.ident,
        type=row.type,
        status=row.status,
        document_ident=row.document_ident,
        customer_ident=row.customer_ident,
        customer_payment_account_ident=row.customer_account_ident,
        amount=row.amount,
        currency=row.currency,
        due_date=row.due_on,
        reason=row.reason or (later if row.status in ("WAITING", "ENABLED") else None),
        payment_intent_ident=row.intent_ident,
        created_at=row.created_at,
        last_modified_at=row.last_modified_at,
    )
