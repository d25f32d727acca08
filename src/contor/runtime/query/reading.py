"""How a statement is read: its rows one after the other, however many, through a cursor of the server, a few thousand at a time; or
together with others of its kind, in one round trip."""

import itertools
from collections.abc import Iterator
from typing import Final

from contor.runtime.rows import Row, row_factory
from contor.runtime.uow import Params, Uow

AT_ONCE: Final = 5_000
"""Rows that are in memory at a time."""
_ALL_OF_THEM = "SELECT set_config('cursor_tuple_fraction', '1', true)"
"""A plan for all the rows, not for the first ones soon: until the end of the transaction."""
_numbers = itertools.count(1)


def streamed(uow: Uow, kind: type[Row], sql: str, params: Params = (), *, name: str = "stream") -> Iterator[Row]:
    """All rows as `kind`, as `Uow.all` answers them. They are of the moment at which the first was asked for, and the transaction may read
    other things meanwhile, also by this. `name`: of the cursor, for who looks at the server."""
    uow.readings.once(_ALL_OF_THEM, lambda: uow.run(_ALL_OF_THEM))
    uow.flush()  # this cursor is not the one that what waits goes with
    with uow.connection.cursor(f"contor_{name}_{next(_numbers)}", row_factory=row_factory(kind)) as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(sql, params or None)


_RARE: list[str] = []
_ASKED = "has_any"


def rare(table: str) -> str:
    """Declare a table of which most tenants have no row, and which nobody changes in an operation about a few things that asks for it."""
    _RARE.append(table)
    return table


def has_any(uow: Uow, table: str) -> bool:
    """Whether the tenant has a row in a `rare` table; in a transaction about a few things one statement asks for all of them."""
    if not uow.few:
        return uow.scalar(bool, f"SELECT EXISTS (SELECT 1 FROM {table})") is True
    known = uow.readings.held(_ASKED)
    if not isinstance(known, dict):
        row = uow.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {name})' for name in _RARE)}").fetchone()
        known = uow.readings.hold(_ASKED, dict(zip(_RARE, row or (), strict=True)))
    return bool(known[table])
