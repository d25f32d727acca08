"""The fields of DATEV's formats, their header, and how values are written in them. Pure.

A line is fields with semicolons between them, ended by CR and LF; texts stand in quotation marks, also empty ones, amounts have a decimal
comma. Line 1 is the header, line 2 the labels. Source: DATEV format description 7.00.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Final, NamedTuple

_FOLDER = files("contor.reports.datev.format")
END: Final = "\r\n"
Fields = dict[int, str]
"""What is said in a line, by the number of the field; the rest is empty."""


class Format:
    """The fields of one category."""

    def __init__(self, name: str) -> None:
        rows = [
            row.rsplit(" | ", 1)
            for row in _FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()
            if not row.startswith("#")
        ]
        self.labels: Final = tuple([label for label, _ in rows])
        self._empty: Final = tuple(['""' if kind == "T" else "" for _, kind in rows])
        self.texts: Final = frozenset(number for number, (_, kind) in enumerate(rows, 1) if kind == "T")

    def number(self, label: str) -> int:
        """The number of the field with this label, from 1."""
        return self.labels.index(label) + 1

    def line(self, said: Mapping[int, str], count: int | None = None) -> str:
        """A line of the first `count` fields (default: all)."""
        values = list(self._empty if count is None else self._empty[:count])
        for number, value in said.items():
            values[number - 1] = value
        return ";".join(values) + END

    def head(self, count: int | None = None) -> str:
        """The line of labels."""
        return ";".join(self.labels[:count]) + END


BATCH: Final = Format("batch.txt")
MASTER_DATA: Final = Format("master_data.txt")


class Header(NamedTuple):
    """What the first line of a file says."""

    category: int
    name: str
    version: int
    made_at: str
    """JJJJMMTTHHMMSSFFF."""
    consultant: int
    client: int
    fiscal_year: dt.date
    """First day of the fiscal year."""
    account_length: int
    first: dt.date | None
    last: dt.date | None
    title: str
    """At most 30 characters."""
    initials: str
    is_locked: bool | None
    """Festschreibung; None: not said."""
    currency: str
    chart: str
    """03 or 04."""


def header(it: Header) -> str:
    """The 31 fields of the first line."""
    is_batch = it.is_locked is not None
    who = ('"EXTF"', "700", str(it.category), f'"{it.name}"', str(it.version), it.made_at, "", '"CT"', '"Contor"', '""')
    client = (str(it.consultant), str(it.client), f"{it.fiscal_year:%Y%m%d}", str(it.account_length))
    days = ["" if day_of is None else f"{day_of:%Y%m%d}" for day_of in (it.first, it.last)]
    # of a batch: its kind (1: of the financial books), for which accounts it counts (0: any), whether it is locked, its currency
    batch = ("1", "0", "1" if it.is_locked else "0", f'"{it.currency}"') if is_batch else ("", "", "", '""')
    rest = ("", '""', "", "", f'"{it.chart}"', "", "", '""', '""')
    values: Sequence[str] = (*who, *client, *days, f'"{it.title}"', f'"{it.initials}"', *batch, *rest)
    return ";".join(values) + END


def amount(value: Decimal, decimals: int = 2) -> str:
    """With a decimal comma."""
    return f"{value:.{decimals}f}".replace(".", ",")


def day(value: dt.date) -> str:
    """TTMMJJJJ."""
    return f"{value:%d%m%Y}"


def short_day(value: dt.date) -> str:
    """TTMM: the year follows from the header."""
    return f"{value:%d%m}"
