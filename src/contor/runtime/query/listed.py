"""A page of a list, read: the one place that runs the statements of a list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from contor.runtime.query.filterable import Filterable
from contor.runtime.query.lists import Listing, ListQuery, Page, compile_list
from contor.runtime.rows import Row
from contor.runtime.uow import Uow

Scope = Mapping[str, object]
"""Columns of the table, and the values that they have in this list; None: no value."""


def listed(
    uow: Uow,
    table: Table,
    query: ListQuery,
    filterable: Filterable,
    kind: type[Row],
    read: Callable[[list[Row]], Iterable[object]],
    scope: Scope | None = None,
) -> Page:
    """The page that `query` wants of `table`: rows of `kind`, of which `read` makes a thing each, in their order.

    Raises `Refused` (INVALID) with everything that is wrong with the query.
    """
    found = compile_list(table, query, filterable, columns=kind._fields, scope=scope)
    rows = uow.all(kind, found.sql, found.params)
    total = total_of(uow, found)
    return page_of(query, read(rows), total)


def listed_by_key(
    uow: Uow,
    table: Table,
    query: ListQuery,
    filterable: Filterable,
    key: str,
    read: Callable[[list[Any]], Mapping[Any, object] | Sequence[object]],
    scope: Scope | None = None,
) -> Page:
    """As `listed`, where things are read by a column of the table: `read` answers them by the keys, or a thing for each in their order."""
    found = compile_list(table, query, filterable, columns=(key,), scope=scope)
    keys = uow.column(object, found.sql, found.params)
    total = total_of(uow, found)
    things = read(keys)
    return page_of(query, [things[key] for key in keys] if isinstance(things, Mapping) else things, total)


def total_of(uow: Uow, found: Listing) -> int:
    """How many there are over all pages."""
    return uow.scalar(int, found.count_sql, found.count_params) or 0


def page_of(query: ListQuery, items: Iterable[object], total: int) -> Page:
    return Page(tuple(items), query.page.number, query.page.size, total)
