"""Fields that are searched and sorted by the names with which a thing is answered: where each of them is stored."""

import dataclasses
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Date,
    FromClause,
    Table,
    Text,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from contor.runtime.query.filterable import CHOICE, TEXT, Expression, Filterable, FilterField, field_type, place_type, plain
from contor.runtime.query.indexed import leads

Shape = Any
"""A type as `typing` writes it."""
Places = Mapping[str, str | Expression | FilterField]
"""Where a field is that is not stored under its own name: a column, a path within a jsonb column (`content.language`), an expression."""


def searchable(
    table: Table,
    view: Shape,
    names: Sequence[str] = (),
    *,
    default_sort: str,
    places: Places | None = None,
    content: tuple[str | Expression, Shape] | None = None,
) -> Filterable:
    """What is searched and sorted of things that are answered as `view`: what is answered, by the same names, and the columns `names`."""
    made = Filterable.of(table, names, default_sort=default_sort)
    answered = answered_fields(table, view, places, content)
    fixed = {
        str(entry.expression.name): entry for entry in answered.values() if entry.choices and isinstance(entry.expression, Column)
    }
    # a column that is answered under another name has the same words
    made.fields.update({name: fixed[name] for name in made.fields if name in fixed}, **answered)
    return made


def answered_fields(
    table: Table, view: Shape, places: Places | None = None, content: tuple[str | Expression, Shape] | None = None
) -> dict[str, FilterField]:
    """The fields of `view` that are plain values and stored in `table`, by dotted snake_case name.

    Those that no column has are looked for in `content`: a jsonb column, or where such a one is (`worked_out`), and the class of what it
    holds, whose defaults are not stored.
    """
    found: dict[str, FilterField] = {}
    for name, shape in leaves(view):
        place = (places or {}).get(name, name)
        if isinstance(place, FilterField):
            found[name] = place
        elif not isinstance(place, str):
            found[name] = _typed(place, name, shape)
        elif (stored := _stored(table, place, content)) is not None:
            found[name] = _typed(stored, name, shape)
    return found


def leaves(view: Shape, before: str = "") -> Iterator[tuple[str, Shape]]:
    """The plain values of a shape, by dotted snake_case name; lists and what has several forms have none."""
    for name, shape in _members(view).items():
        try:
            inner = plain(shape)
            if _members(inner):
                yield from leaves(inner, f"{before}{name}.")
            else:
                field_type(inner)
                yield f"{before}{name}", shape
        except ValueError:
            continue


def elsewhere(
    column: Expression,
    other: Table,
    key: str,
    expression: Expression,
    name: str,
    shape: Shape,
    provided: ColumnElement[bool] | None = None,
) -> FilterField:
    """A field of the thing of `other` whose `key` is the value of `column`; it has none but where `provided` holds. Both tables hold one
    tenant's rows, by row-level security."""
    kind, choices = field_type(shape)
    those = true() if provided is None else provided
    shown = select(expression).where(other.c[key] == column, those).scalar_subquery()
    return FilterField(
        shown,
        place_type(name, kind),
        choices,
        lambda condition: column.in_(select(other.c[key]).where(those, condition)),
        expression,
        isinstance(expression, Column) and leads(other, str(expression.name)) and _is_led(column),
    )


def only(condition: ColumnElement[bool], column: Expression, shape: Shape) -> FilterField:
    """The value of a column where the condition holds; nothing elsewhere."""
    kind, choices = field_type(shape)
    return FilterField(when(condition, column), kind, choices, lambda found: condition & found, column, _is_led(column))


def narrowed(condition: ColumnElement[bool], field: FilterField) -> FilterField:
    """A field of another thing where the condition holds; nothing elsewhere."""
    among = field.among
    return dataclasses.replace(
        field,
        expression=when(condition, field.expression),
        among=None if among is None else lambda found: condition & among(found),
    )


