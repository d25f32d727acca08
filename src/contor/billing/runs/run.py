"""The billing run: batch after batch until nothing is due. It looks when the next thing is due and after changes, and now when asked to."""

import datetime as dt
import itertools
import logging
from collections.abc import Iterator

from contor.billing.items import held_run
from contor.billing.runs.bill import bill_next
from contor.billing.runs.customers import next_customer
from contor.billing.runs.due import next_due
from contor.billing.runs.outcome import BilledBatch, BillNext, Sum, added
from contor.billing.runs.parking import ParkCustomer, park, reason_of, release
from contor.customers.queries import known_customers
from contor.customers.standing import debtor_named
from contor.customers.types import DebtorNumber
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, replace, shape
from contor.kernel.work import Work, work
from contor.rated_usage.aggregate import CloseDue, close_due
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller as worker
from contor.settings.queries import tenant_settings

log = logging.getLogger("contor.billing")

BATCH = 500
MOST_AT_ONCE = 4
"""Batches that one call bills: the caller waits for them."""


@shape
class RunReport:
    """What a run did. Every item that was due is billed, failed, or its customer is parked."""

    cutoff: dt.datetime
    customers: int = 0
    documents: int = 0
    billed: int = 0
    waiting: int = 0
    failed: int = 0
    parked: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    is_complete: bool = True
    """Nothing that was due is left for the worker."""
    held_by: str | None = None
    """The run that someone holds: the customers that it previewed wait for its approval, and are left out here."""


@shape
class StartRun:
    debtor_id: DebtorNumber | None = None
    """Deprecated: the customer by its number."""
    debtor_ident: Ident | None = None
    """Only this customer; it is released if it was parked, and billed without regard to bounds."""


@shape
class PreviewRun:
    """No input: what is due of everyone."""


@operation("billing.run", permission="contracts.write", refers=(Reference("debtorIdent", "customer_unknown", known_customers),))
def run_now(uow: Uow, command: StartRun) -> RunReport:
    """Bill what is due now: of one customer all of it, of all customers the first; the worker goes on with the others at
    once, and the report says that it is not complete."""
    if command.debtor_ident is None and command.debtor_id is None:
        return _batches(uow, None, MOST_AT_ONCE)
    debtor, problems = debtor_named(uow, command.debtor_ident, command.debtor_id)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    release(uow, debtor)
    return _batches(uow, debtor, MOST_AT_ONCE)


@operation("billing.preview", permission="contracts.write")
def preview(uow: Uow, command: PreviewRun) -> RunReport:
    """Bill everyone in this one transaction: to be executed as a dry run."""
    return _batches(uow, None, None)


def _batches(uow: Uow, only: str | None, most: int | None) -> RunReport:
    hold = None if only is not None else held_run(uow)
    report, after, awaited = RunReport(cutoff=uow.ctx.now(), held_by=hold.run_ident if hold else None), "", 0
    while close_due(uow, CloseDue(cutoff=report.cutoff, customer_ident=only)):
        pass
    for number in itertools.count():
        if number == most:
            uow.mark("billing")
            return replace(report, is_complete=False)
        chosen = None if only is None else (only,)
        batch = bill_next(uow, BillNext(cutoff=report.cutoff, after=after, limit=BATCH, only=chosen, is_asked_for=only is not None))
        if batch.last is None:
            if awaited:  # what waits for them is billed behind them, when they have their numbers
                uow.mark("billing")
            return replace(report, is_complete=not awaited)
        report, after, awaited = plus(report, batch), batch.last, awaited + batch.awaited
    raise AssertionError("unreachable")


def run_tenant(runtime: Runtime, tenant_id: int, batch: int = BATCH, *, automatic: bool = False) -> RunReport:
    """Bill what is due in a tenant by its clock, a transaction for each batch; other workers may do the same beside. An automatic run
    leaves out tenants that have switched it off."""
    caller = Caller("job:billing", "worker", tenant_id, permissions=frozenset({EVERYTHING}))
    with runtime.transaction(caller, reads=True) as uow:
        cutoff = uow.ctx.now()
        if automatic and not tenant_settings(uow).active_billing_run:
            return RunReport(cutoff=cutoff)
    report, after, awaited = RunReport(cutoff=cutoff), "", 0
    while runtime.execute(close_due, CloseDue(cutoff=cutoff), caller):
        pass
    while True:
        command = BillNext(cutoff=cutoff, after=after, limit=batch)
        try:
            done = [runtime.execute(bill_next, command, caller)]
        except Exception as error:
            if is_passing(error):
                raise  # it says nothing about any customer
            log.exception("a batch of tenant %s behind %r failed; its customers are billed one by one", tenant_id, after)
            done = list(_one_by_one(runtime, caller, command))
        for one in done:
            report, awaited = plus(report, one), awaited + one.awaited
        if done and done[-1].last is not None:
            after = done[-1].last
        elif awaited:  # what waited for these documents
            after, awaited = "", 0
        else:
            return report


def _one_by_one(runtime: Runtime, caller: Caller, batch: BillNext) -> Iterator[BilledBatch]:
    """Each customer in a transaction of its own; the one that fails is parked with the reason."""
    customer: str | None = batch.after
    for _ in range(batch.limit):
        customer = runtime.execute(next_customer, replace(batch, after=customer), caller)
        if customer is None:
            return
        try:
            yield replace(runtime.execute(bill_next, replace(batch, after="", only=(customer,)), caller), last=customer)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("customer %s could not be billed", customer)
            runtime.execute(park, ParkCustomer(customer_ident=customer, reason=reason_of(error)), caller)
            yield BilledBatch(last=customer, customers=1, parked=(customer,))


def plus(report: RunReport, batch: BilledBatch) -> RunReport:
    return replace(
        report,
        customers=report.customers + batch.customers,
        documents=report.documents + batch.documents,
        billed=report.billed + batch.billed,
        waiting=report.waiting + batch.waiting,
        failed=report.failed + batch.failed,
        parked=report.parked + batch.parked,
        sums=added(report.sums + batch.sums),
    )


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Bill what is due, unless the tenant has switched it off; when the next thing is."""
    run_tenant(runtime, tenant_id, automatic=True)
    with runtime.transaction(worker("billing", tenant_id), reads=True) as uow:
        return next_due(uow)


BILLING = work(Work(name="billing", look=look, after_change=30))
every_tenant(BILLING, every=dt.timedelta(hours=1))
