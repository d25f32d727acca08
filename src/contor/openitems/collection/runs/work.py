"""What workers do for a run: preview it, and once it is approved collect and write the files. Whoever dies leaves it to the next one.

One at a time collects in a tenant, whether for a run or because the hour has come: a batch passes over what another transaction holds, so
that a preview beside it would foresee too little, and a run would count only its share.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Elsewhere, Work, work
from contor.openitems.collection import tables
from contor.openitems.collection.runs.previewing import Preview, PreviewCollection, became, preview_collection
from contor.openitems.collection.runs.runs import (
    OPEN,
    RUNNING,
    CreateCollectionRun,
    OneCollectionRun,
    RunRow,
    approve_run,
    create_run,
    get_run,
    require_run,
    run_view,
    set_status,
)
from contor.openitems.collection.runs.types import CollectionOutcome, CollectionReport, CollectionRunView, Foreseen
from contor.openitems.collection.tasks import CountHeld, count_held
from contor.openitems.collection.worker import collect
from contor.payments.files import write_files
from contor.payments.intents import charges_before
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.rows import columns
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

_IF_ALONE = f"SELECT {lock_if_free('collection', repr('run'))} AND {lock_if_free('payments', repr('files'))}"
"""The locks of the worker that collects and of the one that writes files."""
_PATIENCE = "SELECT set_config('lock_timeout', '10min', true)"
"""For so long who asks by hand waits for a worker that collects just now."""


@shape
class KeepPreview:
    run_ident: str
    report: CollectionReport
    items: list[Foreseen]


@shape
class KeepDone:
    run_ident: str
    report: CollectionReport
    payment_file_idents: tuple[str, ...]


@operation("collection_run.keep_preview", permission="payments.write")
def keep_preview(uow: Uow, command: KeepPreview) -> CollectionRunView:
    """Say what a run would do. One that was cancelled meanwhile stays as it is."""
    ident = command.run_ident
    if require_run(uow, ident, lock=True).status == "CREATED":
        uow.copy(tables.collection_run_item, ("run_ident", *Foreseen._fields), [(ident, *item) for item in command.items])
        sql = "UPDATE collection_run SET expected = %s::jsonb WHERE run_ident = %s"
        uow.run(sql, (_stored(command.report), ident))
        set_status(uow, ident, "PREVIEWED")
    return run_view(uow, ident)


@operation("collection_run.keep_done", permission="payments.write")
def keep_done(uow: Uow, command: KeepDone) -> CollectionRunView:
    """Say what a run did, and of each open item what became of it."""
    run = require_run(uow, command.run_ident, lock=True)
    if run.status == "APPROVED":
        _tell_anew(uow, run)
        sql = "UPDATE collection_run SET done = %s::jsonb, payment_file_idents = to_jsonb(%s::text[]) WHERE run_ident = %s"
        uow.run(sql, (_stored(command.report), list(command.payment_file_idents), command.run_ident))
        set_status(uow, command.run_ident, "COMPLETED", "completed_at")
    return run_view(uow, command.run_ident)


_NOTHING_LEFT = "Nothing of it is open any more: it was paid, credited or decided before it was collected."
_ANEW = """
UPDATE collection_run_item i
   SET balance = x.balance, outcome = x.outcome, collection_date = x.collection_date, reason = x.reason
  FROM jsonb_to_recordset(%s) AS x(document_id bigint, balance numeric, outcome text, collection_date date, reason text)
 WHERE i.run_ident = %s AND i.document_id = x.document_id
   AND (i.balance, i.outcome, i.collection_date, i.reason) IS DISTINCT FROM (x.balance, x.outcome, x.collection_date, x.reason)
"""
_CLOSED = """
UPDATE collection_run_item SET balance = 0, outcome = 'NOT_COLLECTED', collection_date = NULL, reason = %s
 WHERE run_ident = %s AND document_id = ANY (%s)
