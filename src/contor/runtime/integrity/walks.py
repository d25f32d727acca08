"""Walks of checks through all rows of a table, which are too many for one answer."""

from collections.abc import Iterator

from contor.runtime.rows import Row
from contor.runtime.uow import Uow

PAGE = 1_000


def in_pages(uow: Uow, kind: type[Row], sql: str, key: str) -> Iterator[list[Row]]:
    """So many rows at a time, by `key`, a positive number that is theirs alone and among their columns; `sql` ends with the condition
    that it is `> %s`."""
    last = 0
    while rows := uow.all(kind, f"{sql} ORDER BY {key} LIMIT {PAGE}", (last,)):
        yield rows
        last = getattr(rows[-1], key)
