"""List queries: what every dialect's filters, sorting and paging become, and the SQL that answers it.

A caller's text reaches SQL only as a bound parameter. The SQL depends on the form of the search alone, so it is compiled once
for each form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, DateTime, Select, Table, Text, and_, bindparam, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql.util import ClauseAdapter

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.conditions import condition
from contor.runtime.query.cursors import Place, after, place_of, written
from contor.runtime.query.filterable import Expression, Filterable
from contor.runtime.query.indexed import Sorted, completed
from contor.runtime.query.rsql import FORBIDDEN, Node, with_names
from contor.runtime.query.search_form import Binding, Form
from contor.runtime.schema import Tallied
from contor.runtime.tables import row_tally

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LAST_PAGE = 2**31 - 1
MOST_ORDERS = 10
MOST_COUNTED = 10_000
"""Things of a list that are counted one by one, or sorted after they were found."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of the list is wanted."""

    size: int = DEFAULT_SIZE
    """Rows."""
    offset: int = 0
    """Rows before it."""

    @property
    def number(self) -> int:
        """0-based."""
        return self.offset // self.size if self.size else 0


@dataclass(frozen=True, slots=True)
class Order:
    field: str
    """Empty: by what the thing is sorted of itself."""
    direction: Literal["asc", "desc"] = "asc"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Conditions, order and page of a list. Field names in snake_case or camelCase; nothing of it is checked against a thing yet."""

    where: Node | None = None
    order: tuple[Order, ...] = ()
    """Empty: the thing's own order."""
    page: PageRequest = field(default_factory=PageRequest)
    cursor: str | None = None
    """Behind which row the page begins, as the page before it said, in place of the rows before it."""

    def fields(self) -> set[str]:
        """The names by which it searches and sorts, as the caller wrote them."""
        found: dict[str, str] = {}
        self.renamed(lambda name: found.setdefault(name, name))
        return set(found)

    def renamed(self, rename: Callable[[str], str]) -> "ListQuery":
        """The query with every field name passed through `rename`, where a dialect has words of its own."""
        where = with_names(self.where, rename) if self.where is not None else None
        return replace(self, where=where, order=tuple(replace(order, field=rename(order.field)) for order in self.order))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its items, its 0-based number, the wanted size, and how many there are over all pages."""

    items: tuple[object, ...]
    number: int
    size: int
    total: int
    at_least: bool = False
    """More than were counted: `total` is what is sure. It is beyond the end of this page as long as another page follows."""
    next_cursor: str | None = None
    """Where the next page begins; None: this one is the last."""

    @property
    def pages(self) -> int:
        return -(-self.total // self.size) if self.size else 0


@dataclass(frozen=True, slots=True)
class Statement:
    """For psycopg."""

    sql: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class Listing:
    """The statements of a list. Each row has the wanted columns and, behind them, the values by which it is sorted (`k0`, `k1`...)."""

    walk: Statement
    """Rows in their order, as an index has them."""
    few: Statement
    """The same where few are found: those are looked for first, then sorted."""
    back: Statement
    """The same from the end of a list whose rows are tallied, the last one first."""
    placed: Statement | None
    """The same of a list whose rows are tallied by what it is sorted by, upwards whatever its direction, from where the tally says."""
    count: Statement
    """How many there are, up to `row_cap`."""
    order: tuple[Sorted, ...]
    form: Form
    scope: Mapping[str, object]
    """The columns that have one value in all rows."""
    place: Place | None
    said: str
    """What its cursors belong to."""

    def cursor_behind(self, row: Mapping[str, object], offset: int) -> str:
        """The cursor that goes on behind a row; `offset`: how many rows there are up to it."""
        return written(Place(offset, tuple(row[f"k{number}"] for number in range(len(self.order)))), self.said)


# Checking


def _checked_order(query: ListQuery, filterable: Filterable, problems: list[Problem]) -> tuple[Order, ...]:
    default, _, direction = filterable.default_sort.partition(",")
    order = []
    for wanted in query.order or (Order(default, "desc" if direction == "desc" else "asc"),):
        found = filterable.find(wanted.field or default)
        if found is None:
            shown, known = FORBIDDEN.sub("\ufffd", wanted.field[:100]), ", ".join(filterable.names())
            problems.append(Problem("sort_field_unknown", f"'{shown}' cannot be sorted by; these can: {known}.", "sort", shown))
        else:
            order.append(replace(wanted, field=found[0]))
    return tuple(order)


# SQL


def compile_list(
    table: Table,
    query: ListQuery,
    filterable: Filterable,
    *,
    columns: Sequence[str],
    scope: Mapping[str, object] | None = None,
    parameter: str = "search",
) -> Listing:
    """The statements for one page of `columns` of `table`, where the columns of `scope` have the given values (None: no value).

    Raises `Refused` (INVALID) with every finding: unknown fields and operators, wrong literals, a cursor that is not of this list.
    """
    binding = Binding(filterable, parameter)
    form = binding.form(query.where)
    order = _checked_order(query, filterable, binding.problems)
    if binding.problems:
        raise Refused(Kind.INVALID, *binding.problems)
    scope = dict(scope or {})
    given = {name: value for name, value in scope.items() if value is not None}
    whole = _whole(table, filterable, order, frozenset(given))
    said = repr((table.name, query.where, order, sorted(map(repr, scope.items()))))
    place = None if query.cursor is None else place_of(query.cursor, whole, said)
    asked = _Asked(
        table,
        filterable,
        tuple(columns),
        tuple(given),
        tuple(name for name in scope if name not in given),
        form,
        order,
        None if place is None else place.empty,
    )
    made = (_statements.__wrapped__ if filterable.momentary else _statements)(asked)
    params = binding.params | {f"s{number}": value for number, value in enumerate(given.values())}
    paged = params | {"row_limit": query.page.size, "row_offset": query.page.offset} | (place.params if place else {})
    walk, few, back, placed = [Statement(sql, constants | paged) if sql else None for sql, constants in made[:4]]
    if walk is None or few is None or back is None:
        raise AssertionError("only the place in a tally may be unknown")
    return Listing(walk, few, back, placed, Statement(made[4][0], made[4][1] | params), whole, form, scope, place, said)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the text of the statements depends on."""

    table: Table
    filterable: Filterable
    columns: tuple[str, ...]
    scope: tuple[str, ...]
    without: tuple[str, ...]
    form: Form
    order: tuple[Order, ...]
    place: tuple[bool, ...] | None
    """Of a page that begins behind a row: which of the values it does not have."""


