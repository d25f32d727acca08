"""What differs between a run and the last one that was completed, customer by customer."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from contor.billing.held.compare import Facts, Found, by_key, differences, summed
from contor.billing.held.runs import require_run
from contor.billing.items import reasons_of_parked
from contor.billing.runs import BilledLine
from contor.contracts.queries import begun_and_ended
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.db import ENCODER
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

BATCH = 500


@shape
class FinishPreview:
    run_ident: str


class LastRun(NamedTuple):
    run_ident: str
    cutoff: dt.datetime


@operation("billing_run.finish_preview", permission="contracts.write")
def finish_preview(uow: Uow, command: FinishPreview) -> None:
    """The preview is there, with what differs from the last run."""
    run = require_run(uow, command.run_ident, lock=True)
    if run.status != "CREATED":
        return
    last = uow.first(LastRun, "SELECT run_ident, cutoff FROM billing_run WHERE status = 'COMPLETED' ORDER BY run_id DESC LIMIT 1")
    uow.run(
        "UPDATE billing_run SET status = 'PREVIEWED', compared_with = %s WHERE run_ident = %s",
        (last.run_ident if last else None, command.run_ident),
    )
    if last is not None:
        _keep_differences(uow, command.run_ident, last)
    uow.audit("billing_run", command.run_ident, {"status": "PREVIEWED"})


@operation("billing_run.compare", permission="contracts.write")
def compare_run(uow: Uow, command: FinishPreview) -> None:
    """What differs from the last run, anew: a customer was released since."""
    run = require_run(uow, command.run_ident, lock=True)
    last = uow.first(LastRun, "SELECT run_ident, cutoff FROM billing_run WHERE run_ident = %s", (run.compared_with,))
    if last is not None:
        _keep_differences(uow, command.run_ident, last)
        uow.audit("billing_run", command.run_ident, {"compared_with": last.run_ident})


def _keep_differences(uow: Uow, ident: str, last: LastRun) -> None:
    found = ENCODER.encode(summed(_differences(uow, ident, last))).decode()
    uow.run("UPDATE billing_run SET differences = %s WHERE run_ident = %s", (found, ident))


class Lines(NamedTuple):
    """The lines of a customer in this run and in the last one."""

    customer: str
    now: Sequence[object] | None
    before: Sequence[object] | None
    is_parked: bool


def _differences(uow: Uow, ident: str, last: LastRun) -> Iterator[Found]:
    """Customer by customer."""
    after = ""
    while rows := uow.all(
        Lines,
        "SELECT coalesce(n.customer_ident, b.customer_ident) AS customer, n.lines AS now, b.lines AS before,"
        " coalesce(n.status = 'PARKED', false) OR coalesce(b.status = 'PARKED', false) AS is_parked"
        " FROM (SELECT customer_ident, status, lines FROM billing_run_customer WHERE run_ident = %(now)s AND customer_ident > %(after)s"
        " ORDER BY customer_ident LIMIT %(limit)s) n FULL JOIN"
        " (SELECT customer_ident, status, CASE WHEN status = 'BILLED' THEN lines END AS lines FROM billing_run_customer"
        " WHERE run_ident = %(last)s"
        " AND customer_ident > %(after)s"
        " ORDER BY customer_ident LIMIT %(limit)s) b ON b.customer_ident = n.customer_ident ORDER BY 1 LIMIT %(limit)s",
        {"now": ident, "last": last.run_ident, "after": after, "limit": BATCH},
    ):
        after = rows[-1].customer
        parked = reasons_of_parked(uow, [row.customer for row in rows])  # a run passes over them
        lines = [(_lines(row.before), _lines(row.now), row.is_parked or row.customer in parked) for row in rows]
        facts = Facts(*begun_and_ended(uow, {line.holder_ident for pair in lines for one in pair[:2] for line in one}, last.cutoff))
        for before, now, is_parked in lines:
            yield from differences(by_key(before), by_key(now), facts, is_parked=is_parked)


def _lines(entries: Sequence[object] | None) -> list[BilledLine]:
    return [validated(BilledLine, entry) for entry in entries or ()]
