"""Read line items, allowances and what became of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contor.billing.items import progress_of
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.orders import tables
from contor.orders.queries import number_of
from contor.orders.types import AllowanceView, HolderType, LineItemView, LineStatus
from contor.runtime.execute import validated
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found

LINES = Filterable.of(tables.line_item, ("ident", "position", "created_at", "last_modified_at"), default_sort="position,asc")


@dataclass(frozen=True, slots=True)
class ListLines:
    holder: HolderType
    ident: str
    query: ListQuery


@shape
class OneLine:
    holder: HolderType
    ident: str
    line_item_ident: str


@operation("line_item.list", permission="contracts.read", reads=True)
def list_lines(uow: Uow, command: ListLines) -> Page:
    """The line items of an order or contract."""
    number = number_of(uow, command.holder, command.ident)
    scope = {"contract_id": number, "kind": "LINE_ITEM"}
    return listed_by_key(
        uow, tables.line_item, command.query, LINES, "ident", lambda idents: line_views(uow, number, idents), scope
    )


@operation("line_item.get", permission="contracts.read", reads=True)
def get_line(uow: Uow, command: OneLine) -> LineItemView:
    """One line item."""
    found = line_views(uow, number_of(uow, command.holder, command.ident), [command.line_item_ident])
    if not found:
        raise not_found("line_item", command.line_item_ident)
    view: LineItemView = found[0]
    return view


def line_views(uow: Uow, number: int, idents: Sequence[str] | None, kind: str = "LINE_ITEM") -> list[Any]:
    """The named lines in that order; None: all, in theirs."""
    rows = uow.rows(
        "SELECT * FROM line_item WHERE contract_id = %s AND kind = %s AND (%s::text[] IS NULL OR ident = ANY (%s)) ORDER BY position",
        (number, kind, idents and list(idents), idents and list(idents)),
    )
    states: dict[str, list[Any]] = defaultdict(list)
    for item in progress_of(uow, number, kind):
        states[item.origin_ident].append(item)
    found = {row.ident: _view(row, kind, states[row.ident]) for row in rows}
    return list(found.values()) if idents is None else [found[ident] for ident in idents if ident in found]


def _view(row: Any, kind: str, items: Sequence[Any]) -> LineItemView | AllowanceView:
    given = {**row.content, "status": _status(row, items)}
    if kind == "ALLOWANCE":
        allowance: AllowanceView = validated(AllowanceView, given)
        return allowance
    line: LineItemView = validated(LineItemView, {**given, "billable_item_ident": f"i-{row.item_id}"})
    return line


def _status(row: Any, items: Sequence[Any]) -> LineStatus:
    if row.cancelled_at is not None:
        return "CANCELLED"
    states = {item.processing_status for item in items} - {"TERMINATED"}
    if "ERROR" in states:
        return "ERROR"
    if states <= {"COMPLETED"}:
        return "BILLED"
    return "ON_HOLD" if all(item.processing_at is None for item in items if item.processing_status != "COMPLETED") else "OPEN"
