"""How many rows lists have, and where in them their pages begin, without counting them again.

Each transaction adds what it inserted to the tally of the table, by cells of the column in which the list is sorted: a second, or 1,024
numbers. Cells do not overlap, so those before a stretch of the list say how many rows are before it. Work adds neighbouring cells up
(`contor.runtime.work.tallies`); nobody updates a row, so that writers do not wait for each other.
"""

import datetime as dt
import math
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import DateTime, Table

from contor.runtime.schema import Tallied

CELL_BITS = 10
Cell = tuple[str, int]
"""The name of a tally, and the first value of a cell."""


def tally_name(table: Table, scope: Mapping[str, object]) -> str | None:
    """The tally of the list of a table where its columns have these values (None: no value); None: there is none."""
    said: Tallied | None = table.info.get("tallied")
    if said is None or set(scope) != {name for name in (said.by, said.without) if name} or scope.get(said.without) is not None:
        return None
    return _named(table, scope.get(said.by))


def _named(table: Table, value: object) -> str:
    name = str(table.info.get("tally_of") or table.name)
    return name if value is None else f"{name}:{value}"


def cells_of(table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Counter[Cell]:
    """How many of new rows are in which cell; nothing where the table is not tallied."""
    said: Tallied | None = table.info.get("tallied")
    if said is None or not rows:
        return Counter()
    by = columns.index(said.by) if said.by else None
    if said.place not in columns:
        return Counter((_named(table, None if by is None else row[by]), 0) for row in rows)
    at = columns.index(said.place)
    if by is None:
        name = _named(table, None)
        cells: Counter[Cell] = Counter()
        for value, count in Counter([row[at] for row in rows]).items():  # rows of one transaction mostly have one instant
            cells[name, _cell(value)] += count
        return cells
    return Counter((_named(table, row[by]), _cell(row[at])) for row in rows)


def _cell(value: object) -> int:
    if isinstance(value, int):
        return value >> CELL_BITS << CELL_BITS
    return math.floor(value.timestamp()) if isinstance(value, dt.datetime) else 0


def cell_sql(table: Table) -> str:
    """SQL: the cell of a row."""
    said: Tallied = table.info["tallied"]
    if not said.place:
        return "0::bigint"
    if isinstance(table.c[said.place].type, DateTime):
        return f"floor(extract(epoch FROM {said.place}))::bigint"
    return f"({said.place} >> {CELL_BITS} << {CELL_BITS})"


def tally_rows(grown: Counter[Cell]) -> list[dict[str, object]]:
    """As the table `row_tally` keeps them."""
    return [
        {"name": name, "cell": cell, "last_cell": cell, "rows": rows, "counted": False, "id": uuid.uuid4()}
        for (name, cell), rows in grown.items()
        if rows
    ]
