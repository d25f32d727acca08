"""How a table of a GDPdU export is described: columns with their types, keys, relations. Pure.

Source: Beschreibungsstandard für die Datenträgerüberlassung, BMF/AUDICON, version 1.1 of 1 August 2002, DTD of 1 September 2004.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from contor.kernel.files import one_line

ColumnKind = Literal["TEXT", "DATE", "NUMBER"]
LONGEST_TEXT: Final = 10_000
END: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class Column:
    """`value` takes the row, of whatever kind, and answers a text, a day, a number, or None: an empty field. `places`: decimals of a
    number."""

    name: str
    kind: ColumnKind
    value: Callable[..., str | dt.date | Decimal | int | None]
    description: str = ""
    places: int = 0


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that name a row of another table; where any is empty, none is named."""

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True, slots=True)
class AuditTable:
    """A table of the export. The first `keys` columns are its primary key."""

    name: str
    file: str
    description: str
    keys: int
    columns: tuple[Column, ...]
    foreign: tuple[ForeignKey, ...] = ()


@dataclass(slots=True)
class Seen:
    """What was written of a table: how many rows, and the longest text of each column."""

    rows: int = 0
    longest: dict[str, int] = field(default_factory=dict)


def text(name: str, value: Callable[..., str | None], description: str = "") -> Column:
    return Column(name, "TEXT", value, description)


def day(name: str, value: Callable[..., dt.date | None], description: str = "") -> Column:
    return Column(name, "DATE", value, description)


def number(name: str, value: Callable[..., Decimal | int | None], description: str = "", places: int = 2) -> Column:
    return Column(name, "NUMBER", value, description, places)


def line(table: AuditTable, row: object, seen: Seen) -> str:
    """A row as it is written."""
    seen.rows += 1
    fields = []
    for column in table.columns:
        value = column.value(row)
        if column.kind == "TEXT":
            said = one_line(None if value is None else str(value), LONGEST_TEXT)
            seen.longest[column.name] = max(seen.longest.get(column.name, 1), len(said))
            fields.append('"' + said.replace('"', '""') + '"')
        elif value is None:
            fields.append("")
        elif isinstance(value, dt.date):
            fields.append(f"{value:%d.%m.%Y}")
        else:
            fields.append(written(Decimal(value), column.places))
    return ";".join(fields) + END


def written(value: Decimal, places: int) -> str:
    """A number with a decimal comma and at most so many decimals; one with more would be read wrong, and is a bug."""
    plain = value.normalize() + 0
    exponent = plain.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise ValueError(f"{value} has more than {places} decimals")
    return f"{plain:f}".replace(".", ",")
