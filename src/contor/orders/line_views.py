"""Read line items and allowances, and how far their billing is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from contor.billing.items import ItemKind, Progress, Why, billed_on, failed_by_item, failed_of, progress_of
from contor.documents.queries import document_ident_of
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.orders import tables
from contor.orders.queries import DepositPaper, deposit_documents, number_of
from contor.orders.types import (
    AgreedDepositBody,
    AgreedDepositView,
    AllowanceView,
    DepositStatus,
    HolderType,
    LineItemBody,
    LineItemView,
    LineStatus,
)
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page, prefixed, searchable, when
from contor.runtime.query.answered import Places
from contor.runtime.query.filterable import Expression
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

T = TypeVar("T")

_FAILED_LINE = failed_of("line_item.contract_id", "line_item.ident", "LINE_ITEM")


def _unless_cancelled(said: Expression) -> Expression:
    return when(tables.line_item.c.cancelled_at.is_(None), said)


LINES = searchable(
    tables.line_item,
    LineItemView,
    ("ident", "position", "created_at", "last_modified_at"),
    default_sort="position,asc",
    content=("content", LineItemBody),
    places={
        "billable_item_ident": prefixed("i-", tables.line_item.c.item_id),
        "status_reason": _unless_cancelled(_FAILED_LINE[0]),
        "processing_error": _unless_cancelled(_FAILED_LINE[1]),
    },
)
_AGREED, _NAMES = tables.agreed_deposit, ("ident", "line_item_ident", "position", "created_at")
_SOURCE = when(_AGREED.c.line_item_ident == "", "ORDER", "LINE_ITEM")
# by the document that was sent in, else by that which bills its item
_FAILED_DEPOSIT = failed_by_item("agreed_deposit.item_id")
_PLACES: Places = {
    "source": _SOURCE,
    "status_reason": _FAILED_DEPOSIT[0],
    "processing_error": _FAILED_DEPOSIT[1],
    "document_ident": document_ident_of(billed_on("agreed_deposit.document_id", "agreed_deposit.item_id")),
}
DEPOSITS = searchable(
    _AGREED, AgreedDepositView, _NAMES, default_sort="position,asc", content=("content", AgreedDepositBody), places=_PLACES
)


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
    return found[0]


class LineRow(NamedTuple):
    """A row of `line_item`."""

    ident: str
    kind: str
    content: Mapping[str, object]
    item_id: int
    cancelled_at: dt.datetime | None


def line_views(uow: Uow, number: int, idents: Sequence[str] | None) -> list[LineItemView]:
    """The named line items in that order; None: all, in theirs."""
    found = {
        row.ident: validated(LineItemView, {**row.content, **how_far, "billable_item_ident": f"i-{row.item_id}"})
        for row, how_far in _lines(uow, number, idents, "LINE_ITEM")
    }
    return _in_order(found, idents)


def allowance_views(uow: Uow, number: int, idents: Sequence[str] | None) -> list[AllowanceView]:
    """As `line_views`, of allowances."""
    found = {
        row.ident: validated(AllowanceView, {**row.content, **how_far}) for row, how_far in _lines(uow, number, idents, "ALLOWANCE")
    }
    return _in_order(found, idents)


# helpers in calling order


def _lines(uow: Uow, number: int, idents: Sequence[str] | None, kind: ItemKind) -> list[tuple[LineRow, Fields]]:
    rows = uow.all(
        LineRow,
        f"SELECT {columns(LineRow)} FROM line_item"
        # the cast: of a bare parameter PostgreSQL cannot tell the type
        " WHERE contract_id = %s AND kind = %s AND (%s::text[] IS NULL OR ident = ANY (%s)) ORDER BY position",
        (number, kind, idents and list(idents), idents and list(idents)),
    )
    states: dict[str, list[Progress]] = defaultdict(list)
    for item in progress_of(uow, number, kind):
        states[item.origin_ident].append(item)
    return [(row, _how_far(row, states[row.ident])) for row in rows]


def _how_far(row: LineRow, items: Sequence[Progress]) -> Fields:
    status = _status(row, items)
    return {"status": status, **_failed(items if status == "ERROR" else ())}


def _failed(items: Iterable[Progress]) -> Fields:
    """Why the first of them that failed did."""
    why: Why | None = next((item.failed for item in items if item.failed is not None), None)
    return (
        {"status_reason": None, "processing_error": None}
        if why is None
        else {"status_reason": str(why), "processing_error": why.text}
    )


def _in_order(found: dict[str, T], idents: Sequence[str] | None) -> list[T]:
    return list(found.values()) if idents is None else [found[ident] for ident in idents if ident in found]


def _status(row: LineRow, items: Sequence[Progress]) -> LineStatus:
    if row.cancelled_at is not None:
        return "CANCELLED"
    states = {item.processing_status for item in items} - {"TERMINATED"}  # what was dropped was replaced
    if any(item.failed is not None for item in items):
        return "ERROR"
    if states <= {"COMPLETED"}:
        return "BILLED"
    return "ON_HOLD" if all(item.processing_at is None for item in items if item.processing_status != "COMPLETED") else "OPEN"


class AgreedRow(NamedTuple):
    """A row of `agreed_deposit`."""

    ident: str
    line_item_ident: str
    content: Mapping[str, object]
    item_id: int | None
    document_id: int | None


def deposit_views(uow: Uow, number: int, idents: Collection[str] | None) -> list[AgreedDepositView]:
    """The named deposits in that order; None: all, in theirs."""
    papers = {row.deposit_ident: row for row in deposit_documents(uow, [number])}
    items = {item.item_id: item for item in progress_of(uow, number, "DEPOSIT")}
    sql = f"SELECT {columns(AgreedRow)} FROM agreed_deposit WHERE contract_id = %s ORDER BY position"
    rows = uow.all(AgreedRow, sql, (number,))
    found = {row.ident: _view(row, papers.get(row.ident), items.get(row.item_id or 0)) for row in rows}
    return list(found.values()) if idents is None else [found[ident] for ident in idents]


def _view(row: AgreedRow, paper: DepositPaper | None, item: Progress | None) -> AgreedDepositView:
    return validated(
        AgreedDepositView,
        {
            **row.content,
            "status": _stage(paper),
            **_failed([item] if item is not None else ()),
            "source": "LINE_ITEM" if row.line_item_ident else "ORDER",
            "document_ident": paper.ident if paper is not None else None,
        },
    )


def _stage(paper: DepositPaper | None) -> DepositStatus:
    """An invoice of which nothing is open was paid only where something was received for it."""
    if paper is None or not paper.settled:
        return "EXPECTED"
    return "PAID" if paper.received > ZERO else "CANCELLED"
