"""What a report consists of: its columns, and the rows that it is made of."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.bookkeeping.periods import first_day, last_day
from contor.runtime.uow import Uow

Cell = Literal["TEXT", "DATE", "INSTANT", "COUNT", "AMOUNT", "RATE"]
"""AMOUNT: a `Decimal` with the decimals that are written; RATE: percent; COUNT: a whole number."""


class Heading(NamedTuple):
    """A column."""

    key: str
    """Its name in sums and checks."""
    cell: Cell
    de: str
    en: str
    is_summed: bool = False
    """Its amounts are all in one currency, or counted whatever they are of: what they come to is kept with the report."""


class Month(NamedTuple):
    """What a report is about."""

    period: str
    """YYYY-MM."""
    language: Literal["de", "en"]

    @property
    def first(self) -> dt.date:
        return first_day(self.period)

    @property
    def last(self) -> dt.date:
        return last_day(self.period)

    def said(self, words: tuple[str, str]) -> str:
        """German or English."""
        return words[0] if self.language == "de" else words[1]


Rows = Callable[[Uow, Month], Iterable[Sequence[object]]]


class ReportKind(NamedTuple):
    """A type of report: its file's name, its columns, and what makes its rows, one after the other."""

    de: str
    en: str
    columns: tuple[Heading, ...]
    rows: Rows


KINDS: dict[str, ReportKind] = {}
"""Every type by name. Filled while packages are imported, constant afterwards."""


def report_kind(name: str, de: str, en: str, columns: Sequence[Heading]) -> Callable[[Rows], Rows]:
    """Declare the decorated `(uow, month) -> rows` as a type of report."""

    def declare(rows: Rows) -> Rows:
        if name in KINDS:
            raise ValueError(f"report {name} is declared twice")
        KINDS[name] = ReportKind(de, en, tuple(columns), rows)
        return rows

    return declare


def percent(rate: Decimal) -> Decimal:
    """A rate without zeros at its end, and without an exponent."""
    whole = rate.to_integral_value()
    return whole.quantize(Decimal(1)) if rate == whole else rate.normalize()
