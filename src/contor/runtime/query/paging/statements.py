"""The SQL of a list, by its form: what is searched, how it is sorted, and whether the page begins behind a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Select,
    Table,
    Text,
    and_,
    asc,
    bindparam,
    desc,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql.util import ClauseAdapter

from contor.runtime.query.conditions import condition
from contor.runtime.query.filterable import Expression, Filterable
from contor.runtime.query.indexed import Sorted, completed, is_walked, key_of
from contor.runtime.query.paging.cursors import after, parts_after
from contor.runtime.query.search_form import Form
from contor.runtime.schema import Tallied
from contor.runtime.tables import row_tally

Rows = Select[Any]
Compiled = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the text of the statements depends on."""

    table: Table
    filterable: Filterable
    columns: tuple[str, ...]
    scope: tuple[str, ...]
    without: tuple[str, ...]
    form: Form
    order: tuple[tuple[str, str], ...]
    """Fields, and their directions."""
    place: tuple[bool, ...] | None
    """Of a page that begins behind a row: which of the values it does not have."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What all statements of a list share."""

    table: Table
    shown: tuple[Expression, ...]
    where: tuple[ColumnElement[bool], ...]
    order: tuple[Sorted, ...]
    scope: frozenset[str]
    is_walked: bool

    def rows(self, order: Sequence[Sorted], *more: ColumnElement[bool]) -> Rows:
        return select(*self.shown).where(and_(true(), *self.where, *more)).order_by(*map(_sorted, order))

    def passing(self, order: Sequence[Sorted], limit: Expression, offset: Expression, *more: ColumnElement[bool]) -> Rows:
        """The rows behind many that are passed over: an index says which they are, then they alone are read."""
        known = {id(one.expression) for one in order}
        if not self.is_walked or not self.table.info.get("tenant") or all(id(_plain(column)) in known for column in self.shown):
            return self.rows(order, *more).limit(limit).offset(offset)
        # What is sorted by has the key, or within the scope what no other row has, of which nothing may be missing; what may be is no
        # part of that, and equal to nothing.
        sorted_by = [one.expression.name for one in order if isinstance(one.expression, Column) and not one.expression.nullable]
        unique = list(dict.fromkeys([*sorted(self.scope), *sorted_by]))
        names = key_of(self.table) if set(key_of(self.table)) <= set(unique) else unique
        keys = [self.table.c[name] for name in names]
        passed = select(*keys).where(and_(true(), *self.where, *more)).order_by(*map(_sorted, order))
        found = passed.limit(limit).offset(offset).subquery("passed")
        # each by its key, whatever the statistics say
        same = and_(*(key == found.c[key.name] for key in keys))
        row = select(*self.shown).where(same).offset(literal_column("0")).lateral("found")
        return select(*row.c).select_from(found.join(row, true())).order_by(*_by_number(order))


LIMIT, OFFSET = bindparam("row_limit", type_=BigInteger()), bindparam("row_offset", type_=BigInteger())
TALLY = bindparam("tally", type_=Text())


@lru_cache(maxsize=1024)
def statements(asked: Asked) -> tuple[Compiled, ...]:
    """`walk`, `far`, `few`, `back`, `placed` and `count` of a `Listing`."""
    table, filterable = asked.table, asked.filterable
    where = [table.c[name] == bindparam(f"s{number}", type_=table.c[name].type) for number, name in enumerate(asked.scope)]
    where += [table.c[name].is_(None) for name in asked.without]
    if asked.form:
        where.append(condition(asked.form, filterable))
    wanted, scope = [(filterable.fields[name].expression, way == "desc") for name, way in asked.order], frozenset(asked.scope)
    order = completed(table, wanted, scope)
    shown: list[Expression] = [*(table.c[name] for name in asked.columns)]
    shown += [one.expression.label(f"k{number}") for number, one in enumerate(order)]
    shape = _Shape(table, tuple(shown), tuple(where), order, scope, is_walked(table, order, scope))
    behind = [after(order, asked.place)] if asked.place is not None else []
    # not merged with what is around it: whatever the statistics say, all that are found are found before they are sorted
    found = select(table).where(and_(true(), *where)).offset(literal_column("0")).subquery(table.name)
    of_found = ClauseAdapter(found).traverse
    few = select(*map(of_found, shown)).select_from(found).where(and_(true(), *map(of_found, behind)))
    few = few.order_by(*[of_found(_sorted(one)) for one in order]).limit(LIMIT).offset(OFFSET)
    backwards = [replace(one, descending=not one.descending) for one in order]
    total = select(func.sum(row_tally.c.rows)).where(row_tally.c.name == TALLY).scalar_subquery()
    left = func.greatest(func.least(LIMIT, total - OFFSET), 0)
    back = shape.passing(backwards, left, func.greatest(total - OFFSET - LIMIT, 0))
    some: Rows = (
        select(literal_column("1")).select_from(table).where(and_(true(), *where)).limit(bindparam("row_cap", type_=BigInteger()))
    )
    count = select(func.count()).select_from(some.subquery("found"))
    walk, far = _walk(shape, asked.place), shape.passing(order, LIMIT, OFFSET)
    placed = None if asked.form or behind else _placed(shape)
    return tuple(_sql(made) if made is not None else ("", {}) for made in (walk, far, few, back, placed, count))


def _walk(shape: _Shape, place: Sequence[bool] | None) -> Rows:
    if place is None:
        return shape.rows(shape.order).limit(LIMIT).offset(OFFSET)
    if not shape.is_walked or len(parts := parts_after(shape.order, place)) == 1:
        return shape.rows(shape.order, after(shape.order, place)).limit(LIMIT).offset(OFFSET)
    # as many of each part, none of which is read beyond that
    whole = union_all(*[shape.rows(shape.order, part).limit(LIMIT) for part in parts]).subquery("behind")
    return select(*whole.c).order_by(*_by_number(shape.order)).limit(LIMIT).offset(OFFSET)


def _placed(shape: _Shape) -> Rows | None:
    """The rows from the stretch on in which the page is, so that only those of the stretch are passed over."""
    table, order = shape.table, shape.order
    said: Tallied | None = table.info.get("tallied")
    if said is None or not said.place or order[0].expression is not table.c[said.place]:
        return None
    falling = order[0].descending
    if any(one.descending != falling for one in order):
        return None
    key, t = table.c[said.place], row_tally.c
    cells = select(t.cell, func.sum(t.rows).label("rows"), func.bool_or(t.counted).label("counted"))
    cell = cells.where(t.name == TALLY).group_by(t.cell).cte("cells")
    total = select(func.sum(cell.c.rows)).scalar_subquery()
    passed = func.greatest(total - OFFSET - LIMIT, 0) if falling else OFFSET
    many = func.greatest(func.least(LIMIT, total - OFFSET), 0) if falling else LIMIT
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
    rest = passed - select(found.c.before).scalar_subquery()
    return shape.passing([Sorted(one.expression, False) for one in order], many, rest, key >= first)


def _plain(column: Expression) -> Expression:
    return getattr(column, "element", column)


def _sorted(one: Sorted) -> Expression:
    return one.expression.desc() if one.descending else one.expression.asc()


def _by_number(order: Sequence[Sorted]) -> list[Expression]:
    """By the values of a row that was found."""
    return [(desc if one.descending else asc)(literal_column(f"k{number}")) for number, one in enumerate(order)]


def _sql(statement: Select[*tuple[Any, ...]]) -> Compiled:
    """The text, and the constants of the fields' own expressions."""
    made = statement.compile(dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no types
    return str(made), {name: value for name, value in made.params.items() if value is not None}
