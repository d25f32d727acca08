"""Lists of the directory: ordered by a known column, filtered by known values, counted over all matches."""

from collections.abc import Mapping
from typing import Any

from contor.organizations.tree import TREE, root
from contor.organizations.types import Listing
from contor.runtime.query import Page
from contor.runtime.uow import Uow


def listed(
    uow: Uow, listing: Listing, source: str, *, condition: str, params: Mapping[str, Any], columns: Mapping[str, str]
) -> Page:
    """A page of `source` (an SQL relation) where `condition` holds. `columns`: what may be ordered and filtered by -> expression."""
    values: dict[str, Any] = {"root": root(uow), **params, "limit": listing.limit, "offset": listing.offset}
    conditions = [condition]
    for number, (name, value) in enumerate(listing.filters):
        conditions.append(f"({columns[name]})::text = %(filter{number})s")
        values[f"filter{number}"] = value
    where = " AND ".join(conditions)
    direction = "DESC" if listing.descending else "ASC"
    rows = uow.rows(
        f"{TREE} SELECT x.* FROM {source} x WHERE {where} ORDER BY {columns[listing.order_by]} {direction} NULLS LAST, x.id"
        " LIMIT %(limit)s OFFSET %(offset)s",
        values,
    )
    total = int(uow.value(f"{TREE} SELECT count(*) FROM {source} x WHERE {where}", values))
    return Page(tuple(rows), listing.offset // max(listing.limit, 1), listing.limit, total)
