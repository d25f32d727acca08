"""What a clearing run did with each open item."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.openitems import tables
from contor.openitems.clearing.rules import LeftOut
from contor.openitems.types import DebitCredit
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

ItemStatus = Literal["CLEARED", "LEFT_OUT", "REVERSED"]


@shape
class ClearingItemView:
    ident: str
    clearing_run_ident: str
    opos_case_ident: str
    counter_case_ident: str | None = None
    """With what it was cleared."""
    customer_ident: str
    currency: str
    amount: Money
    debit_credit_indicator: DebitCredit
    status: ItemStatus
    reason: LeftOut | None = None
    """Why it was left out."""
    created_at: dt.datetime


class _Item(NamedTuple):
    ident: str
    run_ident: str
    opos_case_ident: str
    counter_case_ident: str | None
    customer_ident: str
    currency: str
    amount: Decimal
    debit_credit_indicator: DebitCredit
    status: ItemStatus
    reason: str | None
    created_at: dt.datetime


ITEMS = searchable(
    tables.clearing_run_item,
    ClearingItemView,
    ("ident", "opos_case_ident", "customer_ident", "currency", "amount", "debit_credit_indicator", "status", "reason", "id"),
    default_sort="id",
    places={"clearing_run_ident": "run_ident"},
)


@dataclass(frozen=True, slots=True)
class ListItems:
    clearing_run_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneItem:
    clearing_run_ident: str
    item_ident: str


@operation("clearing_run.list_items", permission="bookkeeping.read", reads=True)
def list_items(uow: Uow, command: ListItems) -> Page:
    """The open items of a run: what was cleared with what, and what was left out, with the reason."""
    if uow.scalar(int, "SELECT 1 FROM clearing_run WHERE ident = %s", (command.clearing_run_ident,)) is None:
        raise not_found("clearing_run", command.clearing_run_ident)
    scope = {"run_ident": command.clearing_run_ident}
    return listed(uow, tables.clearing_run_item, command.query, ITEMS, _Item, lambda rows: map(_view, rows), scope)


@operation("clearing_run.get_item", permission="bookkeeping.read", reads=True)
def get_item(uow: Uow, command: OneItem) -> ClearingItemView:
    """One item of a run."""
    sql = f"SELECT {columns(_Item)} FROM clearing_run_item WHERE run_ident = %s AND ident = %s"
    row = uow.first(_Item, sql, (command.clearing_run_ident, command.item_ident))
    if row is None:
        raise not_found("clearing_run_item", command.item_ident)
    return _view(row)


def _view(row: _Item) -> ClearingItemView:
    return ClearingItemView(
        ident=row.ident,
        clearing_run_ident=row.run_ident,
        opos_case_ident=row.opos_case_ident,
        counter_case_ident=row.counter_case_ident,
        customer_ident=row.customer_ident,
        currency=row.currency,
        amount=row.amount,
        debit_credit_indicator=row.debit_credit_indicator,
        status=row.status,
        reason=None if row.reason is None else LeftOut(row.reason),
        created_at=row.created_at,
    )
