"""List queries: one `ListQuery` for all dialects, checked against typed fields before any SQL is built."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    Table,
    Text,
    and_,
    collate,
    func,
    not_,
    or_,
)
from sqlalchemy import select as sql_select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import ColumnElement

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime import rsql
from contor.runtime.rsql import All, Comparison, Node, Value

DEFAULT_SIZE = 20
MAX_SIZE = 100
MAX_NUMBER = 10_000_000
_OPERATORS = ("==", "!=", ">", ">=", "<", "<=", "=in=", "=out=")
_DIALECT = postgresql.psycopg.dialect()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PageRequest:
    number: int = 0
    """0-based."""
    size: int = DEFAULT_SIZE


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a caller wants of a list: which things, in which order, which page."""

    where: Node | None = None
    order: tuple[tuple[str, bool], ...] = ()
    """(column, descending)"""
    page: PageRequest = PageRequest()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `total` counts all matches."""

    items: tuple[Any, ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


@dataclass(frozen=True, slots=True)
class Field:
    """A field that may be searched and sorted by: its name at the border and where its value is."""

    name: str
    expression: ColumnElement[Any]
    kind: type


@dataclass(frozen=True, slots=True)
class Filterable:
    """The fields of one thing that a caller may search and sort by."""

    fields: Mapping[str, Field]
    default_sort: str
    default_descending: bool = False

    @classmethod
    def of(cls, table: Table, names: Iterable[str], *, default_sort: str = "", descending: bool = False) -> "Filterable":
        """Columns by name; `address.country` is a path into a jsonb column."""
        found = {}
        for name in names:
            column, *path = name.split(".")
            expression: ColumnElement[Any] = table.c[column]
            kind = _kind(table.c[column])
            if path:
                for step in path[:-1]:
                    expression = expression[step]
                expression, kind = expression[path[-1]].astext, str
            found[name] = Field(name, expression, kind)
        if default_sort and default_sort not in found:
            found[default_sort] = Field(default_sort, table.c[default_sort], _kind(table.c[default_sort]))
        return cls(found, default_sort or next(iter(found)), descending)

    def named(self, name: str) -> Field | None:
        """The field of that name in camelCase or snake_case."""
        return self.fields.get(name) or self.fields.get(".".join(snake(part) for part in name.split(".")))


@lru_cache(maxsize=2048)
def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() if c.isupper() else c for i, c in enumerate(name))


def _kind(column: Column[Any]) -> type:
    kinds: tuple[tuple[Any, type], ...] = (
        (Boolean, bool), (Date, dt.date), (DateTime, dt.datetime), (Integer, int), (BigInteger, int), (Numeric, Decimal), (Text, str),
        (JSONB, dict),
    )  # fmt: skip
    return next((kind for sql, kind in kinds if isinstance(column.type, sql)), str)


# --- reading the query string ----------------------------------------------------------------------------------------------


def parse_query(
    filterable: Filterable, given: Sequence[tuple[str, str]], *, legacy: bool = False, extra: Iterable[str] = ()
) -> ListQuery:
    """`search`, `page`, `size`, `sort` (repeated `field,asc|desc`), or with `legacy` `pageNumber`, `pageSize`, `orderBy`,
    `direction`. Raises `Refused` with every finding: unknown parameters and fields, wrong values, syntax."""
    problems: list[Problem] = []
    names = {"search", "page", "size", "sort", *extra}
    if legacy:
        names |= {"pageNumber", "pageSize", "orderBy", "direction"}
    problems += [
        Problem("parameter_unknown", f"There is no parameter {name[:60]!r}.", name[:60]) for name, _ in given if name not in names
    ]
    values = dict(given)
    number_name, size_name = ("pageNumber", "pageSize") if "pageNumber" in values or "pageSize" in values else ("page", "size")
    number = _whole(values.get(number_name), number_name, 0, 0, MAX_NUMBER, problems)
    size = _whole(values.get(size_name), size_name, 100 if size_name == "pageSize" else DEFAULT_SIZE, 1, MAX_SIZE, problems)
    order = _order(filterable, given, values, problems)
    where: Node | None = None
    if values.get("search"):
        try:
            where = rsql.parse(values["search"])
        except Refused as refused:
            problems += refused.problems
        else:
            problems += findings(where, filterable)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return ListQuery(where, tuple(order), PageRequest(number, size))


def _whole(text: str | None, name: str, default: int, least: int, most: int, problems: list[Problem]) -> int:
    if text is None or text == "":
        return default
    if text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most:
        return int(text)
    problems.append(Problem("parameter_invalid", f"{name} is a whole number from {least} to {most}.", name, text[:100]))
    return default


def _order(
    filterable: Filterable, given: Sequence[tuple[str, str]], values: Mapping[str, str], problems: list[Problem]
) -> list[tuple[str, bool]]:
    wanted = [value for name, value in given if name == "sort"]
    if "orderBy" in values or "direction" in values:
        wanted.append(f"{values.get('orderBy') or filterable.default_sort},{values.get('direction') or 'DESC'}")
    order = []
    for entry in wanted:
        name, _, direction = entry.partition(",")
        known = filterable.named(name.strip())
        if known is None or known.kind is dict or direction.strip().lower() not in ("", "asc", "desc"):
            message = f"sort is <field>,asc|desc with one of: {', '.join(sorted(filterable.fields))}."
            problems.append(Problem("sort_invalid", message, "sort", entry[:100]))
        else:
            order.append((known.name, direction.strip().lower() == "desc"))
    return order


def findings(node: Node, filterable: Filterable) -> list[Problem]:
    """Every unknown field, operator that does not fit, and value that is none of the field's."""
    if not isinstance(node, Comparison):
        return [problem for part in node.terms for problem in findings(part, filterable)]
    known = filterable.named(node.field)
    if known is None:
        message = f"There is no field {node.field[:60]!r} to search by; there are: {', '.join(sorted(filterable.fields))}."
        return [Problem("search_field_unknown", message, "search", node.field[:100])]
    fitting = ("==", "!=", "=in=", "=out=") if known.kind in (bool, dict) else _OPERATORS
    if node.operator not in fitting or (len(node.values) > 1 and node.operator not in ("=in=", "=out=")):
        return [Problem("search_operator_invalid", f"{node.operator} does not fit {known.name}.", "search", node.operator)]
    return [
        Problem(
            "search_value_invalid", f"{value.text[:60]!r} is no {known.kind.__name__} for {known.name}.", "search", value.text[:100]
        )
        for value in node.values
        if _value(known, value) is None
    ]


