"""Read what was used behind the rows of a document, group by group."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.queries import headers_by_id
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found
from contor.usage.queries import usages_of_items

MOST_GROUPS: Final = 2000
"""Shown of one row; the rest is said as one."""


@shape
class OpenBreakdown:
    document_id: int


@shape
class UsedGroup:
    """What was used, of one group or at one time."""

    said: str
    """By what it is told from others: a description, the values of properties; empty: nothing tells it."""
    first_on: dt.date
    last_on: dt.date
    quantity: Decimal


@shape
class UsedRow:
    """A row that bills usages."""

    name: str
    unit: str
    """As quantities are told (`PC`, `KWH` …)."""
    period_start: dt.date
    period_end: dt.date
    """The last day."""
    quantity: Decimal
    total: Decimal
    """What it costs, net or gross as its price; negative, where it is given back."""
    groups: tuple[UsedGroup, ...]
    left_out: int = 0
    """Groups that are not shown."""


@shape
class Breakdown:
    number: str
    currency: str
    rows: tuple[UsedRow, ...]


class _Item(NamedTuple):
    item_id: int
    type: str
    period_start: dt.date
    period_end: dt.date
    total: Decimal
    currency: str
    name: str
    unit: str | None


@operation("document.open_usage", permission="documents.read", reads=True)
def open_breakdown(uow: Uow, command: OpenBreakdown) -> Breakdown:
    """What was used behind a document. Raises NOT_FOUND where it bills no usages."""
    document = headers_by_id(uow, [command.document_id]).get(command.document_id)
    items = uow.all(
        _Item,
        "SELECT item_id, type, period_start, period_end, total, currency, content ->> 'name' AS name,"
        " content ->> 'quantity_type' AS unit"
        " FROM billable_item WHERE document_id = %s AND kind IN ('USAGE', 'USAGE_CORRECTION') ORDER BY period_start, item_id",
        (command.document_id,),
    )
    if document is None or not items:
        raise not_found("document", command.document_id)
    used = usages_of_items(uow, [item.item_id for item in items])
    rows = []
    for item in items:
        found: dict[str, list[tuple[dt.date, Decimal]]] = defaultdict(list)
        for usage in used.get(item.item_id, ()):
            found[usage.description or ""].append((usage.used_on, usage.quantity))
        groups = [
            UsedGroup(
                said=said,
                first_on=min(day for day, _ in parts),
                last_on=max(day for day, _ in parts),
                quantity=sum((quantity for _, quantity in parts), Decimal(0)),
            )
            for said, parts in sorted(found.items())
        ]
        rows.append(
            UsedRow(
                name=item.name,
                unit=item.unit or "PC",
                period_start=item.period_start,
                period_end=item.period_end - dt.timedelta(days=1),
                quantity=sum((group.quantity for group in groups), Decimal(0)),
                total=-item.total if item.type == "CREDIT" else item.total,
                groups=tuple(groups[:MOST_GROUPS]),
                left_out=max(len(groups) - MOST_GROUPS, 0),
            )
        )
    return Breakdown(number=document.ident, currency=items[0].currency, rows=tuple(rows))
