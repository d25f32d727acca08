"""What came of taking an account over: how much of each kind, and everything that is not here as it is there."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

Level = Literal["refused", "difference", "note"]
"""A note says what is otherwise by its nature, and is no reason to look: it does not count for the exit code."""
HEAD: Final = ("level", "kind", "number", "name", "number here", "field", "there", "here", "remark")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Finding(NamedTuple):
    level: Level
    kind: str
    number: str
    """Of the thing there."""
    name: str
    target: str = ""
    """Its number here."""
    field: str = ""
    there: str = ""
    here: str = ""
    remark: str = ""


class Total(NamedTuple):
    """A sum over things of a kind, there and here."""

    name: str
    there: str
    here: str


@dataclass
class Outcome:
    found: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)

    @property
    def kinds(self) -> Sequence[str]:
        return list(self.found)

    @property
    def agrees(self) -> bool:
        """Whether everything is here as it is there."""
        return all(one.level == "note" for one in self.findings)

    def count(self, level: Level) -> int:
        return sum(one.level == level for one in self.findings)


def write(path: Path, outcome: Outcome) -> None:
    """Every finding as a line of a CSV (UTF-8, comma); also where there is none, so that nobody reads one of before."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEAD)
        for one in outcome.findings:
            lines.writerow([_told(cell) for cell in one])


def _told(cell: str) -> str:
    """What a spreadsheet would compute is a text; a negative amount stays a number."""
    is_number = cell[:1] == "-" and cell[1:].replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell
