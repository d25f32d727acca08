"""Rows of a statement one after the other, however many they are: read through a cursor of the server, a few thousand at a time."""

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
    with uow.connection.cursor(f"contor_{name}_{next(_numbers)}", row_factory=row_factory(kind)) as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(sql, params or None)
