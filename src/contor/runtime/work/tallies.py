"""Tallies of lists, kept short: what transactions added is added up, and each week everything is counted anew."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Table

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.query.lists import MOST_COUNTED
from contor.runtime.query.tallying import cell_sql
from contor.runtime.schema import METADATA, Tallied
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

STRETCH = 10_000
"""Rows of a stretch, as long as its cells are no larger: so many are read at most to find a page."""
_SOON = 60
_STRETCHES = (
    # cells that lie within one another are one island; islands in their order fill stretches
    " seen AS (SELECT name, cell, last_cell, rows, coalesce(max(last_cell) OVER (PARTITION BY name ORDER BY cell, last_cell"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), cell - 1) AS before FROM cells),"
    " numbered AS (SELECT name, cell, last_cell, rows, count(*) FILTER (WHERE cell > before) OVER (PARTITION BY name"
    " ORDER BY cell, last_cell ROWS UNBOUNDED PRECEDING) AS island FROM seen),"
    " islands AS (SELECT name, min(cell) AS cell, max(last_cell) AS last_cell, sum(rows) AS rows FROM numbered GROUP BY name, island),"
    " placed AS (SELECT name, cell, last_cell, rows,"
    " (sum(rows) OVER (PARTITION BY name ORDER BY cell) - rows)::bigint / %(stretch)s AS stretch FROM islands)"
    " INSERT INTO row_tally (tenant_id, name, id, cell, last_cell, rows, counted)"
    " SELECT contor_tenant(), name, gen_random_uuid(), min(cell), max(last_cell), sum(rows), true FROM placed GROUP BY name, stretch"
)
_ADDED_UP = (
    "WITH gone AS (DELETE FROM row_tally WHERE name IN (SELECT name FROM row_tally WHERE counted)"
    " AND name IN (SELECT name FROM row_tally WHERE NOT counted) RETURNING name, cell, last_cell, rows),"
    " cells AS (SELECT name, cell, max(last_cell) AS last_cell, sum(rows) AS rows FROM gone GROUP BY name, cell)," + _STRETCHES
)


@shape
class AddUp:
    anew: bool = False
    """Count the rows themselves."""


class _Grown(NamedTuple):
    name: str
    rows: int


@operation("row_tally.add_up", permission="settings.write")
def add_up(uow: Uow, command: AddUp) -> None:
    """Add up what was tallied. Tables that are large and were never counted are counted; all are, where it is to be done anew."""
    uow.lock("row_tally", ["add"])  # two at once would each leave what the other added up
    uow.run(_ADDED_UP, {"stretch": STRETCH})
    sql = "SELECT split_part(name, ':', 1) AS name, sum(rows)::bigint AS rows FROM row_tally WHERE NOT counted GROUP BY 1"
    uncounted = {row.name for row in uow.all(_Grown, sql) if row.rows > MOST_COUNTED}
    for table in METADATA.sorted_tables:
        if table.info.get("tallied") and (command.anew or table.name in uncounted):
            _count(uow, table)


def _count(uow: Uow, table: Table) -> None:
    """In one statement, which sees one moment: what others add meanwhile stays, and was not counted."""
    said: Tallied = table.info["tallied"]
    name = f"'{table.name}:' || {said.by}" if said.by else f"'{table.name}'"
    there = f" WHERE {said.without} IS NULL" if said.without else ""
    # a table without rows was counted, too
    none = "" if said.by else f" UNION ALL SELECT '{table.name}', 0, 0, 0 WHERE NOT EXISTS (SELECT FROM {table.name}{there})"
    uow.run(
        f"WITH gone AS (DELETE FROM row_tally WHERE split_part(name, ':', 1) = '{table.name}'),"
        f" cells AS (SELECT {name} AS name, {cell_sql(table)} AS cell, {cell_sql(table)} AS last_cell, count(*) AS rows"
        f" FROM {table.name}{there} GROUP BY 1, 2{none})," + _STRETCHES,
        {"stretch": STRETCH},
    )


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """After changes."""
    runtime.execute(add_up, AddUp(), caller("documents", tenant_id))
    return None


def look_anew(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """What a release before wrote is in no tally."""
    runtime.execute(add_up, AddUp(anew=True), caller("documents", tenant_id))
    return None


every_tenant(work(Work(name="tallies", look=look, after_change=_SOON)), every=dt.timedelta(days=1))
every_tenant(work(Work(name="tallies_anew", look=look_anew)), every=dt.timedelta(days=7))