def _value(known: Field, written: Value) -> Any:
    """The value as the field's kind; None: it is none."""
    text = written.text
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return None
    try:
        if known.kind is bool:
            return {"true": True, "false": False}.get(text.lower())
        if known.kind is int:
            return int(text) if text.lstrip("-").isdigit() and text.isascii() and len(text) < 19 else None
        if known.kind is Decimal:
            number = Decimal(text)
            return number if number.is_finite() and -30 < number.adjusted() < 30 and len(text) < 60 else None
        if known.kind is dt.date:
            return dt.date.fromisoformat(text)
        if known.kind is dt.datetime:
            instant = dt.datetime.fromisoformat(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    except (ValueError, InvalidOperation, OverflowError):
        return None
    return text


# --- SQL ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompiledList:
    """The page's statement and the one that counts all matches, for psycopg."""

    sql: str
    params: dict[str, Any] = field(default_factory=dict)
    count_sql: str = ""
    count_params: dict[str, Any] = field(default_factory=dict)


def compile_list(
    table: Table,
    query: ListQuery,
    filterable: Filterable,
    *,
    columns: Sequence[str],
    scope: Mapping[str, Any] | None = None,
) -> CompiledList:
    """The statements of a checked query; `scope` are columns that must have a value. Everything a caller wrote is a parameter."""
    conditions = [table.c[name] == value for name, value in (scope or {}).items()]
    if query.where is not None:
        if problems := findings(query.where, filterable):
            raise Refused(Kind.INVALID, *problems)
        conditions.append(_condition(query.where, filterable))
    order = query.order or ((filterable.default_sort, filterable.default_descending),)
    ordering = [f.expression.desc() if down else f.expression.asc() for f, down in ((filterable.fields[n], d) for n, d in order)]
    ties = [column for column in table.primary_key.columns if column.name != "tenant_id"]
    page = (
        sql_select(*(table.c[name] for name in columns))
        .where(*conditions)
        .order_by(*ordering, *ties)
        .limit(query.page.size)
        .offset(query.page.number * query.page.size)
    )
    count = sql_select(func.count()).select_from(table).where(*conditions)
    return CompiledList(*_compiled(page), *_compiled(count))


def _compiled(statement: Select[Any]) -> tuple[str, dict[str, Any]]:
    made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return str(made), dict(made.params)


def _condition(node: Node, filterable: Filterable) -> ColumnElement[bool]:
    if isinstance(node, Comparison):
        return _compared(node, filterable)
    parts = [_condition(part, filterable) for part in node.terms]
    return and_(*parts) if isinstance(node, All) else or_(*parts)


def _compared(node: Comparison, filterable: Filterable) -> ColumnElement[bool]:
    known = filterable.named(node.field)
    assert known is not None
    expression, values = known.expression, [_value(known, value) for value in node.values]
    if node.operator == "=in=":
        return expression.in_(values)
    if node.operator == "=out=":
        return or_(expression.not_in(values), expression.is_(None))
    if node.operator in ("==", "!="):
        parts = node.values[0].parts
        same = _alike(expression, parts) if known.kind is str and len(parts) > 1 else expression == values[0]
        return same if node.operator == "==" else or_(not_(same), expression.is_(None))
    value = values[0]
    compared: dict[str, ColumnElement[bool]] = {
        ">": expression > value,
        ">=": expression >= value,
        "<": expression < value,
        "<=": expression <= value,
    }
    return compared[node.operator]


def _alike(expression: ColumnElement[Any], parts: Sequence[str]) -> ColumnElement[bool]:
    """`x*` is a range in the order of bytes, which row-level security lets use an index; other wildcards are LIKE."""
    prefix = parts[0]
    if len(parts) == 2 and parts[1] == "":
        if not prefix:
            return expression.is_not(None)
        if ord(prefix[-1]) < 0xD7FF:
            ordered = collate(expression, "C")
            return and_(ordered >= prefix, ordered < prefix[:-1] + chr(ord(prefix[-1]) + 1))
    escaped = [part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in parts]
    return expression.like("%".join(escaped), escape="\\")
