"""Whose place a customer has taken: what was made for those who were merged into him stays theirs, and is used by him."""

from collections.abc import Collection
from typing import Final, NamedTuple

from contor.runtime.uow import Uow

MERGED_INTO: Final = (
    "WITH RECURSIVE place AS (SELECT merged_into AS ident, customer_ident AS merged FROM customer WHERE merged_into = ANY ({})"
    " UNION SELECT p.ident, c.customer_ident FROM place p JOIN customer c ON c.merged_into = p.merged)"
)
"""SQL: `place`, who was merged (`merged`) into each of some customers (`ident`), also by way of others; `{}` stands for their array."""


class _TakenOver(NamedTuple):
    ident: str
    merged: str


def taken_over(uow: Uow, idents: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Whose place each of the customers has taken, of those who took anybody's."""
    found: dict[str, tuple[str, ...]] = {}
    for row in uow.all(
        _TakenOver, f"{MERGED_INTO.format('%s')} SELECT ident, merged FROM place ORDER BY merged", (sorted(set(idents)),)
    ):
        found[row.ident] = (*found.get(row.ident, ()), row.merged)
    return found
