"""Rows one after the other, for results that are too large to be held: read from the server some thousand at a time."""

from collections.abc import Iterator

from contor.runtime.rows import Row, row_factory
from contor.runtime.uow import Params, Uow

AT_ONCE = 5_000


def streamed(uow: Uow, kind: type[Row], sql: str, params: Params = (), *, name: str = "stream") -> Iterator[Row]:
    """All rows as `kind`, in constant memory, as long as the transaction lasts. Two that are read in turns need names of their own."""
    with uow.connection.cursor(name=f"contor_{name}", row_factory=row_factory(kind)) as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(sql, params or None)
