"""`lists`: what every list of every dialect takes in the database, in a tenant of a million documents beside a smaller one."""

import datetime as dt
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy.dialects.postgresql import psycopg as dialect

from benchmarks.filling import filled
from contor.api.platform.routes import ROUTES
from contor.api.route import Call, Route
from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.runtime.execute import Runtime
from contor.runtime.query import FilterField, ListQuery, Order, Page, PageRequest
from contor.runtime.query.list_parameters import list_query
from contor.runtime.query.rsql import Comparison

DOCUMENTS, BESIDE = 1_000_000, 50_000
RUNS = 3
GIVE_UP = 1.0
"""Seconds after which a list is not asked again: it is slow enough."""
PLACES = {
    "contractId": "7",
    "contractIdent": "v-7",
    "customerIdent": "k-0000007",
    "ident": "v-7",
    "lineItemIdent": "l",
    "merchantPaymentAccountIdent": "bank",
    "operatingSiteIdent": "main",
    "orderIdent": "o-7",
    "runIdent": "run",
}
_PAGE, _TOTAL = re.compile(r"row_limit"), re.compile(r"SELECT count\(|row_tally")


@dataclass
class Took:
    """Of one list: milliseconds of the page's statements, of the total's, and of what its things are read by."""

    path: str
    asked: str
    page: float = 0.0
    total: float = 0.0
    things: float = 0.0
    refused: str = ""

    @property
    def ms(self) -> float:
        return self.page + self.total


class Timing:
    """A connection that keeps how long each statement took."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.took: list[tuple[str, float]] = []
        self.total = 0

    def execute(self, sql: str, *args: Any) -> Any:
        began = time.perf_counter()
        made = self._connection.execute(sql, *args)
        self.took.append((sql, (time.perf_counter() - began) * 1000))
        if _TOTAL.search(sql):
            self.total = made.fetchone()[0]
            made.scroll(0, "absolute")
        return made

    def cursor(self, **options: Any) -> Any:
        return _TimedCursor(self, self._connection.cursor(**options))


class _TimedCursor:
    def __init__(self, timing: Timing, cursor: Any) -> None:
        self._timing, self._cursor = timing, cursor

    def __enter__(self) -> "_TimedCursor":
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.close()

    def execute(self, sql: str, *args: Any) -> Any:
        began = time.perf_counter()
        made = self._cursor.execute(sql, *args)
        self._timing.took.append((sql, (time.perf_counter() - began) * 1000))
        return made


def lists(runtime: Runtime, dsn: str, admin_dsn: str, scale: float, only: str = "") -> list[Took]:
    """Fill both tenants and ask for everything."""
    filled(runtime, admin_dsn, "lists-beside", max(100, int(BESIDE * scale)))
    caller = filled(runtime, admin_dsn, "lists", max(1_000, int(DOCUMENTS * scale)))
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    return asked_of(runtime, caller, only)


def asked_of(runtime: Runtime, caller: Caller, only: str = "") -> list[Took]:
    """Every list of the tables of routes, the slowest first."""
    routes = {route.operation.name + route.path: route for route in ROUTES if route.filterable is not None}
    found = [took for route in routes.values() if only in route.path for took in _of_route(runtime, caller, route)]
    found.sort(key=lambda took: took.ms, reverse=True)
    return found


def own_order(runtime: Runtime, caller: Caller, paths: Sequence[str]) -> list[Took]:
    """The first, middle and last page of some lists, in the order that each has of itself."""
    routes, query = [route for route in ROUTES if route.filterable is not None and route.path in paths], list_query([])
    totals = [
        (route, page.total) for route in routes for _, page, _ in [_ask(runtime, caller, route, query, "")] if page is not None
    ]
    return [took for route, total in totals for took in _pages(runtime, caller, route, query, total, "")]


def show(found: Iterable[Took], most: int = 60) -> None:
    table = Table("list", "asked for", "page ms", "total ms", "things ms", "")
    for took in list(found)[:most]:
        table.add_row(took.path, took.asked, f"{took.page:.1f}", f"{took.total:.1f}", f"{took.things:.1f}", took.refused)
    Console(width=200).print(table)


def _of_route(runtime: Runtime, caller: Caller, route: Route) -> Iterator[Took]:
    assert route.filterable is not None
    first = list_query([])
    # in an order that is named: without one, some lists read less than what can be searched
    took, page, statement = _ask(runtime, caller, route, replace(first, order=(Order(""),)), "first page")
    if page is None:
        yield took
        return
    orders: list[tuple[str, tuple[Order, ...]]] = [("", ())]
    orders += [(f"sort={name},{way} ", (Order(name, way),)) for name in route.filterable.fields for way in ("asc", "desc")]
    for said, order in orders:
        yield from _pages(runtime, caller, route, replace(first, order=order), page.total, said)
    for name, field in route.filterable.fields.items():
        value = _value(runtime, caller, statement, field)
        if value is not None:
            wanted = replace(first, where=Comparison.of(name, "==", value))
            yield _ask(runtime, caller, route, wanted, f"{name}=={value}")[0]


def _pages(runtime: Runtime, caller: Caller, route: Route, query: ListQuery, total: int, said: str) -> Iterator[Took]:
    for where, offset in (("first", 0), ("middle", total // 2), ("last", max(0, total - 10))):
        if offset or where == "first":
            took, _, _ = _ask(
                runtime, caller, route, replace(query, page=PageRequest(20, offset // 20 * 20)), f"{said}{where} page"
            )
            yield took
            if took.refused or took.ms > GIVE_UP * 1000:
                break


def _ask(runtime: Runtime, caller: Caller, route: Route, query: ListQuery, said: str) -> tuple[Took, Page | None, str]:
    """The fastest of some runs, the page, and the statement that found it."""
    best, page, statement = Took(route.path, said), None, ""
    command = route.bind(Call({name: PLACES[name] for name in _placeholders(route)}, (), query))
    for run in range(RUNS):
        with runtime.transaction(caller, reads=True) as uow:
            timing = Timing(uow.connection)
            uow.connection = timing  # type: ignore[assignment]
            try:
                page = route.operation.function(uow, command)
            except Refused as refused:
                best.refused = refused.problems[0].code
                return best, None, ""
            except (msgspec.ValidationError, LookupError, TypeError, ValueError):
                # rows without a content are listed, not shown
                page = Page((), 0, 20, timing.total)
        took = Took(route.path, said)
        for sql, ms in timing.took:
            if _PAGE.search(sql):
                took.page, statement = took.page + ms, sql
            elif _TOTAL.search(sql):
                took.total += ms
            else:
                took.things += ms
        best = took if not run or took.ms < best.ms else best
        if took.ms > GIVE_UP * 1000:
            break
    assert page is None or isinstance(page, Page)
    return best, page, statement


def _placeholders(route: Route) -> Sequence[str]:
    return re.findall(r"\{(\w+)\}", route.path)


def _value(runtime: Runtime, caller: Caller, statement: str, field: FilterField) -> str | None:
    """A value that some row of the list has."""
    parts = re.match(r"(?s)(WITH .*?\) )?SELECT .*?\s*\nFROM (\w+)", statement)
    if parts is None:
        return None
    place = field.expression.compile(dialect=dialect.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
    shown = str(place).replace(f", {parts[2]} \nWHERE", " \nWHERE")
    sql = f"{parts[1] or ''}SELECT {shown} AS v FROM {parts[2]} OFFSET 3 LIMIT 1"
    with runtime.transaction(caller, reads=True) as uow:
        found = uow.connection.execute(sql).fetchone()
    if found is None or found[0] is None:
        return None
    value = found[0]
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date) else str(value)
