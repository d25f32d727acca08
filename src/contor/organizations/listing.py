"""Lists of the directory: ordered by a known column, filtered by known values, counted over all matches."""

from collections.abc import Mapping
from dataclasses import dataclass

from contor.organizations.tree import TREE, root
from contor.organizations.types import Listing
from contor.runtime.query import Page
from contor.runtime.rows import Row
from contor.runtime.rows import columns as selected
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Listable:
    """What a list of the directory reads."""

    source: str
    """An SQL relation."""
    condition: str
    params: Mapping[str, object]
    """Of the condition."""
    expressions: Mapping[str, str]
    """What may be ordered and filtered by, with its expression over `x`."""


def listed(uow: Uow, listing: Listing, kind: type[Row], things: Listable) -> tuple[list[Row], Page]:
    """The rows of a page, and the page that their views fill."""
    columns = things.expressions
    values: dict[str, object] = {"root": root(uow), **things.params, "limit": listing.limit, "offset": listing.offset}
    conditions = [things.condition]
    for number, (name, value) in enumerate(listing.filters):
        # expressions are code's, values are bound: nothing of the caller's becomes SQL
        conditions.append(f"lower(({columns[name]})::text) = lower(%(filter{number})s)")
        values[f"filter{number}"] = value
    where = " AND ".join(conditions)
    direction = "DESC" if listing.descending else "ASC"
    rows = uow.all(
        kind,
        f"{TREE} SELECT {selected(kind, 'x')} FROM {things.source} x WHERE {where}"
        # the id makes the order total, else a row may come on two pages or on none
        f" ORDER BY {columns[listing.order_by]} {direction} NULLS LAST, x.id"
        " LIMIT %(limit)s OFFSET %(offset)s",
        values,
    )
    total = uow.scalar(int, f"{TREE} SELECT count(*) FROM {things.source} x WHERE {where}", values) or 0
    return rows, Page((), listing.offset // max(listing.limit, 1), listing.limit, total)
