"""Read orders, and say to the billing engine whom and how to bill."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.billing.items import DEPOSIT_EXPECTED, READERS, Header, Holder, ReceivedDeposit, documents_of, items_where
from contor.billing.proposal import header_of
from contor.contracts.queries import contract_by_ident, plans_of
from contor.contracts.types import Contract, Places, home_at
from contor.customers.queries import address_at
from contor.documents.judge import DEFAULT_TERM, OF_DOCUMENT, references_in
from contor.documents.matters import deposit_invoices, lock_matters
from contor.documents.types import PAID_BEFORE, Location
from contor.kernel.errors import Kind, Problem, Refused
from contor.orders.types import HolderType, OrderContent
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import USUAL
from contor.settings.queries import billing_groups, default_site, group_terms, sites

_READ = msgspec.json.Decoder(OrderContent).decode
_SELECT = (
    "SELECT contract_id, order_ident, customer_ident, business_segment_ident, billing_group_ident, currency, ordered_on, status,"
    f" content::text AS content, created_at, {address_at('sales_order')} AS address FROM sales_order"
)


class Order(NamedTuple):
    """An order as it is stored."""

    contract_id: int
    order_ident: str
    customer_ident: str
    business_segment_ident: str
    billing_group_ident: str
    currency: str
    ordered_on: dt.date
    status: str
    content: OrderContent
    created_at: dt.datetime
    address: Sequence[str | None]

    @property
    def home(self) -> Location:
        """Where it is supplied and taxed, unless a line says otherwise: at its address, as that is now."""
        return self.content.home or home_at(*self.address)


class OrderRow(NamedTuple):
    """A row of `sales_order`, its content as JSON text, which is decoded once, into its own shape."""

    contract_id: int
    order_ident: str
    customer_ident: str
    business_segment_ident: str
    billing_group_ident: str
    currency: str
    ordered_on: dt.date
    status: str
    content: str
    created_at: dt.datetime
    address: Sequence[str | None]


def _order(row: OrderRow) -> Order:
    return Order(*row[:8], _READ(row.content), *row[9:])


def orders_by_id(uow: Uow, numbers: Collection[int]) -> dict[int, Order]:
    rows = uow.all(OrderRow, f"{_SELECT} WHERE contract_id = ANY (%s)", (sorted(numbers),))
    return {row.contract_id: _order(row) for row in rows}


def order_by_ident(uow: Uow, ident: str) -> Order:
    """Raises NOT_FOUND."""
    row = uow.first(OrderRow, f"{_SELECT} WHERE order_ident = %s", (ident,))
    if row is None:
        raise not_found("order", ident, "ident")
    return _order(row)


def header_of_order(order: Order, deposits: bool, usual: str | None) -> Header:
    """`usual`: the default site, which supplies what names no other."""
    content, payment = order.content, order.content.payment_information
    return Header(
        order.customer_ident,
        order.billing_group_ident,
        content.invoice_address_ident,
        content.shipping_address_ident,
        content.operating_site_ident or usual,
        order.currency,
        content.language,
        payment.payment_type,
        payment.payment_reference,
        payment.customer_payment_account_ident,
        content.payment_term or DEFAULT_TERM,
        order.order_ident if deposits else None,
        payment.payment_control == "CHARGE" and payment.payment_status in ("OPEN", "PARTIALPAID"),
        (*references_in(OF_DOCUMENT, content.properties), *((PAID_BEFORE,) if payment.payment_status == "PAID" else ())),
    )


def _holders(uow: Uow, numbers: Collection[int]) -> Mapping[int, Holder]:
    """The orders with their deposit invoices that no final invoice has deducted yet."""
    sql = "SELECT DISTINCT contract_id FROM agreed_deposit WHERE contract_id = ANY (%s)"
    agreed = set(uow.column(int, sql, (sorted(numbers),)))
    orders, usual = orders_by_id(uow, numbers), default_site(uow)
    groups = billing_groups(uow, {order.billing_group_ident for order in orders.values()}) if agreed else {}
    moving = {ident for ident, group in groups.items() if group.final_invoice_method == "REVERSAL"}
    open_ones: dict[int, list[ReceivedDeposit]] = defaultdict(list)
    # a run that bills them deducts what is received now: who pays or corrects one of them has committed, or waits
    for row in deposit_documents(uow, agreed, locked=True):
        # of one that was corrected as a whole nothing is left to close; what was received for it stands to the customer's credit, or moves
        moves = row.received and orders[row.contract_id].billing_group_ident in moving
        if row.final_document_id is None and (moves or not row.corrected):
            open_ones[row.contract_id].append(ReceivedDeposit(row.ident, row.received, with_company(uow, row.operating_site_ident)))
    return {
        number: Holder(
            order.order_ident,
            order.business_segment_ident,
            header_of_order(order, number in agreed, usual),
            Places(order.home, order.home),
            tuple(open_ones[number]),
            order.ordered_on,
        )
        for number, order in orders.items()
    }


READERS.append(_holders)  # billing lies below and cannot ask for orders (docs/decisions/0012)


def with_company(uow: Uow, ident: str) -> frozenset[str]:
    """The sites that are one company with this one."""
    known = sites(uow)
    return frozenset(
        {site.ident for site in known.values() if ident in known and site.legal_entity == known[ident].legal_entity} | {ident}
    )


def supplying_site(uow: Uow, holding: "Holding", named: Collection[str | None], path: str) -> tuple[str | None, list[Problem]]:
    """The site of an order's lines (`named`), where one company supplies all of them: it asks for the order's deposits."""
    usual = holding.holder.header.operating_site_ident
    found = sorted({site for ident in named if (site := ident or usual) is not None})
    if not found or with_company(uow, found[0]).issuperset(found):
        return usual if not found or usual in found else found[0], []
    message = (
        f"is of several companies ({' and '.join(found)}), each of which asks for what it supplies and"
        " deducts it: agree the deposits with the line items"
    )
    return None, [Problem("deposit_of_several_companies", message, path)]


class NamedSite(NamedTuple):
    """The site that a line names, and its item."""

    ident: str | None
    item_id: int


def sites_of_lines(uow: Uow, number: int, line_item: str = "") -> list[str | None]:
    """The sites that supply an order's lines, or one of them; None: the order's."""
    line = "contract_id = %s AND kind = 'LINE_ITEM' AND cancelled_at IS NULL AND %s IN ('', ident)"
    sql = f"SELECT content ->> 'operating_site_ident' AS ident, item_id FROM line_item WHERE {line}"
    rows = uow.all(NamedSite, sql, (number, line_item))
    items = items_where(uow, "i.item_id = ANY (%s)", ([row.item_id for row in rows],))
    then = {item.row.item_id: item.content.operating_site_ident for item in items}
    return list({row.ident or then.get(row.item_id) for row in rows})


class HeldItem(NamedTuple):
    """An item that waits for deposits, and the day that its line names."""

    item_id: int
    billing_group_ident: str
    day: dt.date | None


def held_for_deposits(uow: Uow, number: int) -> list[HeldItem]:
    """The items of an order that wait until its deposits are paid."""
    return uow.all(
        HeldItem,
        "SELECT i.item_id, i.billing_group_ident, (l.content -> 'processing_config' ->> 'date')::date AS day"
        " FROM billable_item i LEFT JOIN line_item l ON l.tenant_id = i.tenant_id AND l.contract_id = i.contract_id"
        " AND l.kind = i.kind AND l.ident = i.origin_ident"
        " WHERE i.contract_id = %s AND i.processing_status = 'NOT_STARTED' AND i.status_reason = %s ORDER BY i.item_id",
        (number, DEPOSIT_EXPECTED),
    )


class DepositRow(NamedTuple):
    """An agreed deposit with the document or the item by which it is invoiced."""

    contract_id: int
    ident: str
    document_id: int | None
    item_id: int | None


class DepositPaper(NamedTuple):
    """An agreed deposit with the document by which it is invoiced."""

    contract_id: int
    deposit_ident: str
    ident: str
    settled: bool  # nothing of it is open: it was paid, or corrected
    received: Decimal
    final_document_id: int | None
    """The final invoice that deducted it."""
    corrected: bool
    operating_site_ident: str


def deposit_documents(uow: Uow, numbers: Collection[int], *, locked: bool = False) -> list[DepositPaper]:
    """Of the agreed deposits that are invoiced, in the order of orders and positions."""
    if not numbers:
        return []
    sql = f"SELECT {columns(DepositRow)} FROM agreed_deposit WHERE contract_id = ANY (%s) ORDER BY contract_id, position"
    agreed = uow.all(DepositRow, sql, (sorted(numbers),))
    by_item = documents_of(uow, {row.item_id for row in agreed if row.item_id is not None})
    invoiced = [(row, row.document_id or (by_item.get(row.item_id) if row.item_id is not None else None)) for row in agreed]
    ids = {document for _, document in invoiced if document is not None}
    if locked:
        lock_matters(uow, ids)
    papers = deposit_invoices(uow, ids)
    return [
        DepositPaper(row.contract_id, row.ident, *paper[1:])
        for row, document in invoiced
        if document is not None and (paper := papers.get(document)) is not None
    ]


def is_waiting_for_deposits(uow: Uow, number: int) -> bool:
    """Whether a deposit of the order is still to be paid."""
    agreed = uow.scalar(int, "SELECT count(*) FROM agreed_deposit WHERE contract_id = %s", (number,)) or 0
    # one that is not invoiced yet has no paper, and is not paid
    return agreed > 0 and sum(1 for row in deposit_documents(uow, [number]) if row.settled) < agreed


class Holding(NamedTuple):
    """An order or a contract to which line items belong, locked against the billing run until the end of the transaction."""

    number: int
    type: HolderType
    holder: Holder
    currency: str
    home: Location
    language: str
    on_demand: bool
    bills_deposits: bool
    unit: Decimal | None = None
    """To what the billing group rounds amounts; None: to the currency's smallest."""


