"""A page of a list, read: the one place that runs the statements of a list."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Table

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.query.filterable import Filterable
from contor.runtime.query.indexed import is_found, is_walked, searches, sorts
from contor.runtime.query.lists import MOST_COUNTED, Listing, ListQuery, Page, Statement, Words, compile_list
from contor.runtime.query.paging.walks import remember, remembered
from contor.runtime.query.tallying import tally_name
from contor.runtime.rows import Row
from contor.runtime.uow import Uow

Scope = Mapping[str, object]
"""Columns of the table, and the values that they have in this list; None: no value."""
MOST_UNINDEXED = 100_000
"""Rows of a tenant up to which a list is searched and sorted without an index."""
FAR = 1_000
"""Rows that are passed over one by one to reach a page."""


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
    rows, page = page_of(uow, table, query, filterable, kind._fields, scope)
    return page(read([kind._make([row[name] for name in kind._fields]) for row in rows]))


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
    rows, page = page_of(uow, table, query, filterable, (key,), scope)
    keys = [row[key] for row in rows]
    things = read(keys)
    return page([things[key] for key in keys] if isinstance(things, Mapping) else things)


def page_of(
    uow: Uow,
    table: Table,
    query: ListQuery,
    filterable: Filterable,
    columns: Sequence[str],
    scope: Scope | None = None,
    source: str = "",
) -> tuple[list[Fields], Callable[[Iterable[object]], Page]]:
    """The rows of a page, and what makes the page of the things that were read by them. `source`: the SQL of a table that is none, as a
    WITH writes it. Raises `Refused` (INVALID)."""
    found = compile_list(table, query, filterable, columns=columns, scope=scope)
    size = query.page.size
    if query.cursor is None and query.page.offset > FAR and (begins := remembered(uow, found.said, size, query.page.offset)):
        found = compile_list(table, replace(query, cursor=begins), filterable, columns=columns, scope=scope)
    asked = _Asked(uow, table, filterable, found, source, query.words)
    offset = found.place.offset if found.place else query.page.offset
    rows, total, at_least = asked.rows(offset, size)
    more = len(rows) > size or (total > offset + size and not at_least)
    del rows[size:]
    cursor = found.cursor_behind(rows[-1], offset + size) if more and rows else None
    if cursor is not None and query.cursor is None and offset + size > FAR and not asked.is_placed:
        remember(uow, found.said, size, offset + size, cursor)
    shown = [{name: row[name] for name in columns} for row in rows]
    return shown, lambda things: Page(tuple(things), offset // size if size else 0, size, total, at_least, cursor)


class _Asked:
    """A list in its transaction."""

    def __init__(self, uow: Uow, table: Table, filterable: Filterable, found: Listing, source: str, words: Words | None) -> None:
        self._uow, self._table, self._filterable, self._found, self._source = uow, table, filterable, found, source
        self._words = words
        self._tally = tally_name(table, found.scope)
        self.is_placed = found.placed is not None and self._tally is not None
        """Whether the tally says where each page begins."""

    def rows(self, offset: int, size: int) -> tuple[list[Fields], int, bool]:
        """The rows of a page, with one more where another page follows and that is not said by how many there are; how many there are, or
        are at least."""
        found, total = self._found, None if self._found.form else self._tallied()
        if total is not None:
            if total > MOST_COUNTED:
                self._refuse_unsorted(total)
            rows = self._of_tallied(total, offset, size)
            return rows, max(total, offset + len(rows) if rows else 0), False
        if found.form and not is_found(found.form, self._table, self._filterable, frozenset(found.scope)):
            self._refuse_unfound("These are too many to be searched by this alone.")
        elif found.narrow is not None and self._scalar(found.narrow, row_cap=MOST_UNINDEXED + 1) > MOST_UNINDEXED:
            self._refuse_unfound("These are too many to look for a text that may stand anywhere.")
        counted = self._scalar(found.count, row_cap=MOST_COUNTED + 1)
        if counted <= MOST_COUNTED:
            return self._run(found.few if found.form else self._walk(offset), offset, size + 1), counted, False
        self._refuse_unsorted(None)
        rows = self._run(self._walk(offset), offset, size + 1)
        return rows, max(counted, offset + len(rows) if rows else 0), True

    def _of_tallied(self, total: int, offset: int, size: int) -> list[Fields]:
        found = self._found
        if found.place is not None:
            # one more: what was there before the place may be gone, and the total smaller than what is left
            return self._run(found.walk, offset, size + 1)
        if offset > FAR and found.placed is not None:
            rows = self._run(found.placed, offset, size)
            return rows[::-1] if found.order[0].descending else rows
        if offset > max(FAR, total // 2):
            return self._run(found.back, offset, size)[::-1]
        return self._run(self._walk(offset), offset, size)

    def _walk(self, offset: int) -> Statement:
        return self._found.far if self._found.place is None and offset > FAR else self._found.walk

    def _run(self, statement: Statement, offset: int, limit: int) -> list[Fields]:
        passed = 0 if self._found.place is not None else offset
        values = {**statement.params, "row_limit": limit, "row_offset": passed, "tally": self._tally}
        return self._uow.records(self._sql(statement.sql), values)

    def _scalar(self, statement: Statement, **values: object) -> int:
        return self._uow.scalar(int, self._sql(statement.sql), {**statement.params, **values}) or 0

    def _sql(self, sql: str) -> str:
        if self._uow.runtime.database.sorts_by_code_point:  # an index has the order of the database, and serves no other
            sql = sql.replace(' COLLATE "C"', "")
        if not self._source:
            return sql
        return f"WITH {self._source}, {sql.removeprefix('WITH ')}" if sql.startswith("WITH ") else f"WITH {self._source} {sql}"

    def _tallied(self, name: str | None = None) -> int | None:
        """How many rows the list has, where that is known without counting them."""
        name = name or self._tally
        if name is None:
            return None
        sql = "SELECT CASE WHEN bool_or(counted) THEN sum(rows)::bigint END FROM row_tally WHERE name = %s"
        return self._uow.scalar(int, sql, (name,))

    def _is_large(self) -> bool:
        sql = f"SELECT count(*) FROM (SELECT FROM {self._table.info.get('tally_of') or self._table.name} LIMIT %s) x"
        return (self._uow.scalar(int, sql, (MOST_UNINDEXED + 1,)) or 0) > MOST_UNINDEXED

    def _refuse_unfound(self, why: str) -> None:
        """Raises `Refused` where all rows of many would be read to find some."""
        if self._is_large():
            known = searches(self._table, self._filterable, frozenset(self._found.scope))
            message = f"{why} Search with one of these too"
            if self._words is not None:
                raise Refused(Kind.INVALID, Problem("search_unindexed", f"{message}: {_spoken(known, self._words.search)}."))
            raise Refused(Kind.INVALID, Problem("search_unindexed", f"{message}, by `==` or a range: {_named(known)}.", "search"))

    def _refuse_unsorted(self, total: int | None) -> None:
        """Raises `Refused` where all rows of many would be sorted for each page."""
        scope = frozenset(name for name, value in self._found.scope.items() if value is not None)
        if is_walked(self._table, self._found.order, scope) or ((total or 0) <= MOST_UNINDEXED and not self._is_large()):
            return
        known, words = sorts(self._table, self._filterable, scope), self._words
        named = _named(known) if words is None else _spoken(known, words.sort)
        message = f"These are too many to be sorted so. They can be sorted by {named}, or searched first."
        raise Refused(Kind.INVALID, Problem("sort_unindexed", message, "sort" if words is None else "order"))


def _named(names: Iterable[str]) -> str:
    """As callers write them."""
    return ", ".join(re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name) for name in names)


def _spoken(names: Iterable[str], words: Mapping[str, Sequence[str]]) -> str:
    """As the dialect names those that it knows."""
    return ", ".join(word for name in names for word in words.get(name, ())) or "nothing"
