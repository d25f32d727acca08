"""Lines of a text with delimiters, bounded; cells as amounts and days; everything that is wrong, with its row. Pure."""

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from contor.kernel.days import is_countable
from contor.kernel.money import counted, is_amount, too_fine
from contor.payments.settlements.types import FileFinding

MOST_ROWS = 200_000
MOST_BYTES = 64 * 1024 * 1024
MOST_FINDINGS = 100
"""Findings that are said of a file."""
_LONGEST = 20_000
"""Characters of a cell."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,8})?")
_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})(?:[ T].*)?")
_ORDERS = {
    "YYYY-MM-DD": re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:[ T].*)?"),
    "DD.MM.YYYY": re.compile(r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})(?: .*)?"),
    "DD/MM/YYYY": re.compile(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})(?: .*)?"),
    "MM/DD/YYYY": re.compile(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})(?: .*)?"),
}


class NotRead(Exception):
    """A file is no settlement report that can be taken, for these reasons."""

    def __init__(self, findings: Sequence[FileFinding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings[:3]))
        self.findings = tuple(findings)


class Findings:
    """What is wrong with a file, gathered; no more of it than a person reads."""

    def __init__(self) -> None:
        self._found: list[FileFinding] = []
        self._more = 0

    def add(self, row: int | None, code: str, message: str) -> None:
        if len(self._found) < MOST_FINDINGS:
            self._found.append(FileFinding(code=code, message=message, row=row))
        else:
            self._more += 1

    def refuse(self) -> None:
        """Raises `NotRead` where something was found."""
        if self._more:
            self._found.append(FileFinding(code="settlement_more_findings", message=f"{self._more} further findings are not shown"))
        if self._found:
            raise NotRead(self._found)


def unreadable(why: str, row: int | None = None) -> NotRead:
    return NotRead([FileFinding(code="settlement_file_unreadable", message=f"The file {why}.", row=row)])


def text_of(content: bytes) -> str:
    """The text of a file. Raises `NotRead` for what is too large, binary, or in another character set."""
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise unreadable("is empty")
    if len(content) > MOST_BYTES:
        raise unreadable(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise unreadable("is no text in UTF-8", line) from None
    if (found := _CONTROL.search(text)) is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise unreadable("is binary: it has control characters", line)
    return text


def lines_of(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """(line, its cells) of every line with something in it. Raises `NotRead` where the quotes or the number of lines are not right."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise unreadable(f"breaks off, or has quotes that do not close ({error})", reader.line_num) from None
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise unreadable(f"has more than {MOST_ROWS} lines")
        if any(len(cell) > _LONGEST for cell in cells):
            raise unreadable(f"has a cell of more than {_LONGEST} characters", reader.line_num)
        yield reader.line_num, [cell.strip() for cell in cells]


def head_of(text: str, delimiter: str = ",") -> list[str]:
    """The cells of the first line."""
    return next((cells for _, cells in lines_of(text.partition("\n")[0], delimiter)), [])


def named_rows(text: str, findings: Findings, delimiter: str = ",") -> Iterator[tuple[int, Mapping[str, str]]]:
    """(line, cells by column) of a table whose first line names its columns; half rows are findings."""
    head: list[str] | None = None
    for number, cells in lines_of(text, delimiter):
        if head is None:
            head = cells
            if twice := sorted({name for name in head if name and head.count(name) > 1}):
                raise unreadable(f"names the column {twice[0]!r} twice")
            continue
        if len(cells) != len(head):
            findings.add(number, "settlement_row_incomplete", f"has {counted(len(cells), 'cell')}, the first line {len(head)}")
            continue
        yield number, dict(zip(head, cells, strict=True))


def amount_of(cell: str, currency: str, row: int, name: str, findings: Findings) -> Decimal:
    """A cell as an amount, a point before its decimals; empty: nothing. What is none is a finding."""
    if not cell:
        return Decimal(0)
    if _PLAIN.fullmatch(cell) is None:
        findings.add(row, "settlement_amount_malformed", f"{name} {cell[:40]!r} is no amount")
        return Decimal(0)
    value = Decimal(cell)
    if not is_amount(value, currency):
        findings.add(row, "amount_not_in_currency", f"{name} {cell} {too_fine(currency)}")
    return value


def day_of(cell: str, row: int, name: str, findings: Findings, order: str = "") -> dt.date:
    """A cell as a day, whatever time stands behind it. What is none is a finding."""
    found = _ORDERS[order].fullmatch(cell) if order else _DAY.fullmatch(cell)
    try:
        if found is not None:
            year, month, day = (found["y"], found["m"], found["d"]) if order else found.groups()
            made = dt.date(int(year), int(month), int(day))
            if is_countable(made):
                return made
    except ValueError:
        pass
    findings.add(row, "settlement_day_malformed", f"{name} {cell[:40]!r} is no day{f' as {order}' if order else ''}")
    return dt.date.min


def once(known: set[str], ident: str) -> str:
    """`ident`, with an ordinal where a row before has the same."""
    made, number = ident[:240], 1
    while made in known:
        number += 1
        made = f"{ident[:240]}#{number}"
    known.add(made)
    return made