def _whole(table: Table, filterable: Filterable, order: Sequence[Order], scope: frozenset[str]) -> tuple[Sorted, ...]:
    wanted = [(filterable.fields[one.field].expression, one.direction == "desc") for one in order]
    return completed(table, wanted, scope)


Rows = Select[Any]
Compiled = tuple[str, dict[str, object]]


@lru_cache(maxsize=1024)
def _statements(asked: _Asked) -> tuple[Compiled, ...]:
    table, filterable = asked.table, asked.filterable
    where = [table.c[name] == bindparam(f"s{number}", type_=table.c[name].type) for number, name in enumerate(asked.scope)]
    where += [table.c[name].is_(None) for name in asked.without]
    if asked.form:
        where.append(condition(asked.form, filterable))
    order = _whole(table, filterable, asked.order, frozenset(asked.scope))
    keys = [one.expression.label(f"k{number}") for number, one in enumerate(order)]
    shown: list[Expression] = [*(table.c[name] for name in asked.columns), *keys]
    behind = [after(order, asked.place)] if asked.place is not None else []
    limit, offset = bindparam("row_limit", type_=BigInteger()), bindparam("row_offset", type_=BigInteger())
    walk = select(*shown).where(and_(true(), *where, *behind)).order_by(*map(_sorted, order)).limit(limit).offset(offset)
    # not merged with what is around it: whatever the statistics say, all that are found are found before they are sorted
    found = select(table).where(and_(true(), *where)).offset(literal_column("0")).subquery(table.name)
    of_found = ClauseAdapter(found).traverse
    few = select(*map(of_found, shown)).select_from(found).where(and_(true(), *map(of_found, behind)))
    few = few.order_by(*[of_found(_sorted(one)) for one in order]).limit(limit).offset(offset)
    backwards = [replace(one, descending=not one.descending) for one in order]
    rows = select(func.sum(row_tally.c.rows)).where(row_tally.c.name == bindparam("tally", type_=Text())).scalar_subquery()
    back = select(*shown).where(and_(true(), *where)).order_by(*map(_sorted, backwards))
    back = back.limit(func.greatest(func.least(limit, rows - offset), 0)).offset(func.greatest(rows - offset - limit, 0))
    some: Rows = (
        select(literal_column("1")).select_from(table).where(and_(true(), *where)).limit(bindparam("row_cap", type_=BigInteger()))
    )
    count = select(func.count()).select_from(some.subquery("found"))
    placed = None if asked.form or behind else _placed(table, shown, where, order)
    return tuple(_sql(made) if made is not None else ("", {}) for made in (walk, few, back, placed, count))


