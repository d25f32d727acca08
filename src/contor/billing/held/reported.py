"""The runs of a time, as they are reported."""

import datetime as dt

from contor.billing.held.runs import RunRow, RunView, view_of_run
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


def runs_in(uow: Uow, start: dt.datetime, end: dt.datetime) -> list[RunView]:
    """The runs that were made in [start, end), in their order."""
    sql = f"SELECT {columns(RunRow)} FROM billing_run WHERE created_at >= %s AND created_at < %s ORDER BY created_at, run_id"
    return [view_of_run(uow, row) for row in uow.all(RunRow, sql, (start, end))]
