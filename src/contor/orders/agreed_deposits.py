"""Agreed deposits: expected, invoiced, paid, and deducted by the final invoice (platform API 4.4; accounting reference 2)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.billing.items import Item, documents_of, drop, release, set_amounts, store
from contor.contracts.calendar import instant
from contor.documents.events import DocumentsIssued, DocumentsSettled
from contor.documents.judge import AGREED_DEPOSIT, ORDER
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import is_amount, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.orders import tables
from contor.orders.line_views import DEPOSITS, AgreedRow, deposit_views, line_views
from contor.orders.queries import (
    Holding,
    held,
    held_for_deposits,
    is_waiting_for_deposits,
    order_by_ident,
    sites_of_lines,
    supplying_site,
)
from contor.orders.rates import Rates
from contor.orders.rules import DAY, deposit_row, relative
from contor.orders.told import OrdersUpdated
from contor.orders.types import AgreedDepositBody, AgreedDepositView, LineItemView
from contor.runtime.db import ENCODER
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import days_of_groups

_Bodies = Annotated[tuple[AgreedDepositBody, ...], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class ListDeposits:
    order_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListLineDeposits:
    order_ident: str
    line_item_ident: str
    query: ListQuery


@shape
class AddDeposits:
    order_ident: str
    body: _Bodies


@shape
class AddLineDeposits:
    order_ident: str
    line_item_ident: str
    body: _Bodies


@shape
class UpdateDeposit:
    order_ident: str
    agreed_deposit_ident: str
    body: AgreedDepositBody
    line_item_ident: str = ""


@shape
class DeleteDeposit:
    order_ident: str
    agreed_deposit_ident: str
    line_item_ident: str = ""


@operation("agreed_deposit.list", permission="contracts.read", reads=True)
def list_deposits(uow: Uow, command: ListDeposits) -> Page:
    """The deposits agreed for an order as a whole."""
    return _page(uow, order_by_ident(uow, command.order_ident).contract_id, "", command.query)


@operation("agreed_deposit.list_of_line_item", permission="contracts.read", reads=True)
def list_line_deposits(uow: Uow, command: ListLineDeposits) -> Page:
    """The deposits agreed for a line item."""
    number = order_by_ident(uow, command.order_ident).contract_id
    if not uow.scalar(int, "SELECT 1 FROM line_item WHERE contract_id = %s AND ident = %s", (number, command.line_item_ident)):
        raise not_found("line_item", command.line_item_ident)
    return _page(uow, number, command.line_item_ident, command.query)


@operation("agreed_deposit.add", permission="contracts.write")
def add_order_deposits(uow: Uow, command: AddDeposits) -> tuple[AgreedDepositView, ...]:
    """Agree further deposits for an order."""
    holding = held(uow, "ORDER", command.order_ident)
    add_deposits(uow, holding, command.body, "")
    uow.emit(OrdersUpdated(order_idents=(command.order_ident,)))
    return tuple(deposit_views(uow, holding.number, [body.ident for body in command.body]))


@operation("agreed_deposit.add_to_line_item", permission="contracts.write")
def add_line_deposits(uow: Uow, command: AddLineDeposits) -> LineItemView:
    """Agree further deposits for a line item that is not billed."""
    holding = held(uow, "ORDER", command.order_ident)
    found = line_views(uow, holding.number, [command.line_item_ident])
    if not found:
        raise not_found("line_item", command.line_item_ident)
    if found[0].status in ("BILLED", "CANCELLED"):
        raise Refused(Kind.CONFLICT, Problem("line_item_closed", f"The line item is {found[0].status}."))
    add_deposits(uow, holding, command.body, "", command.line_item_ident)
    uow.emit(OrdersUpdated(order_idents=(command.order_ident,)))
    return line_views(uow, holding.number, [command.line_item_ident])[0]


@operation("agreed_deposit.update", permission="contracts.write")
def update_deposit(uow: Uow, command: UpdateDeposit) -> AgreedDepositView:
    """Replace a deposit that is not invoiced."""
    holding, body = held(uow, "ORDER", command.order_ident), command.body
    row = _open(uow, holding, command.agreed_deposit_ident, command.line_item_ident)
    site, problems = supplying_site(uow, holding, sites_of_lines(uow, holding.number, command.line_item_ident), "grossValue")
    expects = Rates(uow, holding).of_deposit
    content, found = deposit_row(body, holding.currency, holding.home, holding.language, "", expects, site)
    problems += found or _rounding(holding, body, "")
    if body.ident != row.ident:
        problems.append(Problem("field_immutable", "cannot be changed", "ident", body.ident))
    if problems:
        raise Refused(Kind.INVALID, *relative(problems))
    uow.run(
        "UPDATE agreed_deposit SET content = %s, last_modified_at = %s WHERE contract_id = %s AND ident = %s",
        (ENCODER.encode(body).decode(), uow.ctx.now(), holding.number, row.ident),
    )
    if row.item_id is not None:
        set_amounts(uow, {row.item_id: content})
    uow.audit("order", command.order_ident, {"deposit": body})
    uow.emit(OrdersUpdated(order_idents=(command.order_ident,)))
    return deposit_views(uow, holding.number, [row.ident])[0]


@operation("agreed_deposit.delete", permission="contracts.write")
def delete_deposit(uow: Uow, command: DeleteDeposit) -> None:
    """Drop a deposit that is not invoiced; what waited for it goes on."""
    holding = held(uow, "ORDER", command.order_ident)
    row = _open(uow, holding, command.agreed_deposit_ident, command.line_item_ident)
    if row.item_id is not None:
        drop(uow, [row.item_id], "the deposit is no longer agreed")
    uow.run("DELETE FROM agreed_deposit WHERE contract_id = %s AND ident = %s", (holding.number, row.ident))
    uow.audit("order", command.order_ident, {"deposit_dropped": row.ident})
    uow.emit(OrdersUpdated(order_idents=(command.order_ident,)))
    _go_on(uow, [holding.number])


def add_deposits(
    uow: Uow,
    holding: Holding,
    bodies: Sequence[AgreedDepositBody],
    path: str,
    line_item: str = "",
    named: Sequence[str | None] | None = None,
) -> None:
    """Store deposits; their invoices follow at once where the billing group says so. `named`: the sites of what they are paid for, where it
    is not stored yet."""
    if named is None:
        named = sites_of_lines(uow, holding.number, line_item)
    site, problems = supplying_site(uow, holding, named, path)
    known = set(uow.column(str, "SELECT ident FROM agreed_deposit WHERE contract_id = %s", (holding.number,)))
    rows, expects = [], Rates(uow, holding).of_deposit
    for index, body in enumerate(bodies):
        row, found = deposit_row(body, holding.currency, holding.home, holding.language, f"{path}[{index}]", expects, site)
        problems += found or _rounding(holding, body, f"{path}[{index}]")
        if body.ident in known:
            problems.append(Problem("deposit_exists", "is the ident of another deposit", f"{path}[{index}].ident", body.ident))
        known.add(body.ident)
        rows.append(row)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    now, holder, days = uow.ctx.now(), holding.holder, days_of_groups(uow)
    today, zone = days.today(holder.header.billing_group_ident), days.zone(holder.header.billing_group_ident)
    numbers: Sequence[int | None] = uow.next_ids(len(rows)) if holding.bills_deposits else [None] * len(rows)  # else others invoice
    items = [
        Item(
            item_id=number,
            contract_id=holding.number,
            contract_ident=holder.ident,
            segment_ident=holder.segment_ident,
            header=holder.header,
            origin_type="LINE_ITEM",
            origin_ident=body.ident,
            kind="DEPOSIT",
            period_start=today,
            period_end=today + DAY,
            sequence=0,
            type="DEBIT",
            business_case="DEPOSIT",
            processing_at=instant(today, zone),
            row=row,
            of_order=True,
        )
        for body, row, number in zip(bodies, rows, numbers, strict=True)
        if number is not None
    ]
    store(uow, items, {})
    last = uow.scalar(int, "SELECT max(position) FROM agreed_deposit WHERE contract_id = %s", (holding.number,)) or 0
    uow.insert(
        tables.agreed_deposit,
        [
            {
                "contract_id": holding.number,
                "ident": body.ident,
                "line_item_ident": line_item,
                "position": position,
                "content": body,
                "item_id": number,
                "created_at": now,
                "last_modified_at": now,
            }
            for position, (body, number) in enumerate(zip(bodies, numbers, strict=True), last + 1)
        ],
    )
    uow.audit("order", holder.ident, {"deposits": [body.ident for body in bodies]})


@on(DocumentsSettled)
def deposits_paid(uow: Uow, fact: DocumentsSettled) -> None:
    """What waited for the deposits of an order is due when they are all paid."""
    numbers = uow.column(
        int,
        "SELECT DISTINCT a.contract_id FROM agreed_deposit a WHERE a.document_id = ANY (%(ids)s) OR a.item_id IN"
        " (SELECT i.item_id FROM billable_item i WHERE i.document_id = ANY (%(ids)s) AND i.kind = 'DEPOSIT')",
        {"ids": list(fact.document_ids)},
    )
    _go_on(uow, numbers)


@on(DocumentsIssued)
def deposit_invoiced_elsewhere(uow: Uow, fact: DocumentsIssued) -> None:
    """A deposit invoice of the Documents API that names an order and its deposit (properties `orderIdent`, `agreedDepositIdent`)."""
    for draft in fact.documents:
        if draft.document.document_type is not DocumentType.DEPOSIT_INVOICE or not draft.requested:  # ours are known by item
            continue
        named = {entry.key: entry.value for entry in draft.document.properties}
        if AGREED_DEPOSIT in named:
            uow.run(
                "UPDATE agreed_deposit a SET document_id = %s FROM sales_order o WHERE o.contract_id = a.contract_id"
                # the first invoice counts, and none where we invoice ourselves
                " AND o.order_ident = %s AND o.customer_ident = %s AND a.ident = %s AND a.document_id IS NULL AND a.item_id IS NULL",
                (draft.id, named.get(ORDER), draft.document.customer_ident, named[AGREED_DEPOSIT]),
            )


# helpers in calling order


def _rounding(holding: Holding, body: AgreedDepositBody, path: str) -> list[Problem]:
    """What is agreed to be paid is not rounded behind anybody's back: it keeps to the billing group's amounts as it is said."""
    if holding.unit is None or is_amount(body.gross_value, holding.currency, holding.unit):
        return []
    message = f"the billing group rounds {holding.currency} to {worded(holding.unit, holding.currency)}"
    return [Problem("not_rounded_as_agreed", message, f"{path}.grossValue", body.gross_value)]


def _page(uow: Uow, number: int, line_item: str, query: ListQuery) -> Page:
    scope = {"contract_id": number, "line_item_ident": line_item}
    return listed_by_key(
        uow, tables.agreed_deposit, query, DEPOSITS, "ident", lambda idents: deposit_views(uow, number, idents), scope
    )


def _open(uow: Uow, holding: Holding, ident: str, line_item: str) -> AgreedRow:
    """A deposit that is not invoiced. Raises NOT_FOUND, CONFLICT."""
    sql = f"SELECT {columns(AgreedRow)} FROM agreed_deposit WHERE contract_id = %s AND ident = %s AND line_item_ident = %s"
    row = uow.first(AgreedRow, sql, (holding.number, ident, line_item))
    if row is None:
        raise not_found("agreed_deposit", ident)
    if row.document_id is not None or (row.item_id is not None and documents_of(uow, {row.item_id})):
        raise Refused(
            Kind.CONFLICT, Problem("deposit_invoiced", "The deposit is invoiced; it is corrected by a document.", None, ident)
        )
    return row


def _go_on(uow: Uow, numbers: Sequence[int]) -> None:
    days = days_of_groups(uow)
    for number in numbers:
        if is_waiting_for_deposits(uow, number):
            continue
        for row in held_for_deposits(uow, number):
            # not before the day that its line names
            day = max(days.today(row.billing_group_ident), row.day or dt.date.min)
            release(uow, [row.item_id], instant(day, days.zone(row.billing_group_ident)))
