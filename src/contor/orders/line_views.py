"""Read line items and allowances, and how far their billing is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from contor.billing.items import Progress, billed_on, progress_of
from contor.documents.queries import document_ident_of
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
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
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

T = TypeVar("T")

LINES = searchable(
    tables.line_item,
    LineItemView,
    ("ident", "position", "created_at", "last_modified_at"),
    default_sort="position,asc",
    content=("content", LineItemBody),
    places={"billable_item_ident": prefixed("i-", tables.line_item.c.item_id)},
)
_AGREED, _NAMES = tables.agreed_deposit, ("ident", "line_item_ident", "position", "created_at")
_SOURCE = when(_AGREED.c.line_item_ident == "", "ORDER", "LINE_ITEM")
# by the document that was sent in, else by that which bills its item
_PLACES: Places = {
    "source": _SOURCE,
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
        row.ident: validated(LineItemView, {**row.content, "status": status, "billable_item_ident": f"i-{row.item_id}"})
        for row, status in _lines(uow, number, idents, "LINE_ITEM")
    }
    return _in_order(found, idents)


def allowance_views(uow: Uow, number: int, idents: Sequence[str] | None) -> list[AllowanceView]:
    """As `line_views`, of allowances."""
    found = {
        row.ident: validated(AllowanceView, {**row.content, "status": status})
        for row, status in _lines(uow, number, idents, "ALLOWANCE")
    }
    return _in_order(found, idents)


# helpers in calling order


def _lines(uow: Uow, number: int, idents: Sequence[str] | None, kind: str) -> list[tuple[LineRow, LineStatus]]:
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
    return [(row, _status(row, states[row.ident])) for row in rows]


def _in_order(found: dict[str, T], idents: Sequence[str] | None) -> list[T]:
    return list(found.values()) if idents is None else [found[ident] for ident in idents if ident in found]


def _status(row: LineRow, items: Sequence[Progress]) -> LineStatus:
    if row.cancelled_at is not None:
        return "CANCELLED"
    states = {item.processing_status for item in items} - {"TERMINATED"}  # what was dropped was replaced
    if "ERROR" in states:
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
    sql = f"SELECT {columns(AgreedRow)} FROM agreed_deposit WHERE contract_id = %s ORDER BY position"
    rows = uow.all(AgreedRow, sql, (number,))
    found = {row.ident: _view(row, papers.get(row.ident)) for row in rows}
    return list(found.values()) if idents is None else [found[ident] for ident in idents]


def _view(row: AgreedRow, paper: DepositPaper | None) -> AgreedDepositView:
    return validated(
        AgreedDepositView,
        {
            **row.content,
            "status": _stage(paper),
            "source": "LINE_ITEM" if row.line_item_ident else "ORDER",
            "document_ident": paper.ident if paper is not None else None,
        },
    )


def _stage(paper: DepositPaper | None) -> DepositStatus:
    """An invoice of which nothing is open was paid only where something was received for it."""
    if paper is None or not paper.settled:
        return "EXPECTED"
    return "PAID" if paper.received > ZERO else "CANCELLED"
