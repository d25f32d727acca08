"""The SQL of a search: conditions on the fields of a thing, whose values are parameters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, bindparam, collate, or_, true

from contor.runtime.query.filterable import TEXT, Expression, Filterable, FilterField
from contor.runtime.query.search_form import Form


def condition(form: Form, filterable: Filterable) -> ColumnElement[bool]:
    if not form:
        return true()
    if form[0] in ("and", "or"):
        terms = [condition(term, filterable) for term in form[1]]
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


_COMPARED: Mapping[str, Callable[[Expression, Expression, object], ColumnElement[bool]]] = {
    "==": lambda plain, _, value: plain == value,
    "!=": lambda plain, _, value: plain.is_distinct_from(value),
    ">": lambda _, column, value: column > value,
    ">=": lambda _, column, value: column >= value,
    "<": lambda _, column, value: column < value,
    "<=": lambda _, column, value: column <= value,
}
