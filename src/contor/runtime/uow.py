"""The unit of work: one transaction of one tenant, and what an operation may do in it."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy import Table

from contor.kernel.context import Ctx
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import HANDLERS, Touched
from contor.kernel.work import WORK
from contor.runtime import copying
from contor.runtime.blobs import BlobStore
from contor.runtime.config import Config
from contor.runtime.db import Connection, Database, Steady, cursor_of
from contor.runtime.query.tallying import Cell, cells_of
from contor.runtime.rows import First, Quiet, Readings, Row, Second, Third, joined_factory, row_factory
from contor.runtime.schema import LOCKS, drawing_name
from contor.runtime.secrets import Secrets

Scalar = TypeVar("Scalar")
Params = Mapping[str, object] | Sequence[object]
"""Of a statement, by name or in their order."""

FEW_ROWS, MOST_LEFT, SPARE, DRAWN = 50, 12, 2, 3
NEXT_ID = "nextval('contor_id')"
QUIET_SECONDS = 1.0
"""For so long after a call workers need no other one: they look by themselves, for twice as long."""


def wall_clock() -> dt.datetime:
    """The real time (UTC)."""
    return dt.datetime.now(dt.UTC)


class Ending(Exception):
    """The process is to end, and what it was doing is done anew by the next one."""


class Installation(Quiet):
    """What every process of Contor holds: configuration, database, files, secrets, clock."""

    def __init__(
        self,
        config: Config,
        database: Database,
        blobs: BlobStore,
        secrets: Secrets,
        clock: Callable[[], dt.datetime] = wall_clock,
        new_uuid: Callable[[], uuid.UUID] = uuid.uuid4,
    ) -> None:
        self.config, self.database, self.blobs, self.secrets = config, database, blobs, secrets
        self.clock, self.new_uuid = clock, new_uuid
        super().__init__()
        self.is_ending = False
        """Whether this process was asked to end."""

    def go_on(self) -> None:
        """For what takes seconds and may be begun anew, between its parts. Raises `Ending`."""
        if self.is_ending:
            raise Ending


@dataclass(slots=True)
class Uow:
    """One transaction. Business code reads and writes through it and never commits."""

    ctx: Ctx
    connection: Connection
    runtime: Installation
    touched: list[Touched] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    entered: "list[Uow]" = field(default_factory=list)
    quiet: dict[object, float] = field(default_factory=dict)
    staged: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)
    last_steps: list[Callable[[], None]] = field(default_factory=list)
    grown: "Counter[Cell]" = field(default_factory=Counter)
    """By how many rows tallied tables have grown, in which cells: written at the end of the transaction."""
    unlinked: list[tuple[int, str, int]] = field(default_factory=list)
    """What gets a link of the chain at the end: (year, kind, id)."""
    posted: dict[str | int, list[Any]] = field(default_factory=dict)
    """What this transaction wrote into the journal, by reference and by what it takes back: the entries are stored at its end."""
    left: list[copying.Left] = field(default_factory=list)
    gathered: dict[object, list[object]] = field(default_factory=dict)  # by step, see `transaction.gather`
    brought: object = None  # what was asked of somebody outside before the transaction began (`Operation.asks`)
    drawn: list[int] = field(default_factory=list)
    """Ids that are nobody's yet: some are drawn when the transaction begins, and spare ones with each that is asked for alone."""
    began: int = 0
    """The first, also when it is somebody's: nothing that the transaction writes has a lower one. 0: it writes nothing of a tenant."""
    readings: Readings = field(default_factory=Readings)
    few: bool = False  # see `Operation.few`
    cursor: Steady = field(init=False)
    """The connection's."""

    def __post_init__(self) -> None:
        self.cursor = cursor_of(self.connection)

    def execute(self, sql: str, params: Params = ()) -> Steady:
        """What the statement answers, until the next one."""
        if self.left and copying.needs(sql, self.left):
            self.flush()
        return self.cursor.execute(sql, params or None)  # None, not (): psycopg then leaves % signs alone

    # reading

    def all(self, kind: type[Row], sql: str, params: Params = ()) -> list[Row]:
        """All rows as `kind`, a NamedTuple of the statement's columns."""
        return list(map(row_factory(kind)(answer := self.execute(sql, params)), answer.fetchall()))

    def first(self, kind: type[Row], sql: str, params: Params = ()) -> Row | None:
        """The first row as `kind`, or None."""
        return next(map(row_factory(kind)(answer := self.execute(sql, params)), answer), None)

    def joined(
        self, first: type[First], second: type[Second], third: type[Third], sql: str, params: Params = ()
    ) -> list[tuple[First, Second | None, Third | None]]:
        """All rows, each as three NamedTuples whose columns follow each other; what a left join did not find is None."""
        return list(map(joined_factory(first, second, third)(answer := self.execute(sql, params)), answer.fetchall()))

    def scalar(self, kind: type[Scalar], sql: str, params: Params = ()) -> Scalar | None:
        """The first column of the first row, a `kind`, or None."""
        row = self.execute(sql, params).fetchone()
        found = row[0] if row else None
        if found is not None and not isinstance(found, kind):
            raise TypeError(f"the statement answers {type(found).__name__}, not {kind.__name__}")
        return found

    def column(self, kind: type[Scalar], sql: str, params: Params = ()) -> list[Scalar]:
        """The only column of all rows, each a `kind`; NULL is a bug."""
        found = [row[0] for row in self.execute(sql, params).fetchall()]
        for value in found:
            if not isinstance(value, kind):
                raise TypeError(f"the statement answers {type(value).__name__}, not {kind.__name__}")
        return found

    def records(self, sql: str, params: Params = ()) -> list[dict[str, Any]]:
        """All rows, each as its columns by name: for who serves tables that it does not know."""
        self.flush()
        return self.connection.cursor(row_factory=dict_row).execute(sql, params or None).fetchall()

    # writing

    def run(self, sql: str, params: Params = ()) -> int:
        """Execute, and answer the number of rows it changed."""
        return self.execute(sql, params).rowcount

    def insert(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert `rows`, all with the columns of the first; the tenant is added. Absent columns take their default."""
        if not rows:
            return
        columns = tuple(rows[0])
        # COPY writes the tenant before each row, which the directory's tables do not have
        if len(rows) >= FEW_ROWS and table.info["tenant"]:
            self.copy(table, columns, [tuple([row[name] for name in columns]) for row in rows])
            return
        self.execute(*self.insertion(table, rows))

    def insertion(self, table: Table, rows: Sequence[Mapping[str, object]]) -> tuple[str, list[object]]:
        """The statement that inserts a few rows, and its parameters."""
        columns = tuple(rows[0])
        if not table.info["tenant"]:
            return copying.insert_statement(table, columns), [Jsonb(copying.json_rows(table, rows))]
        if table.info["tallied"] is not None:
            self.grown.update(cells_of(table, columns, [tuple([row[name] for name in columns]) for row in rows]))
        said = copying.json_rows(table, rows, tenant_id=self.ctx.tenant_id)
        return copying.insert_statement(table, ("tenant_id", *columns)), [Jsonb(said)]

    def insert_once(self, table: Table, row: Mapping[str, object]) -> bool:
        """Insert the row unless its key exists; whether it was inserted. Waits for a concurrent insert of the same key."""
        said = copying.json_rows(table, [row], tenant_id=self.ctx.tenant_id)
        statement = copying.insert_statement(table, ("tenant_id", *row)) + " ON CONFLICT DO NOTHING"
        if made := self.execute(statement, [Jsonb(said)]).rowcount == 1:
            self.grown.update(cells_of(table, tuple(row), [tuple(row.values())]))
        return made

    def leave(self, table: Table, rows: Sequence[Mapping[str, object]], refused: Refused | None = None) -> None:
        """Insert a few rows with what else waits: before the first statement that may see them, at the latest with the trail. `refused`:
        raised then, where the key of one exists, be it that of a concurrent transaction, which is waited for."""
        if rows:
            sql, values = self.insertion(table, rows)
            once = sql if refused is None else f"{sql} ON CONFLICT DO NOTHING RETURNING 1"
            self.leave_change(copying.Left(table.name, once, values, refused, len(rows)))

    def later(self, table: Table, columns: tuple[str, ...], rows: Sequence[copying.Row]) -> None:
        """As `copy`; few rows wait as those do that are left."""
        if len(rows) < FEW_ROWS:
            self.leave(table, [dict(zip(columns, row, strict=True)) for row in rows])
        else:
            self.copy(table, columns, rows)

    def leave_change(self, change: copying.Left) -> None:
        """Let a statement wait; of one table only what is inserted waits with each other: no statement sees what those beside it write."""
        waits = any(one.table == change.table for one in self.left)
        if len(self.left) == MOST_LEFT or (waits and not change.sql.startswith("INSERT")):
            self.flush()
        self.left.append(change)

    def flush(self, then: str = "", params: Sequence[object] = ()) -> object:
        """Run what waits, in one statement; and behind it, in the same, `then`, which selects one value: that is answered."""
        left, self.left = self.left, []
        if left:
            return copying.write(self.cursor, left, then, params)
        return self.scalar(object, then, params) if then else None

    def copy(self, table: Table, columns: tuple[str, ...], rows: Sequence[copying.Row]) -> None:
        """Insert rows given as tuples in the order of `columns`: many by COPY or as arrays, few in one parameter."""
        if len(rows) < FEW_ROWS:
            self.insert(table, [dict(zip(columns, row, strict=True)) for row in rows])
            return
        self.flush()
        self.grown.update(cells_of(table, columns, rows))
        if (statement := copying.arrays_statement(table, columns)) is not None:
            self.execute(statement, [self.ctx.tenant_id, *(list(values) for values in zip(*rows, strict=True))])
            return
        copying.through_stage(self, table, columns, rows)

    def forget_staged(self) -> None:
        """After a rollback: the staging tables that this transaction created are gone."""
        copying.STAGED.get(self.connection, set()).difference_update(self.staged)

    def next_ids(self, count: int) -> list[int]:
        """`count` new internal ids; several are later than all that anybody has drawn before."""
        if not count or (count == 1 and self.drawn):
            return [self.drawn.pop(0) for _ in range(count)]
        found = self.column(int, f"SELECT {NEXT_ID} FROM generate_series(1, %s)", (count + SPARE if count == 1 else count,))
        self.drawn = found[count:]  # what was spare before is nobody's: what comes later has a higher id
        return found[:count]

    def next_id(self) -> int:
        return self.next_ids(1)[0]

    def draw(self, table: Table, keys: Sequence[object], *, low: int, count: int) -> int:
        """The first of `count` consecutive values of a counter, by the keys of its row; `low`: where one begins that nobody drew from yet.
        The row stays locked until the commit, so that none is given twice and none is left out."""
        marks = ", ".join(["%s"] * (len(keys) + 2))
        # whoever holds the row holds up all others: what can be written before is
        first = self.flush(f"SELECT {drawing_name(table)}({marks})", (*keys, low, count))
        assert isinstance(first, int), "only who draws nothing is answered nothing"
        return first

    def new_uuid(self) -> uuid.UUID:
        """A random identifier, where the caller gave none."""
        return self.runtime.new_uuid()

    def new_ident(self) -> str:
        """What a new row is called, where the caller gave nothing: as `new_uuid`, in the order of time."""
        return copying.in_order(self.ctx.now(), self.new_uuid())

    def lock(self, space: str, names: Iterable[str]) -> None:
        """Advisory locks until the end of the transaction, always in the same order, so that two callers never cross."""
        if ordered := sorted({f"{space}:{name}" for name in names}):
            self.flush(LOCKS, (self.ctx.tenant_id, ordered))

    # facts

    def finish(self, step: Callable[[], None]) -> None:
        """Run `step` at the end of the transaction, after those registered before it: for what takes a hot lock."""
        self.last_steps.append(step)

    def finish_now(self) -> None:
        """Run what was registered so far: in an operation that is undone, and goes on with what these steps write."""
        while self.last_steps:
            self.last_steps.pop(0)()

    def turn_to(self, instant: dt.datetime) -> None:
        """Go on as if it were another time: in an operation that is undone."""
        self.ctx = replace(self.ctx, instant=instant)

    def audit(self, kind: str, ident: str, change: Mapping[str, object] | None = None) -> None:
        """Say that the operation changed this thing; `execute` writes the audit row."""
        self.touched.append(Touched(kind, ident, change))

    def mark(self, work: str, seconds: int = 0) -> None:
        """Let workers look for this kind of work in the tenant, so many seconds from now; the earliest mark counts."""
        if work not in WORK:
            raise LookupError(f"no work is named {work}")
        self.marks[work] = min(seconds, self.marks.get(work, seconds))

    def emit(self, fact: object) -> None:
        """Run what must agree with the fact now, and store it for what may follow later."""
        self.events.append(fact)
        for handler in HANDLERS[type(fact)]:
            handler(self, fact)


def not_found(kind: str, ident: object, key: str = "", hint: str = "") -> Refused:
    """The refusal for a thing that this tenant does not have. `key`: by which of its names it was looked for; `hint`: what was meant."""
    key = "number" if not key and isinstance(ident, int) else key
    said = f"{f'with the {key} ' if key else ''}{str(ident)[:120]!r}"
    message = f"No {kind.replace('_', ' ')} {said} exists{f'; {hint}' if hint else ''}."
    return Refused(Kind.NOT_FOUND, Problem(f"{kind}_not_found", message, None, ident))
