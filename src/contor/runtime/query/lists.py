"""List queries: what every dialect's filters, sorting and paging become, and the SQL that answers it.

A caller's text reaches SQL only as a bound parameter. The SQL depends on the form of the search alone, so it is compiled once
for each form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import ARRAY, ColumnElement, Table, Text, and_, any_, bindparam, collate, func, or_, select, true
from sqlalchemy.dialects.postgresql import psycopg

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.filterable import TEXT, Filterable, FilterField
from contor.runtime.query.rsql import FORBIDDEN, Node, with_names
from contor.runtime.query.search_form import Binding, Form

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LAST_PAGE = 2**31 - 1
MOST_ORDERS = 10


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

    @property
    def pages(self) -> int:
        return -(-self.total // self.size) if self.size else 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The statements of a list, for psycopg: the page's rows, and the count over all pages."""

    sql: str
    params: dict[str, object]
    count_sql: str
    count_params: dict[str, object]


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

Compiled = tuple[str, dict[str, object]]


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

    Raises `Refused` (INVALID) with every finding: unknown fields and operators, wrong literals.
    """
    binding = Binding(filterable, parameter)
    form = binding.form(query.where)
    order = _checked_order(query, filterable, binding.problems)
    if binding.problems:
        raise Refused(Kind.INVALID, *binding.problems)
    given = {name: value for name, value in (scope or {}).items() if value is not None}
    empty = tuple(name for name in scope or {} if name not in given)
    statements = _statements.__wrapped__ if filterable.momentary else _statements
    (sql, constants), (count_sql, counted) = statements(table, filterable, tuple(columns), tuple(given), empty, form, order)
    params = binding.params | {f"s{number}": value for number, value in enumerate(given.values())}
    return Listing(
        sql, constants | params | {"row_limit": query.page.size, "row_offset": query.page.offset}, count_sql, counted | params
    )


@lru_cache(maxsize=1024)
def _statements(
    table: Table,
    filterable: Filterable,
    columns: tuple[str, ...],
    scope: tuple[str, ...],
    empty: tuple[str, ...],
    form: Form,
    order: tuple[Order, ...],
) -> tuple[Compiled, Compiled]:
    conditions = [table.c[name] == bindparam(f"s{number}", type_=table.c[name].type) for number, name in enumerate(scope)]
    conditions += [table.c[name].is_(None) for name in empty]
    where = and_(true(), *conditions, _condition(form, filterable))
    # The key at the end makes the order total, else a row may come on two pages or on none.
    last = order[-1].direction
    keys = [Order(column.name, last) for column in table.primary_key if column.name != "tenant_id"]
    sorting = [_sorted(filterable.fields[o.field].expression, o) for o in order]
    sorting += [_sorted(table.c[o.field], o) for o in keys if o.field not in {known.field for known in order}]
    rows = select(*(table.c[name] for name in columns)).where(where).order_by(*sorting)
    rows = rows.limit(bindparam("row_limit")).offset(bindparam("row_offset"))
    return _sql(rows), _sql(select(func.count()).select_from(table).where(where))


def _sorted(expression: ColumnElement[object], order: Order) -> ColumnElement[object]:
    return expression.desc() if order.direction == "desc" else expression.asc()


def _sql(statement: Any) -> Compiled:
    """The text, and the constants of the fields' own expressions."""
    made = statement.compile(dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]
    return str(made), {name: value for name, value in made.params.items() if value is not None}


def _condition(form: Form, filterable: Filterable) -> ColumnElement[bool]:
    if not form:
        return true()
    if form[0] in ("and", "or"):
        terms = [_condition(term, filterable) for term in form[1]]
        return and_(*terms) if form[0] == "and" else or_(*terms)
    kind, name, number = form
    found = filterable.fields[name]
    if kind in ("null", "set"):
        return found.expression.is_(None) if kind == "null" else found.expression.is_not(None)
    if found.among is None or found.inner is None:
        return _compared(kind, found, number)
    # of another thing: those that match are looked for once, not each row's
    negated = _POSITIVE.get(kind) or (kind.removeprefix("not ") if kind.startswith("not ") else None)
    match = found.among(_compared(negated or kind, replace(found, expression=found.inner), number))
    return _unless(found, match) if negated else match


_POSITIVE: Final[Mapping[str, str]] = {"!=": "==", "=out=": "=in="}


def _compared(kind: str, found: FilterField, number: int) -> ColumnElement[bool]:
    value = bindparam(f"v{number}", type_=found.type.sql)
    # by code point, as `after_prefix` counts, whatever order the database has
    column = collate(found.expression, "C") if found.type.sql is TEXT.sql else found.expression
    if kind in ("=in=", "=out="):
        member = found.expression == any_(bindparam(f"v{number}", type_=ARRAY(found.type.sql)))
        return member if kind == "=in=" else _unless(found, member)
    if kind in _COMPARED:
        return _COMPARED[kind](found.expression, column, value)
    match: ColumnElement[bool] = found.expression.like(value) if kind.endswith("like") else column >= value
    if kind.endswith("prefix"):
        match = and_(match, column < bindparam(f"v{number + 1}", type_=Text()))
    return _unless(found, match) if kind.startswith("not ") else match


def _unless(found: FilterField, match: ColumnElement[bool]) -> ColumnElement[bool]:
    """What does not match, which includes what has no value: a search and its negation together are the whole list."""
    return or_(found.expression.is_(None), ~match)


_COMPARED: Mapping[str, Callable[[Any, Any, object], ColumnElement[bool]]] = {
    "==": lambda plain, _, value: plain == value,
    "!=": lambda plain, _, value: plain.is_distinct_from(value),
    ">": lambda _, column, value: column > value,
    ">=": lambda _, column, value: column >= value,
    "<": lambda _, column, value: column < value,
    "<=": lambda _, column, value: column <= value,
}