"""


class _Foretold(NamedTuple):
    document_id: int
    outcome: CollectionOutcome


def _tell_anew(uow: Uow, run: RunRow) -> None:
    """What was paid, blocked or opened between preview and approval is another thing than the preview said."""
    sql = f"SELECT {columns(_Foretold)} FROM collection_run_item WHERE run_ident = %s"
    foretold = dict(uow.all(_Foretold, sql, (run.run_ident,)))
    now = became(uow, {number for number, outcome in foretold.items() if outcome == "UNDER_WAY"})
    uow.run(_ANEW, (ENCODER.encode([it._asdict() for it in now]).decode(), run.run_ident))
    still_open = {it.document_id for it in now}
    closed = [number for number, outcome in foretold.items() if outcome != "UNDER_WAY" and number not in still_open]
    charged = charges_before(uow, closed)  # of a run that was resumed the bank may have booked some by now
    closed = [number for number in closed if number not in charged or charged[number].status != "SUCCESSFUL"]
    uow.run(_CLOSED, (_NOTHING_LEFT, run.run_ident, closed))
    new = [(run.run_ident, *it) for it in now if it.document_id not in foretold]
    uow.copy(tables.collection_run_item, ("run_ident", *Foreseen._fields), new)


def collect_tenant(runtime: Runtime, who: Caller) -> CollectionRunView:
    """Make, preview, approve and carry out a run for who asks, after whoever collects just now. Raises CONFLICT where a run is open."""
    with _alone(runtime, who):
        one = OneCollectionRun(run_ident=runtime.execute(create_run, CreateCollectionRun(), who).run_ident)
        go_on(runtime, who, one)
        runtime.execute(approve_run, one, who)
        return go_on(runtime, who, one)


def preview_tenant(runtime: Runtime, who: Caller) -> Preview:
    """What a run would do, after whoever collects just now; nothing of it stays."""
    with _alone(runtime, who):
        found: Preview = runtime.execute(preview_collection, PreviewCollection(), who)
        return found


@contextmanager
def _alone(runtime: Runtime, who: Caller) -> Iterator[None]:
    """Nobody else collects in the tenant, nor writes files, until the end."""
    with runtime.transaction(who, reads=True) as guard:
        guard.run(_PATIENCE)
        guard.lock("collection", ["run"])
        guard.lock("payments", ["files"])
        yield


def go_on(runtime: Runtime, who: Caller, one: OneCollectionRun) -> CollectionRunView:
    """All that is to be done with a run as it stands, by who is alone."""
    run: CollectionRunView = runtime.execute(get_run, one, who)
    if run.status == "CREATED":
        found = runtime.execute(preview_collection, PreviewCollection(), who)
        return runtime.execute(keep_preview, KeepPreview(run_ident=one.run_ident, report=found.report, items=found.items), who)
    if run.status == "APPROVED":
        collected, wrote = collect(runtime, who), write_files(runtime, who)
        report = CollectionReport(
            planned=collected.planned,
            intents=collected.intents,
            retried=collected.retried,
            files=len(wrote.files),
            transactions=wrote.transactions,
            left_out=wrote.left_out,
            waiting=wrote.waiting,
            held=runtime.execute(count_held, CountHeld(), who),
        )
        command = KeepDone(run_ident=one.run_ident, report=report, payment_file_idents=wrote.files)
        return runtime.execute(keep_done, command, who)
    return run


def look(runtime: Runtime, tenant_id: int) -> Elsewhere | None:
    """Go on with the run that is open."""
    who = caller("collection", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, _IF_ALONE, {"tenant": tenant_id}):
            return Elsewhere.BUSY
        for ident in guard.column(str, f"SELECT run_ident FROM collection_run WHERE status IN {OPEN}"):
            go_on(runtime, who, OneCollectionRun(run_ident=ident))
    return None


def _stored(report: CollectionReport) -> str:
    return msgspec.json.encode(dataclasses.asdict(report)).decode()


every_tenant(work(Work(name=RUNNING, look=look, place="files")), every=dt.timedelta(hours=1))
