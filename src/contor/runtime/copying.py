"""Batch writing: COPY text into a staging table, then INSERT ... SELECT, because row-level security refuses COPY itself."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, Numeric, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.db import ENCODER

Row = Sequence[Any]


def _text(value: str) -> str:
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\t" in value or "\n" in value or "\r" in value:
        value = value.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value


def _json(value: Any) -> str:
    return _text(ENCODER.encode(value).decode())


def _boolean(value: bool) -> str:
    return "t" if value else "f"


def _isoformat(value: dt.date | dt.datetime) -> str:
    return value.isoformat()


def _number(value: int | Decimal) -> str:
    return str(value)


def _formatter(column: Any) -> Callable[[Any], str]:
    kind = column.type
    if isinstance(kind, (JSON, JSONB)):
        return _json
    if isinstance(kind, (Integer, Numeric, Uuid)):
        return _number
    if isinstance(kind, Boolean):
        return _boolean
    if isinstance(kind, (Date, DateTime)):
        return _isoformat
    return _text


@cache
def formatters(table: Table, columns: tuple[str, ...]) -> tuple[Callable[[Any], str], ...]:
    """How each column's value is written in COPY text format."""
    return tuple(_formatter(table.c[name]) for name in columns)


def block(table: Table, columns: tuple[str, ...], rows: Iterable[Row], tenant_id: int) -> bytes:
    """`rows` in COPY text format, the tenant first."""
    form = formatters(table, columns)
    prefix = f"{tenant_id}\t"
    lines = [prefix + "\t".join(["\\N" if v is None else f(v) for f, v in zip(form, row, strict=True)]) for row in rows]
    lines.append("")
    return "\n".join(lines).encode()


@cache
def statements(table: Table, columns: tuple[str, ...]) -> tuple[str, str, str, str]:
    """(create the staging table, COPY into it, move its rows, empty it) for these columns."""
    stage = f"stage_{table.name}"
    names = ", ".join(f'"{name}"' for name in ("tenant_id", *columns))
    return (
        f"CREATE TEMP TABLE {stage} ON COMMIT DELETE ROWS AS SELECT * FROM {table.fullname} WITH NO DATA",
        f"COPY pg_temp.{stage} ({names}) FROM STDIN",
        f"INSERT INTO {table.fullname} ({names}) SELECT {names} FROM pg_temp.{stage}",
        f"TRUNCATE pg_temp.{stage}",
    )


@cache
def insert_statement(table: Table, columns: tuple[str, ...]) -> str:
    """A few rows in one parameter: cheaper than a staging table below some fifty rows."""
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table.fullname} ({names}) SELECT {names} FROM jsonb_populate_recordset(null::{table.fullname}, %s)"
