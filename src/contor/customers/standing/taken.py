"""Whose place a customer has taken: what was made for those who were merged into him stays theirs, and is used by him."""

from collections.abc import Collection
from typing import Final, NamedTuple

from contor.runtime.uow import Uow

_MERGED_INTO: Final = (
    # one after the other by their index: a planner that knows no numbers would read all customers of the tenant
    "WITH RECURSIVE place AS (SELECT o.ident, c.customer_ident AS merged, 1 AS depth FROM unnest(%s::text[]) o(ident)"
    " JOIN LATERAL (SELECT x.customer_ident FROM customer x WHERE x.merged_into = o.ident OFFSET 0) c ON true"
    # ALL: who is merged is so once, and a table for what came before would be made as large as that planner fears, each time
    " UNION ALL SELECT p.ident, c.customer_ident, p.depth + 1 FROM place p"
    " JOIN LATERAL (SELECT x.customer_ident FROM customer x WHERE x.merged_into = p.merged OFFSET 0) c ON true WHERE p.depth < 100)"
    " SELECT ident, merged FROM place ORDER BY merged"
)
TOOK_A_PLACE: Final = "EXISTS (SELECT 1 FROM customer m WHERE m.merged_into {} AND m.merged_into IS NOT NULL)"
"""SQL: whether anybody was merged into a customer, or one of some; `{}` stands for which: `= ...` or `= ANY (...)`."""


class _TakenOver(NamedTuple):
    ident: str
    merged: str


def taken_over(uow: Uow, idents: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Whose place each of the customers has taken, of those who took anybody's."""
    found: dict[str, tuple[str, ...]] = {}
    for row in uow.all(_TakenOver, _MERGED_INTO, (sorted(set(idents)),)):
        found[row.ident] = (*found.get(row.ident, ()), row.merged)
    return found
