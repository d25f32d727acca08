"""The run as an object that someone can hold: the day it is of is fixed, it is previewed, approved, and made as it was previewed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.customers.queries import known_customers, unknown_customers
from contor.dunning import tables
from contor.dunning.configuration import configuration_of
from contor.dunning.rules import DunningConfiguration, Outcome
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, Money, shape
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow
from contor.runtime.work.held import HeldRuns, RunStatus

HELD = HeldRuns("dunning_run")


class RunRow(NamedTuple):
    """A row of `dunning_run`."""

    run_ident: str
    run_id: int
    status: RunStatus
    as_of: dt.date
    automatic: bool
    debtor_idents: Sequence[str] | None
    configuration: Mapping[str, object]
    after: str
    money_after: str | None
    created_at: dt.datetime
    approved_at: dt.datetime | None
    completed_at: dt.datetime | None

    @property
    def settings(self) -> DunningConfiguration:
        """How the tenant dunned when the run was made."""
        return validated(DunningConfiguration, self.configuration)


class _CountRow(NamedTuple):
    run_ident: str
    outcome: Outcome
    documents: int


class _SumRow(NamedTuple):
    run_ident: str
    currency: str
    letters: int
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    demand: Decimal


class _MissingRow(NamedTuple):
    run_ident: str
    base_rate_missing: dt.date | None


@shape
class DunningRunBody:
    as_of: dt.date | None = None
    """The day of the letters; default: today."""
    debtor_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=1000)] | None = None
    """Only these customers; default: all."""


@shape
class CreateDunningRun:
    body: DunningRunBody


@shape
class OneDunningRun:
    run_ident: str


@dataclass(frozen=True, slots=True)
class ListDunningRuns:
    query: ListQuery


@shape
class OutcomeCount:
    """Open items of one outcome."""

    outcome: Outcome
    documents: int


@shape
class LetterSum:
    """The letters of one currency together; `demand` = `outstanding` + `costs` + `interest`."""

    currency: str
    letters: int
    outstanding: Money
    costs: Money
    interest: Money
    demand: Money


@shape
class DunningRunView:
    run_ident: str
    status: RunStatus
    as_of: dt.date
    automatic: bool
    created_at: dt.datetime
    approved_at: dt.datetime | None
    completed_at: dt.datetime | None
    debtor_idents: tuple[str, ...] | None
    outcomes: tuple[OutcomeCount, ...]
    letters: tuple[LetterSum, ...]
    base_rate_missing: dt.date | None = None
    """The first day of a half-year whose base rate is not stored, where interest is claimed: none is of who is in default then."""


_RATE_MISSING = """
SELECT min(h.at)::date FROM generate_series(
       coalesce((SELECT min(b.valid_from) FROM base_rate b WHERE b.tenant_id = dunning_run.tenant_id),
                make_date(extract(year FROM dunning_run.as_of - 1)::int,
                          CASE WHEN extract(month FROM dunning_run.as_of - 1) < 7 THEN 1 ELSE 7 END, 1)),
       dunning_run.as_of - 1, interval '6 months') AS h(at)
 WHERE jsonb_path_exists(dunning_run.configuration, '$.levels[*].interest ? (@ == true)')
   AND NOT EXISTS (SELECT 1 FROM base_rate b WHERE b.tenant_id = dunning_run.tenant_id AND b.valid_from = h.at::date)
