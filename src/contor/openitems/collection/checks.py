"""What must hold of what is collected."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.payments.intents import promises_of
from contor.runtime.integrity import said_last
from contor.runtime.uow import Uow


class _Prebooked(NamedTuple):
    document_id: int
    ident: str
    prebooked: Decimal


class _Task(NamedTuple):
    ident: str
    status: str
    intent_ident: str | None


@check("openitems.prebooked_is_what_is_under_way")
def prebooked(uow: Uow) -> Iterable[str]:
    """Of each case as much is prebooked as its intents promise."""
    last = 0
    sql = "SELECT document_id, ident, prebooked FROM opos_case WHERE document_id > %s ORDER BY document_id LIMIT 1000"
    while rows := uow.all(_Prebooked, sql, (last,)):
        last = rows[-1].document_id
        promised: dict[int, Decimal] = {}
        for it in promises_of(uow, [row.document_id for row in rows]):
            promised[it.document_id] = promised.get(it.document_id, Decimal(0)) + it.amount
        for row in rows:
            if row.prebooked != (expected := promised.get(row.document_id, Decimal(0))):
                yield f"case {row.ident}: {row.prebooked} are prebooked, {expected} are under way"


@check("openitems.a_task_is_done_by_an_intent")
def tasks(uow: Uow) -> Iterable[str]:
    """What is DONE became an intent, nothing else did; how a task stands is what the trail said of it last."""
    said = said_last(uow, "payment_intent_task", "status")
    for row in uow.all(_Task, "SELECT ident, status, intent_ident FROM payment_intent_task ORDER BY ident"):
        if (row.status == "DONE") != (row.intent_ident is not None):
            yield f"task {row.ident}: {row.status}, but its intent is {row.intent_ident or 'none'}"
        if said.get(row.ident) != row.status:
            yield f"task {row.ident}: {row.status} is stored, the trail says {said.get(row.ident) or 'nothing'}"
