"""What others read of takeovers."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Known(NamedTuple):
    number: str
    target: str


def targets(uow: Uow, source: str, kind: str, numbers: Collection[str]) -> dict[str, str]:
    """Their numbers here, of those things that were taken over; one look-up."""
    sql = f"SELECT {columns(Known)} FROM taken_over WHERE source = %s AND kind = %s AND number = ANY (%s)"
    return {one.number: one.target for one in uow.all(Known, sql, (source, kind, list(numbers)))}