def any_named(column: Expression, other: FromClause, key: str, name: str) -> FilterField:
    """Texts of which a thing has several, the `name` of rows of `other`: it is found by any of them, and sorted by the first."""
    shown = select(func.min(other.c[name])).where(other.c[key] == column).scalar_subquery()
    return FilterField(
        shown, TEXT, (), lambda condition: column.in_(select(other.c[key]).where(condition)), other.c[name], indexed=True
    )


def _is_led(column: Expression) -> bool:
    return isinstance(column, Column) and isinstance(column.table, Table) and leads(column.table, str(column.name))


def worked_out(sql: str, shape: Shape = None) -> Expression:
    """What a subquery says of each row, in SQL that is code's own; with the `shape` of a plain value, or jsonb."""
    return literal_column(f"({sql})", None if shape is None else field_type(shape)[0].sql)


def when(condition: ColumnElement[bool], value: object, otherwise: object = None) -> Expression:
    """`value` where the condition holds, else the other; nothing where there is none."""
    return case((condition, value), else_=otherwise)


def first_of(cases: Sequence[tuple[ColumnElement[bool], object]], otherwise: object) -> Expression:
    """The value of the first condition that holds."""
    return case(*cases, else_=otherwise)


def one_of(column: Expression, values: Iterable[object]) -> ColumnElement[bool]:
    """Whether it is one of the values, as many as they are."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def any_of(conditions: Iterable[Expression]) -> Expression:
    return or_(*conditions)


def size(column: Expression) -> Expression:
    """Without its sign."""
    return func.abs(column)


def prefixed(prefix: str, column: ColumnElement[int]) -> ColumnElement[str]:
    """`i-7` of 7; nothing of nothing."""
    return literal(prefix, Text).concat(cast(column, Text))


def last_day(end: Expression) -> Expression:
    """The last day of what ends before a day."""
    return cast(end, Date).op("-", return_type=Date())(literal_column("1"))


def within(column: Expression, path: str) -> Expression:
    """A text within a jsonb column."""
    # the path is code's, not the caller's, and literal, so that an index on the same expression serves
    return column.op("#>>", return_type=Text())(literal_column("'{" + path.replace(".", ",") + "}'"))


def _members(view: Shape) -> dict[str, Shape]:
    if dataclasses.is_dataclass(view) and isinstance(view, type):
        return typing.get_type_hints(view, include_extras=True)
    if isinstance(view, type) and issubclass(view, msgspec.Struct):
        return typing.get_type_hints(view, include_extras=True)
    if isinstance(view, type) and issubclass(view, BaseModel):
        return {name: entry.annotation for name, entry in view.model_fields.items()}
    return {}


def _stored(table: Table, place: str, content: tuple[str | Expression, Shape] | None) -> Expression | None:
    first, _, rest = place.partition(".")
    if first in table.c:
        return within(table.c[first], rest) if rest else table.c[first]
    if content is None:
        return None
    column, kind = content
    if kind is not None and first not in _members(kind):
        return None
    value, default = within(table.c[column] if isinstance(column, str) else column, place), _default(kind, place.split("."))
    return value if default is None else func.coalesce(value, literal(default, Text))


def _default(kind: Shape, path: list[str]) -> str | None:
    """What the class says where nothing is stored, as the text that jsonb would give."""
    value = _defaults(kind).get(path[0]) if kind is not None else None
    for name in path[1:]:
        value = getattr(value, name, None)
    if value is None or value is msgspec.NODEFAULT:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _defaults(kind: Shape) -> dict[str, object]:
    return {entry.name: entry.default for entry in getattr(msgspec.inspect.type_info(kind), "fields", ())}


def _typed(expression: Expression, name: str, shape: Shape) -> FilterField:
    kind, choices = field_type(shape)
    kind = place_type(name, kind)
    if isinstance(expression.type, Text) and kind.sql is not TEXT.sql and kind.sql is not CHOICE.sql:
        expression = cast(expression, kind.sql)
    return FilterField(expression, kind, choices)
