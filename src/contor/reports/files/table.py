"""A table on its way into a file: what it is, and what its rows come to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from contor.kernel.money import ZERO
from contor.reports.kinds import Heading, Month


class Target(Protocol):
    """What bytes are written to."""

    def write(self, piece: bytes, /) -> int: ...


class Table(NamedTuple):
    """What is to be written."""

    name: str
    columns: Sequence[Heading]
    month: Month
    zone: ZoneInfo
    """In which instants are written."""


class Written(NamedTuple):
    """What was written: rows without headings, and what the summed columns come to."""

    rows: int
    sums: dict[str, Decimal]


class Sums:
    """Counts rows and sums columns on their way."""

    def __init__(self, columns: Sequence[Heading]) -> None:
        self.rows = 0
        self._places = [(place, column.key) for place, column in enumerate(columns) if column.is_summed]
        self.sums = {key: ZERO for _, key in self._places}

    def add(self, row: Sequence[object]) -> None:
        self.rows += 1
        for place, key in self._places:
            value = row[place]
            if isinstance(value, Decimal):
                self.sums[key] += value
