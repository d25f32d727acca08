"""Rows as CSV, as spreadsheets open it."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from contor.reports.files.table import Sums, Table, Target, Written

BOM: Final = "\ufeff".encode()
"""Without it Excel takes UTF-8 for the code page of the machine."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula (OWASP, CSV injection)."""
STEP: Final = 2_000
"""Rows that are held at a time."""


def write_csv(table: Table, rows: Iterable[Sequence[object]], target: Target, go_on: Callable[[], None]) -> Written:
    """UTF-8 with BOM, lines end with CR LF (RFC 4180). In German cells are divided by semicolons, numbers have a decimal comma, dates are
    31.12.2026; in English commas, points and 2026-12-31. A text that a spreadsheet would take for a formula begins with an apostrophe."""
    german = table.month.language == "de"
    held = io.StringIO()
    out = csv.writer(held, delimiter=";" if german else ",", lineterminator="\r\n")
    out.writerow([_plain(column.de if german else column.en) for column in table.columns])
    target.write(BOM)
    writers = [_csv_cell(column.cell, table, german=german) for column in table.columns]
    sums = Sums(table.columns)
    for row in rows:
        sums.add(row)
        out.writerow(["" if value is None else write(value) for write, value in zip(writers, row, strict=True)])
        if not sums.rows % STEP:
            target.write(held.getvalue().encode())
            held.seek(0)
            held.truncate()
            go_on()
    target.write(held.getvalue().encode())
    return Written(sums.rows, sums.sums)


def _csv_cell(cell: str, table: Table, *, german: bool) -> Callable[[object], str]:
    if cell == "TEXT":
        return lambda value: _plain(str(value))
    if cell == "COUNT":
        return str
    if cell == "INSTANT":
        return lambda value: local(value, table.zone).strftime("%d.%m.%Y %H:%M:%S" if german else "%Y-%m-%d %H:%M:%S")
    if cell == "DATE":
        return _german_day if german else str
    return (lambda value: f"{value:f}".replace(".", ",")) if german else (lambda value: f"{value:f}")


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _german_day(value: object) -> str:
    assert isinstance(value, dt.date)
    return f"{value.day:02}.{value.month:02}.{value.year}"


def local(value: object, zone: ZoneInfo) -> dt.datetime:
    """An instant as clocks of the zone show it, to the second."""
    assert isinstance(value, dt.datetime)
    return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
