"""What workers do for a run: preview it, and once it is approved make its letters. A worker that dies leaves nothing half done.

Where the tenant has switched dunning to be automatic, a run is made each day and approved by itself.
"""

import datetime as dt

from contor.dunning.configuration import configuration_of
from contor.dunning.runs.make import MakeNext, make_next
from contor.dunning.runs.preview import PreviewNext, preview_next
from contor.dunning.runs.runs import (
    CreateDunningRun,
    DunningRunBody,
    DunningRunView,
    OneDunningRun,
    approve_run,
    create_run,
    get_run,
    start,
    view_of,
)
from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.held import OPEN
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller as worker

BATCH = 1_000
"""Customers, or letters, of one transaction."""


@shape
class PreviewDunning:
    as_of: dt.date | None = None


@shape
class StartToday:
    """No input."""


@operation("dunning_run.preview_all", permission="bookkeeping.write")
def preview_all(uow: Uow, command: PreviewDunning) -> DunningRunView:
    """Preview everyone in this one transaction: to be executed as a dry run."""
    made = create_run(uow, CreateDunningRun(body=DunningRunBody(as_of=command.as_of)))
    while preview_next(uow, PreviewNext(run_ident=made.run_ident, limit=BATCH)):
        pass
    return get_run(uow, OneDunningRun(run_ident=made.run_ident))


@operation("dunning_run.start_today", permission="bookkeeping.write")
def start_today(uow: Uow, command: StartToday) -> DunningRunView | None:
    """The run of the day where dunning is automatic, and neither one is open nor was one made today."""
    configuration, today = configuration_of(uow), uow.ctx.today()
    if configuration is None or not configuration.automated:
        return None
    sql = f"SELECT 1 FROM dunning_run WHERE as_of >= %s AND status <> 'CANCELLED' OR status IN {OPEN} LIMIT 1"
    if uow.scalar(int, sql, (today,)) is not None:
        return None
    return view_of(uow, start(uow, today, None, automatic=True))


def dun_tenant(runtime: Runtime, caller: Caller, as_of: dt.date | None = None) -> DunningRunView:
    """Make, preview, approve and carry out a run for who asks; the letters' files follow as jobs."""
    made = runtime.execute(create_run, CreateDunningRun(body=DunningRunBody(as_of=as_of)), caller)
    one = OneDunningRun(run_ident=made.run_ident)
    _go_on(runtime, caller, made.run_ident)
    if runtime.execute(get_run, one, caller).status == "PREVIEWED":
        runtime.execute(approve_run, one, caller)
        _go_on(runtime, caller, made.run_ident)
    done: DunningRunView = runtime.execute(get_run, one, caller)
    return done


def _go_on(runtime: Runtime, caller: Caller, run_ident: str, batch: int = BATCH) -> None:
    """All that is to be done with a run as it stands."""
    while runtime.execute(preview_next, PreviewNext(run_ident=run_ident, limit=batch), caller):
        runtime.go_on()
    while runtime.execute(make_next, MakeNext(run_ident=run_ident, limit=batch), caller):
        runtime.go_on()


def look(runtime: Runtime, tenant_id: int) -> None:
    """Go on with the run that is open; begin the one of the day where that is automatic."""
    caller = worker("dunning", tenant_id)
    runtime.execute(start_today, StartToday(), caller)
    with runtime.transaction(caller, reads=True) as uow:
        found = uow.column(str, f"SELECT run_ident FROM dunning_run WHERE status IN {OPEN}")
    for ident in found:
        _go_on(runtime, caller, ident)
        run = runtime.execute(get_run, OneDunningRun(run_ident=ident), caller)
        if run.automatic and run.status == "PREVIEWED":
            runtime.execute(approve_run, OneDunningRun(run_ident=ident), caller)
            _go_on(runtime, caller, ident)


DUNNING = work(Work(name="dunning", look=look))
every_tenant(DUNNING, every=dt.timedelta(hours=1))
