"""What workers do for a run that someone holds: preview it, and once it is approved bill it as it was previewed.

Everything is kept customer by customer, in the transaction that bills them: a worker that dies leaves nothing half done, and the next
one goes on with the customers that are left. Several workers share a run.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import NamedTuple

from contor.billing import tables
from contor.billing.held.differences import FinishPreview, compare_run, finish_preview
from contor.billing.held.runs import require_run
from contor.billing.items import reasons_of_parked
from contor.billing.runs import (
    BilledBatch,
    BillNext,
    CustomerBill,
    CustomerStatus,
    bill_customers,
    bill_next,
    next_customer,
    reason_of,
)
from contor.customers.queries import stopped_billing
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.rated_usage.aggregate import CloseDue, close_due
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.uow import Uow
from contor.runtime.work.held import OPEN, RunStatus
from contor.runtime.work.schedule import every_tenant

log = logging.getLogger("contor.billing")
BATCH = 500


@shape
class PreviewNext:
    run_ident: str
    after: str
    limit: int


@shape
class KeepPreview:
    run_ident: str
    bills: tuple[CustomerBill, ...]


@shape
class BillPreviewed:
    run_ident: str
    limit: int


@operation("billing_run.preview_next", permission="contracts.write")
def preview_next(uow: Uow, command: PreviewNext) -> BilledBatch:
    """What the next customers would be billed: to be executed as a dry run. One worker at a time: a second one would pass over the
    customers that the first has locked."""
    asked = _next_of(uow, command)
    return BilledBatch(last=None) if asked is None else bill_next(uow, asked)


@operation("billing_run.whom_to_preview", permission="contracts.write")
def whom_to_preview(uow: Uow, command: PreviewNext) -> str | None:
    """The first of them."""
    asked = _next_of(uow, command)
    return None if asked is None else next_customer(uow, asked)


def _next_of(uow: Uow, command: PreviewNext) -> BillNext | None:
    uow.lock("billing_run", [command.run_ident])
    run = require_run(uow, command.run_ident)
    if run.status != "CREATED":
        return None
    sql = "SELECT greatest(%s::text, max(customer_ident)) FROM billing_run_customer WHERE run_ident = %s"
    reached = uow.scalar(str, sql, (command.after, command.run_ident)) or command.after
    only = None if run.debtor_idents is None else tuple(run.debtor_idents)
    return BillNext(cutoff=run.cutoff, after=reached, limit=command.limit, only=only, is_detailed=True, is_preview=True)


@operation("billing_run.keep_preview", permission="contracts.write")
def keep_preview(uow: Uow, command: KeepPreview) -> None:
    """What a batch of customers would be billed. Nothing is added to a run whose preview is finished, or that was cancelled."""
    if require_run(uow, command.run_ident, lock=True).status != "CREATED":
        return
    sql = "SELECT customer_ident FROM billing_run_customer WHERE run_ident = %s AND customer_ident = ANY (%s)"
    known = set(uow.column(str, sql, (command.run_ident, [bill.customer_ident for bill in command.bills])))
    new = [bill for bill in command.bills if bill.customer_ident not in known]
    uow.insert(tables.billing_run_customer, [_previewed(command.run_ident, bill) for bill in new])
    if command.bills:
        uow.audit("billing_run", command.run_ident, {"previewed": [bill.customer_ident for bill in command.bills]})


def _previewed(run_ident: str, bill: CustomerBill) -> dict[str, object]:
    """A row of the run. What a customer that is parked would be billed stands apart, for it is not part of the run until it is released."""
    is_parked = bill.status == "PARKED"
    shown = {"sums": bill.sums, "taxes": bill.taxes}
    parked = {"sums": (), "taxes": (), "parked": {**shown, "documents": bill.documents, "lines": bill.lines}}
    return {
        "run_ident": run_ident,
        "customer_ident": bill.customer_ident,
        # a faulty item, whose reason is told, keeps nothing else from being billed
        "status": "PREVIEWED" if bill.status == "BILLED" or (bill.status == "FAILED" and bill.documents) else bill.status,
        "reason": bill.reason,
        "fingerprint": bill.fingerprint,
        "items": bill.items,
        "documents": 0 if is_parked else bill.documents,
        "preview": parked if is_parked else shown,
        "billed": None,
        "lines": () if is_parked else bill.lines,
    }


class OpenRun(NamedTuple):
    run_ident: str
    status: RunStatus
    cutoff: dt.datetime
    is_to_compare: bool


class Promised(NamedTuple):
    """A customer of an approved run that is not billed yet."""

    customer_ident: str
    fingerprint: str


@operation("billing_run.bill_previewed", permission="contracts.write")
def bill_previewed(uow: Uow, command: BillPreviewed) -> BilledBatch:
    """Bill the next customers of an approved run as they were previewed. The last one completes the run."""
    run = require_run(uow, command.run_ident)
    rows = uow.all(
        Promised,
        "SELECT customer_ident, fingerprint FROM billing_run_customer WHERE run_ident = %s AND status = 'PREVIEWED'"
        " ORDER BY customer_ident LIMIT %s FOR UPDATE SKIP LOCKED",
        (command.run_ident, command.limit),
    )
    if not rows:  # others may still bill the last ones: the run is complete when nobody is left at the end of the transaction
        uow.finish(lambda: _complete(uow, command.run_ident))
        return BilledBatch(last=None)
    expected = {row.customer_ident: row.fingerprint for row in rows}
    uow.lock("billing", expected)
    parked = reasons_of_parked(uow, expected)
    stopped = stopped_billing(uow, expected) - parked.keys()
    wanted = {customer: print_ for customer, print_ in expected.items() if customer not in parked and customer not in stopped}
    ask = BillNext(cutoff=run.cutoff, is_detailed=True)
    batch = bill_customers(uow, sorted(wanted), ask, wanted) if wanted else BilledBatch(last=rows[-1].customer_ident)
    known = {bill.customer_ident for bill in batch.bills}
    gone = [_gone(customer, "CHANGED", "nothing is due any more") for customer in wanted if customer not in known]
    gone += [_gone(customer, "CHANGED", "its billing was stopped after the preview") for customer in sorted(stopped)]
    _keep(uow, command.run_ident, [*batch.bills, *gone, *(_gone(customer, "PARKED", why) for customer, why in parked.items())])
    uow.audit("billing_run", command.run_ident, {"customers": sorted(expected)})
    return batch


def _gone(customer: str, state: CustomerStatus, reason: str) -> CustomerBill:
    return CustomerBill(customer_ident=customer, status=state, reason=reason)


def _keep(uow: Uow, ident: str, bills: Sequence[CustomerBill]) -> None:
    """Outcome of the customers. All keep the items of the preview: so the sums of the report close."""
    now = [
        {
            "customer": bill.customer_ident,
            "status": bill.status,
            "reason": bill.reason,
            "documents": bill.documents,
            "billed": {"sums": bill.sums, "taxes": bill.taxes} if bill.status in ("BILLED", "FAILED") else None,
        }
        for bill in bills
    ]
    uow.run(
        "UPDATE billing_run_customer c SET status = x.status, reason = x.reason, billed = x.billed, documents = x.documents"
        " FROM jsonb_to_recordset(%s) AS x(customer text, status text, reason text, documents int, billed jsonb)"
        " WHERE c.run_ident = %s AND c.customer_ident = x.customer",
        (ENCODER.encode(now).decode(), ident),
    )


def _complete(uow: Uow, ident: str) -> None:
    done = uow.run(
        "UPDATE billing_run r SET status = 'COMPLETED', completed_at = %s WHERE run_ident = %s AND status = 'APPROVED'"
        " AND NOT EXISTS (SELECT 1 FROM billing_run_customer c WHERE c.run_ident = r.run_ident AND c.status = 'PREVIEWED')",
        (uow.ctx.now(), ident),
    )
    if done:
        uow.audit("billing_run", ident, {"status": "COMPLETED"})
        uow.mark("billing")


# --- the worker ------------------------------------------------------------------------------------------------------------------


def work_on_runs(runtime: Runtime, tenant_id: int) -> None:
    """Preview the run that is created, bill the one that is approved; compare one anew to which a customer was released."""
    caller = Caller("job:billing", "worker", tenant_id, permissions=frozenset({EVERYTHING}))
    with runtime.transaction(caller, reads=True) as uow:
        row = uow.first(
            OpenRun,
            "SELECT run_ident, status, cutoff, compared_with IS NOT NULL AND differences IS NULL AS is_to_compare"
            f" FROM billing_run WHERE status IN {OPEN}",
        )
    if row is None:
        return
    if row.is_to_compare:
        runtime.execute(compare_run, FinishPreview(run_ident=row.run_ident), caller)
    if row.status == "PREVIEWED":
        return
    if row.status == "CREATED":
        _preview(runtime, caller, row)
        return
    while runtime.execute(bill_previewed, BillPreviewed(run_ident=row.run_ident, limit=BATCH), caller).last is not None:
        pass


def _preview(runtime: Runtime, caller: Caller, run: OpenRun) -> None:
    """Batch by batch, each in a transaction that is undone. After a crash it goes on behind the last customer that was kept. After a
    batch that fails so many customers are previewed one by one, and who cannot be billed is named."""
    while runtime.execute(close_due, CloseDue(cutoff=run.cutoff), caller):
        pass
    after, careful = "", 0
    while True:
        command = PreviewNext(run_ident=run.run_ident, after=after, limit=1 if careful else BATCH)
        try:
            done = runtime.execute(preview_next, command, caller, dry_run=True)
        except Exception as error:
            if is_passing(error):
                raise  # it says nothing about any customer
            log.exception("the preview of %s behind %r failed", run.run_ident, after)
            if not careful:
                careful = BATCH  # so many one by one: whoever fails is among them
                continue
            customer = runtime.execute(whom_to_preview, command, caller)
            bills = () if customer is None else (_gone(customer, "PARKED", reason_of(error)),)
            done = BilledBatch(last=customer, bills=bills)
        if done.last is None:
            break
        runtime.execute(keep_preview, KeepPreview(run_ident=run.run_ident, bills=done.bills), caller)
        after, careful = done.last, max(careful - 1, 0)
    runtime.execute(finish_preview, FinishPreview(run_ident=run.run_ident), caller)


BILLING_RUNS = work(Work(name="billing_runs", look=work_on_runs))
every_tenant(BILLING_RUNS, every=dt.timedelta(hours=1))
