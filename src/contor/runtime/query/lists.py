"""List queries: what every dialect's filters, sorting and paging become, and the SQL that answers it.

A caller's text reaches SQL only as a bound parameter. The SQL depends on the form of the search alone, so it is compiled once
for each form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from sqlalchemy import Table

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.query.filterable import Filterable
from contor.runtime.query.indexed import Sorted, completed, narrowing
from contor.runtime.query.paging.cursors import Place, place_of, written
from contor.runtime.query.paging.statements import Asked, statements
from contor.runtime.query.rsql import FORBIDDEN, Node, with_names
from contor.runtime.query.search_form import Binding, Form

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
class Words:
    """What a dialect calls the fields by which its list is searched and sorted, where it has names of its own: field -> names."""

    search: Mapping[str, Sequence[str]]
    sort: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Conditions, order and page of a list. Field names in snake_case or camelCase; nothing of it is checked against a thing yet."""

    where: Node | None = None
    order: tuple[Order, ...] = ()
    """Empty: the thing's own order."""
    page: PageRequest = field(default_factory=PageRequest)
    cursor: str | None = None
    """Behind which row the page begins, as the page before it said, in place of the rows before it."""
    words: Words | None = None
    """For what is refused; None: fields are named as they are."""

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
    def rows(self) -> tuple[Fields, ...]:
        """The items of a list of what is stored."""
        return cast("tuple[Fields, ...]", self.items)

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
    """Rows in their order, as an index has them, or from behind a row on."""
    far: Statement
    """The same where many are before the page: those are passed over without being read, where an index has what they are sorted by."""
    few: Statement
    """The same where few are found: those are looked for first, then sorted."""
    back: Statement
    """The same from the end of a list whose rows are tallied, the last one first."""
    placed: Statement | None
    """The same of a list whose rows are tallied by what it is sorted by, upwards whatever its direction, from where the tally says."""
    count: Statement
    """How many there are, up to `row_cap`."""
    narrow: Statement | None
    """Where a text is looked for that may stand anywhere: among how many, up to `row_cap`, as an index says by the rest of the search."""
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
    binding = Binding(filterable, parameter, query.words.search if query.words else {})
    form = binding.form(query.where)
    order = _checked_order(query, filterable, binding.problems)
    if binding.problems:
        raise Refused(Kind.INVALID, *binding.problems)
    scope = dict(scope or {})
    given = {name: value for name, value in scope.items() if value is not None}
    sorted_by = [(filterable.fields[one.field].expression, one.direction == "desc") for one in order]
    whole = completed(table, sorted_by, frozenset(given))
    said = repr((table.name, query.where, order, sorted(map(repr, scope.items()))))
    place = None if query.cursor is None else place_of(query.cursor, whole, said)
    without = tuple(name for name in scope if name not in given)
    empty = None if place is None else place.empty
    asked = Asked(
        table, filterable, tuple(columns), tuple(given), without, form, tuple((one.field, one.direction) for one in order), empty
    )
    sql_of = statements.__wrapped__ if filterable.momentary else statements
    made, rest = sql_of(asked), narrowing(form, table, filterable, frozenset(given))
    among = sql_of(replace(asked, form=rest, place=None))[5] if rest and rest[1] else None
    params = binding.params | {f"s{number}": value for number, value in enumerate(given.values())}
    paged = params | {"row_limit": query.page.size, "row_offset": query.page.offset} | (place.params if place else {})
    walk, far, few, back, placed = [Statement(sql, constants | paged) if sql else None for sql, constants in made[:5]]
    if walk is None or far is None or few is None or back is None:
        raise AssertionError("only the place in a tally may be unknown")
    count, narrow = [Statement(one[0], one[1] | params) if one else None for one in (made[5], among)]
    assert count is not None
    return Listing(walk, far, few, back, placed, count, narrow, whole, form, scope, place, said)
