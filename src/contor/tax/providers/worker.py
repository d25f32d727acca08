"""Ask tax providers and record documents with them, tenant by tenant, outside of any transaction that writes. One worker at a time is at
a tenant's: it holds a lock of the database for as long as it looks, which is free at once when it dies; what it asked is asked again, and
what it recorded is recorded once by its code."""

import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from contor.kernel.context import Environment
from contor.kernel.work import Elsewhere, Work, work
from contor.runtime import outbound
from contor.runtime.config import Config
from contor.runtime.execute import Runtime
from contor.runtime.uow import lock_if_free
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller, described
from contor.tax.configuration import Provider
from contor.tax.providers import avalara
from contor.tax.providers.capabilities import ENVIRONMENT
from contor.tax.providers.queries import Asking, asking_of
from contor.tax.providers.quotes import (
    TAX_PROVIDERS,
    Answered,
    Asked,
    KeepQuotes,
    due_quotes,
    keep_quotes,
    next_quote,
)
from contor.tax.providers.recording import Done, KeepDone, ToDo, due_transactions, keep_done, next_transaction
from contor.tax.providers.types import Quotation, QuotedTax, TransactionStatus

log = logging.getLogger("contor.tax")

AT_ONCE = 200
"""Supplies that are asked about together."""
RECORDED_AT_ONCE = 20
"""Documents whose recording is kept together: what a worker does again that is killed."""
CALLS = 4
SECONDS = 20.0
"""For one call."""
TURN_SECONDS = 30.0
"""After which the other tenants have their turn."""
LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes."""
LACKS = "the provider lacks its credentials or properties"


class Door(NamedTuple):
    """How a tenant's provider is reached."""

    config: Config
    environment: Environment
    asking: Asking

    def call(self, request: avalara.Request) -> outbound.Answer:
        """Raises NotReached."""
        is_live = self.environment == "LIVE" and self.asking.properties.get(ENVIRONMENT, "PRODUCTION") == "PRODUCTION"
        base = self.config.avalara_url if is_live else self.config.avalara_sandbox_url
        headers = avalara.headers(self.asking.username, self.asking.password)
        call = outbound.Call(base + request.path, request.body, headers, seconds=SECONDS, longest=LONGEST_ANSWER)
        return outbound.outbound(self.config).call(call)


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
                doors = {name: Door(runtime.config, uow.ctx.environment, asking) for name, asking in asking_of(uow).items()}
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
            status: TransactionStatus | str = "REFUSED" if taxes.is_final else "ASKED"
            yield Answered(key=one.key, customer_ident=one.customer_ident, status=status, problem=taxes.message)  # type: ignore[arg-type]
        else:
            yield Answered(key=one.key, customer_ident=one.customer_ident, status="ANSWERED", taxes=taxes)


def calculate(
    doors: Mapping[Provider, Door], batch: Sequence[tuple[Provider, Quotation]]
) -> list[tuple[QuotedTax, ...] | avalara.Problem]:
    """What providers say of each supply, or why they do not; to be called outside of any transaction. Nothing is recorded there."""
    found: list[tuple[QuotedTax, ...] | avalara.Problem] = [avalara.Problem(LACKS, is_final=False)] * len(batch)
    places = [place for place, (provider, _) in enumerate(batch) if provider in doors]
    groups = [[places[at] for at in group] for group in avalara.groups_of([batch[place][1] for place in places])]

    def ask(group: Sequence[int]) -> list[tuple[QuotedTax, ...]] | avalara.Problem:
        door, quotations = doors[batch[group[0]][0]], [batch[place][1] for place in group]
        return _heard(door, quotations)

    if groups:
        with ThreadPoolExecutor(CALLS) as calls:
            for group, heard in zip(groups, calls.map(ask, groups), strict=True):
                for number, place in enumerate(group):
                    found[place] = heard if isinstance(heard, avalara.Problem) else heard[number]
    return found


def _heard(door: Door, quotations: Sequence[Quotation]) -> list[tuple[QuotedTax, ...]] | avalara.Problem:
    try:
        answer = door.call(avalara.quotation_request(quotations, door.asking.properties))
        return avalara.quoted(answer.body, answer.status, len(quotations))
    except outbound.NotReached as error:
        log.warning("AVALARA was not reached: %s", error.message)
        return avalara.Problem(f"AVALARA gives no answer: {error.message}", is_final=False)
    except Exception as error:  # a fault of ours: the others are asked about
        log.exception("AVALARA could not be asked")
        return avalara.Problem(f"AVALARA could not be asked: {described(error)}", is_final=False)


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
