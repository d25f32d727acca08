"""Rows as a workbook, through `xlsxwriter`, which holds one row at a time."""

import datetime as dt
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from contor.reports.files.csv_file import STEP, local
from contor.reports.files.table import Sums, Table, Target, Written
from contor.runtime.scratch import scratch

PIECE: Final = 1 << 18
MOST_ROWS: Final = 1_048_575
"""Rows of a sheet, beside its headings (Excel: 1,048,576)."""
MOST_TEXT: Final = 32_767
"""Characters of a cell (Excel)."""
LONGEST_NAME: Final = 31
"""Characters of a sheet's name (Excel)."""
DIGITS: Final = 15
"""Significant digits that every number cell keeps exactly: cells hold binary numbers of 64 bits (IEEE 754), which give back each decimal of
so many digits. A longer one is written as text, digit for digit."""
MOST_DECIMALS: Final = 4
_MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""What a workbook says of when it was made: always the same, for the same rows are to be the same bytes."""
_WIDTHS: Final = {"TEXT": 24, "DATE": 11, "INSTANT": 19, "COUNT": 10, "AMOUNT": 16, "RATE": 8}


class Workbook(Protocol):
    """What of a workbook is used here."""

    def add_format(self, properties: Mapping[str, object]) -> object: ...
    def add_worksheet(self, name: str) -> "Worksheet": ...
    def set_properties(self, properties: Mapping[str, object]) -> None: ...
    def close(self) -> None: ...


class Worksheet(Protocol):
    """A sheet: rows and columns count from 0."""

    def freeze_panes(self, row: int, column: int) -> None: ...
    def set_column(self, first: int, last: int, width: int) -> int: ...
    def write_string(self, row: int, column: int, text: str, form: object = None) -> int: ...
    def write_number(self, row: int, column: int, number: object, form: object = None) -> int: ...
    def write_datetime(self, row: int, column: int, day: object, form: object = None) -> int: ...


class _Book:
    """A workbook on its way, and the sheet that is being written; rows are written once, from above."""

    def __init__(self, book: Workbook, table: Table) -> None:
        self._book, self._table = book, table
        self._cells = [column.cell for column in table.columns]
        day = "dd.mm.yyyy" if table.month.language == "de" else "yyyy-mm-dd"
        self._numbers = [book.add_format({"num_format": "#,##0" + (f".{'0' * n}" if n else "")}) for n in range(MOST_DECIMALS + 1)]
        self._day, self._instant = book.add_format({"num_format": day}), book.add_format({"num_format": f"{day} hh:mm:ss"})
        self._bold = book.add_format({"bold": True})
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        """A sheet with its headings, which stay in sight."""
        self._sheets += 1
        self._sheet, self._at = self._book.add_worksheet(_sheet_name(self._table.name, self._sheets)), 1
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._table.columns):
            self._sheet.set_column(place, place, _WIDTHS[column.cell])
            said = column.de if self._table.month.language == "de" else column.en
            self._sheet.write_string(0, place, said, self._bold)

    def add(self, row: Sequence[object]) -> None:
        """One more row, in the next sheet where this one is full."""
        if self._at > MOST_ROWS:
            self._begin()
        sheet = self._sheet
        for place, (cell, value) in enumerate(zip(self._cells, row, strict=True)):
            if value is None:
                continue
            if cell == "INSTANT":
                sheet.write_datetime(self._at, place, local(value, self._table.zone), self._instant)
            elif cell == "DATE":
                sheet.write_datetime(self._at, place, value, self._day)
            elif cell == "TEXT":
                sheet.write_string(self._at, place, str(value)[:MOST_TEXT])
            elif isinstance(value, Decimal):
                self._add_decimal(sheet, place, value)
            else:
                sheet.write_number(self._at, place, value)
        self._at += 1

    def _add_decimal(self, sheet: Worksheet, place: int, value: Decimal) -> None:
        parts = value.as_tuple()
        if len(parts.digits) > DIGITS:
            sheet.write_string(self._at, place, f"{value:f}")
            return
        decimals = min(max(-int(parts.exponent), 0), MOST_DECIMALS)
        sheet.write_number(self._at, place, value, self._numbers[decimals])


def _sheet_name(name: str, number: int) -> str:
    """The report's name, cut where it is too long, and from the second sheet on with its number."""
    more = f" {number}" if number > 1 else ""
    return name[: LONGEST_NAME - len(more)].rstrip() + more


def write_xlsx(table: Table, rows: Iterable[Sequence[object]], target: Target, go_on: Callable[[], None]) -> Written:
    """A workbook with real numbers and days and a frozen line of headings; texts are texts, whatever they begin with. What is more than a
    sheet holds goes on in the next one."""
    sums = Sums(table.columns)
    with scratch() as folder:
        path = folder / "report.xlsx"
        options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "strings_to_urls": False}
        book = _new_book(path, options)
        book.set_properties({"title": table.name, "created": _MADE})
        written = _Book(book, table)
        for row in rows:
            sums.add(row)
            written.add(row)
            if not sums.rows % STEP:
                go_on()
        book.close()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                target.write(piece)
    return Written(sums.rows, sums.sums)


def _new_book(path: Path, options: Mapping[str, object]) -> Workbook:
    """Loaded when the first one is written: few processes ever write any."""
    made: Workbook = importlib.import_module("xlsxwriter").Workbook(str(path), dict(options))
    return made