"""
RUNS = searchable(
    tables.dunning_run,
    DunningRunView,
    ("run_ident", "run_id", "status", "as_of", "automatic", "created_at", "approved_at", "completed_at"),
    default_sort="run_id,desc",
    places={"base_rate_missing": worked_out(_RATE_MISSING, dt.date)},
)


@operation(
    "dunning_run.create", permission="bookkeeping.write", refers=(Reference("debtorIdents", "customer_unknown", known_customers),)
)
def create_run(uow: Uow, command: CreateDunningRun) -> DunningRunView:
    """Fix the day of a run; a worker previews it."""
    body, today = command.body, uow.ctx.today()
    problems = []
    if body.as_of is not None and body.as_of > today:
        problems.append(Problem("as_of_in_future", f"is after today ({today})", "asOf", body.as_of))
    last = uow.scalar(dt.date, "SELECT max(as_of) FROM dunning_run WHERE status = 'COMPLETED'")
    if last is not None and body.as_of is not None and body.as_of < last:
        message = f"is before {last}, of which a run was made: letters are not dated before those that went out"
        problems.append(Problem("as_of_before_last", message, "asOf", body.as_of))
    problems += unknown_customers(uow, body.debtor_idents or (), "debtorIdents")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return view_of(uow, start(uow, body.as_of or today, body.debtor_idents, automatic=False))


def start(uow: Uow, day: dt.date, only: Sequence[str] | None, *, automatic: bool) -> RunRow:
    """A new run."""
    configuration = configuration_of(uow)
    if configuration is None:
        message = "There is no dunning configuration: say first at which levels it is dunned."
        raise Refused(Kind.ILLEGAL_STATE, Problem("dunning_not_configured", message))
    HELD.refuse_second(uow)
    number = uow.next_id()
    row = {
        "run_ident": f"dun-{number}",
        "run_id": number,
        "status": "CREATED",
        "as_of": day,
        "automatic": automatic,
        "debtor_idents": None if only is None else list(only),
        "configuration": configuration,
        "money_after": "",
        "created_at": uow.ctx.now(),
    }
    uow.insert(tables.dunning_run, [row])
    uow.audit("dunning_run", f"dun-{number}", {"as_of": day, "only": only})
    uow.mark("dunning")
    return require_run(uow, f"dun-{number}")


@operation("dunning_run.get", permission="bookkeeping.read", reads=True)
def get_run(uow: Uow, command: OneDunningRun) -> DunningRunView:
    """A run with what becomes of the open items that it looked at."""
    return view_of(uow, require_run(uow, command.run_ident))


@operation("dunning_run.list", permission="bookkeeping.read", reads=True)
def list_runs(uow: Uow, command: ListDunningRuns) -> Page:
    """Runs, the latest first."""

    def read(idents: list[str]) -> dict[str, DunningRunView]:
        return {view.run_ident: view for view in _views(uow, HELD.named(uow, RunRow, idents))}

    return listed_by_key(uow, tables.dunning_run, command.query, RUNS, "run_ident", read)


@operation("dunning_run.approve", permission="bookkeeping.write")
def approve_run(uow: Uow, command: OneDunningRun) -> DunningRunView:
    """Let the letters that were previewed be made; a worker does it."""
    HELD.approve(uow, command.run_ident)
    uow.mark("dunning")
    return view_of(uow, require_run(uow, command.run_ident))


@operation("dunning_run.cancel", permission="bookkeeping.write")
def cancel_run(uow: Uow, command: OneDunningRun) -> DunningRunView:
    """Give up a run that is not approved: nobody is dunned by it."""
    HELD.cancel(uow, command.run_ident)
    uow.run("UPDATE dunning_letter SET status = 'CANCELLED' WHERE run_ident = %s AND status = 'PREVIEWED'", (command.run_ident,))
    return view_of(uow, require_run(uow, command.run_ident))


# helpers in calling order


def require_run(uow: Uow, ident: str, *, lock: bool = False) -> RunRow:
    """A run; `lock`: until the transaction ends. Raises NOT_FOUND."""
    return HELD.require(uow, RunRow, ident, lock=lock)


def view_of(uow: Uow, row: RunRow) -> DunningRunView:
    return _views(uow, [row])[0]


def _views(uow: Uow, rows: Sequence[RunRow]) -> list[DunningRunView]:
    """In their order; what is said of them is read once for all."""
    idents = [row.run_ident for row in rows]
    counts = uow.all(
        _CountRow,
        "SELECT run_ident, outcome, count(*) AS documents FROM dunning_item WHERE run_ident = ANY (%s)"
        " GROUP BY run_ident, outcome ORDER BY run_ident, outcome",
        (idents,),
    )
    sums = uow.all(
        _SumRow,
        "SELECT run_ident, currency, count(*) AS letters, sum(outstanding) AS outstanding, sum(costs) AS costs,"
        " sum(interest) AS interest, sum(demand) AS demand FROM dunning_letter WHERE run_ident = ANY (%s)"
        " AND status IN ('PREVIEWED', 'MADE') GROUP BY run_ident, currency ORDER BY run_ident, currency",
        (idents,),
    )
    sql = f"SELECT run_ident, ({_RATE_MISSING}) AS base_rate_missing FROM dunning_run WHERE run_ident = ANY (%s)"
    missing = dict(uow.all(_MissingRow, sql, (idents,)))
    outcomes, letters = dict[str, list[OutcomeCount]](), dict[str, list[LetterSum]]()
    for count in counts:
        outcomes.setdefault(count.run_ident, []).append(OutcomeCount(outcome=Outcome(count.outcome), documents=count.documents))
    for one in sums:
        said = one._asdict()
        letters.setdefault(said.pop("run_ident"), []).append(LetterSum(**said))
    return [
        DunningRunView(
            base_rate_missing=missing[row.run_ident],
            run_ident=row.run_ident,
            status=row.status,
            as_of=row.as_of,
            automatic=row.automatic,
            created_at=row.created_at,
            approved_at=row.approved_at,
            completed_at=row.completed_at,
            debtor_idents=None if row.debtor_idents is None else tuple(row.debtor_idents),
            outcomes=tuple(outcomes.get(row.run_ident, ())),
            letters=tuple(letters.get(row.run_ident, ())),
        )
        for row in rows
    ]