def held(uow: Uow, kind: HolderType, ident: str) -> Holding:
    """Raises NOT_FOUND; CONFLICT for one that is cancelled."""
    if kind == "CONTRACT":
        uow.lock("billing", [contract_by_ident(uow, ident).customer_ident])
        contract = contract_by_ident(uow, ident)  # as it stands now that no run and no one else changes it
        if contract.end_kind == "CANCELLED":
            raise Refused(Kind.CONFLICT, Problem("contract_cancelled", "The contract was cancelled."))
        return _of_contract(uow, contract)
    order = order_by_ident(uow, ident)
    uow.lock("billing", [order.customer_ident])
    order = order_by_ident(uow, ident)
    if order.status == "CANCELLED":
        raise Refused(Kind.CONFLICT, Problem("order_cancelled", "The order was cancelled."))
    return of_order(uow, order)


def of_order(uow: Uow, order: Order) -> Holding:
    content, number = order.content, order.contract_id
    (holder,) = _holders(uow, [number]).values()
    on_demand, unit = content.billing_time == "ON_DEMAND", _unit(uow, order.billing_group_ident, order.currency)
    return Holding(number, "ORDER", holder, order.currency, order.home, content.language, on_demand, content.bills_deposits, unit)


def _of_contract(uow: Uow, contract: Contract) -> Holding:
    plan, places = plans_of(uow, [contract])[contract.contract_id], contract.places
    header, currency = header_of(contract, plan, default_site(uow)), plan.content.currency
    holder = Holder(contract.contract_ident, contract.business_segment_ident, header, places)
    unit = _unit(uow, contract.billing_group_ident, currency)
    number, language = contract.contract_id, contract.content.language
    return Holding(number, "CONTRACT", holder, currency, places.tax_location, language, False, False, unit)


def _unit(uow: Uow, billing_group_ident: str, currency: str) -> Decimal | None:
    return group_terms(uow).get(billing_group_ident, USUAL).units.get(currency)


def number_of(uow: Uow, kind: HolderType, ident: str) -> int:
    """Raises NOT_FOUND."""
    return contract_by_ident(uow, ident).contract_id if kind == "CONTRACT" else order_by_ident(uow, ident).contract_id
