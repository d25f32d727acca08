"""Files of events: a line each, under names of columns. Pure.

Columns `transactionId`, `eventName`, `timestamp` and `customerId`, in whatever order; every other column is a property, of the events that
have a value in it. UTF-8, separated by commas or semicolons; a line is an event, so no value has a line break.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from contor.kernel.errors import Problem

COLUMNS: Final = ("transactionId", "eventName", "timestamp", "customerId")
LONGEST: Final = 20_000
"""Characters of a line."""


class Columns(NamedTuple):
    """How the lines of a file are read."""

    separator: str
    names: tuple[str, ...]


class Line(NamedTuple):
    """A line as it is sent: values by the names of columns, or why it cannot be read."""

    number: int
    values: dict[str, str]
    problem: Problem | None = None


def columns_of(first: bytes) -> Columns | list[Problem]:
    """What the first line says; or everything that is wrong with it."""
    try:
        text = first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        return [Problem("file_unreadable", "is no text in UTF-8", "file")]
    separator = ";" if text.count(";") > text.count(",") else ","
    try:
        names = tuple([name.strip() for name in next(csv.reader([text], delimiter=separator), [])])
    except csv.Error:  # a name longer than any, or a line break of the kind that ends no line here
        return [Problem("file_unreadable", "has a first line that names no columns: lines end with a line feed", "file")]
    problems = [Problem("column_missing", f"has no column {name}", "file") for name in COLUMNS if name not in names]
    problems += [
        Problem("column_repeated", f"has the column {name[:100]} twice", "file")
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if "" in names:
        problems.append(Problem("column_unnamed", "has a column without a name", "file"))
    return problems or Columns(separator, names)


def lines_of(columns: Columns, raw: Iterator[tuple[int, bytes]]) -> Iterator[Line]:
    """The lines (number, bytes) as values; empty ones are left out."""
    for number, one in raw:
        try:
            text = one.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            yield Line(number, {}, Problem("line_unreadable", "is no text in UTF-8", "line"))
            continue
        if not text.strip():
            continue
        if len(text) > LONGEST:
            yield Line(number, {}, Problem("line_too_long", f"has more than {LONGEST} characters", "line"))
            continue
        try:
            values = next(csv.reader([text], delimiter=columns.separator, strict=True))
        except csv.Error:
            message = "has a line break within a value" if "\r" in text else "has a quotation mark that is not closed"
            yield Line(number, {}, Problem("line_unreadable", message, "line"))
            continue
        if len(values) != len(columns.names):
            message = f"has {len(values)} values; the first line names {len(columns.names)} columns"
            yield Line(number, {}, Problem("line_incomplete", message, "line"))
            continue
        yield Line(number, {name: value.strip() for name, value in zip(columns.names, values, strict=True)})


def instant_of(text: str) -> dt.datetime | None:
    """A point in time, without an offset in UTC; None: it is none."""
    try:
        found = dt.datetime.fromisoformat(text)
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except (ValueError, OverflowError):  # the last hours of the calendar are over in UTC
        return None
