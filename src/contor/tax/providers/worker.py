"""Ask tax providers and record documents with them, tenant by tenant, outside of any transaction that writes. One worker at a time is at
a tenant's: it holds a lock of the database for as long as it looks, which is free at once when it dies; what it asked is asked again, and
what it recorded is recorded once by its code."""

import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from contor.kernel.work import Elsewhere, Work, work
from contor.runtime import outbound
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller, described
from contor.tax.configuration import Provider
from contor.tax.providers import avalara
from contor.tax.providers.asking import CALLS, LACKS, Door, calculate, doors_of
from contor.tax.providers.quotes import (
    TAX_PROVIDERS,
    Answered,
    Asked,
    KeepQuotes,
    QuoteStatus,
    due_quotes,
    keep_quotes,
    next_quote,
)
from contor.tax.providers.recording import Done, KeepDone, ToDo, due_transactions, keep_done, next_transaction
from contor.tax.providers.types import TransactionStatus

log = logging.getLogger("contor.tax")

AT_ONCE = 200
"""Supplies that are asked about together."""
RECORDED_AT_ONCE = 20
"""Documents whose recording is kept together: what a worker does again that is killed."""
TURN_SECONDS = 30.0
"""After which the other tenants have their turn."""


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Ask and record what is due, for as long as other tenants may wait; when to look again."""
    who = caller(TAX_PROVIDERS, tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('tax_providers', repr('queue'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        began = time.perf_counter()
        while time.perf_counter() - began < TURN_SECONDS:
            runtime.go_on()
            guard.run("SELECT 1")  # it is there as long as this says so, and with it the lock
            with runtime.transaction(who, reads=True) as uow:
                quotes, todo = due_quotes(uow, AT_ONCE), due_transactions(uow, RECORDED_AT_ONCE)
                doors = doors_of(uow)
            if not quotes and not todo:
                break
            if quotes:
                runtime.execute(keep_quotes, KeepQuotes(answered=tuple(_answers(doors, quotes))), who)
            if todo:
                with ThreadPoolExecutor(CALLS) as calls:
                    done = tuple(calls.map(partial(_recorded, doors), todo))
                runtime.execute(keep_done, KeepDone(done=done), who)
        else:
            return runtime.clock()
        with runtime.transaction(who, reads=True) as uow:
            times = [at for at in (next_quote(uow), next_transaction(uow)) if at is not None]
        return min(times, default=None)


def _answers(doors: Mapping[Provider, Door], asked: Sequence[Asked]) -> Iterator[Answered]:
    found = calculate(doors, [(one.provider, one.quotation) for one in asked])
    for one, taxes in zip(asked, found, strict=True):
        if isinstance(taxes, avalara.Problem):
            status: QuoteStatus = "REFUSED" if taxes.is_final else "ASKED"
            yield Answered(key=one.key, customer_ident=one.customer_ident, status=status, problem=taxes.message)
        else:
            yield Answered(key=one.key, customer_ident=one.customer_ident, status="ANSWERED", taxes=taxes)


def _recorded(doors: Mapping[Provider, Door], todo: ToDo) -> Done:
    """Record a document, or take it back. What was never recorded needs no taking back."""
    door = doors.get(todo.provider)
    if door is None:
        return Done(document_id=todo.document_id, code=todo.code, before=todo.status, status=todo.status, failure=LACKS)
    problem = _problem(door, todo)
    is_void = todo.status == "TO_VOID"
    status: TransactionStatus = "VOIDED" if is_void else "COMMITTED"
    if problem is not None and not (is_void and problem.is_unknown):
        status = "REFUSED" if problem.is_final and not is_void else todo.status
        return Done(document_id=todo.document_id, code=todo.code, before=todo.status, status=status, failure=problem.message)
    return Done(document_id=todo.document_id, code=todo.code, before=todo.status, status=status)


def _problem(door: Door, todo: ToDo) -> avalara.Problem | None:
    properties = door.asking.properties
    try:
        if todo.status == "TO_VOID":
            request = avalara.voiding_request(todo.body["code"], properties)
        else:
            request = avalara.recording_request(todo.body, properties)
        answer = door.call(request)
        return avalara.problem_of(answer.body, answer.status)
    except outbound.NotReached as error:
        log.warning("AVALARA was not reached: %s", error.message)
        return avalara.Problem(f"AVALARA gives no answer: {error.message}", is_final=False)
    except Exception as error:  # a fault of ours: the others are recorded
        log.exception("%s could not be recorded at AVALARA", todo.code)
        return avalara.Problem(f"It could not be recorded: {described(error)}", is_final=False)


WORK = work(Work(name=TAX_PROVIDERS, look=look))
every_tenant(WORK, every=dt.timedelta(hours=1))