def _placed(
    table: Table, shown: Sequence[Expression], where: Sequence[ColumnElement[bool]], order: Sequence[Sorted]
) -> Rows | None:
    """The rows from the stretch on in which the page is, so that only those of the stretch are passed over."""
    said: Tallied | None = table.info.get("tallied")
    if said is None or not said.place or order[0].expression is not table.c[said.place]:
        return None
    falling = order[0].descending
    if any(one.descending != falling for one in order):
        return None
    key, limit, offset = (
        table.c[said.place],
        bindparam("row_limit", type_=BigInteger()),
        bindparam("row_offset", type_=BigInteger()),
    )
    t = row_tally.c
    cells = select(t.cell, func.sum(t.rows).label("rows"), func.bool_or(t.counted).label("counted"))
    cells = cells.where(t.name == bindparam("tally", type_=Text())).group_by(t.cell)
    cell = cells.cte("cells")
    total = select(func.sum(cell.c.rows)).scalar_subquery()
    passed = func.greatest(total - offset - limit, 0) if falling else offset
    many = func.greatest(func.least(limit, total - offset), 0) if falling else limit
    before = select(cell.c.cell, cell.c.counted, (func.sum(cell.c.rows).over(order_by=cell.c.cell) - cell.c.rows).label("before"))
    stretch = before.subquery("stretch")
    place = select(stretch.c.cell, stretch.c.before).where(stretch.c.counted, stretch.c.before <= passed)
    lowest = literal_column("-62135596800" if isinstance(key.type, DateTime) else "-4611686018427387904", BigInteger())
    found = (
        place.union_all(select(lowest, literal_column("0")))
        .order_by(literal_column("1 DESC"))
        .limit(literal_column("1"))
        .cte("place")
    )
    # nothing around the value: what might tell of other tenants' rows is no condition of an index, and COALESCE counts as such
    first = select(func.to_timestamp(found.c.cell) if isinstance(key.type, DateTime) else found.c.cell).scalar_subquery()
    rising = [Sorted(one.expression, False) for one in order]
    rest = passed - select(found.c.before).scalar_subquery()
    return select(*shown).where(and_(key >= first, *where)).order_by(*map(_sorted, rising)).limit(many).offset(rest)


def _sorted(one: Sorted) -> Expression:
    return one.expression.desc() if one.descending else one.expression.asc()


def _sql(statement: Select[*tuple[Any, ...]]) -> Compiled:
    """The text, and the constants of the fields' own expressions."""
    made = statement.compile(dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]
    return str(made), {name: value for name, value in made.params.items() if value is not None}
