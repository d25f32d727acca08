"""Read, change, release and cancel orders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from contor.billing.items import FAILED_ITEMS, Stored, document_ids, release, stored_items
from contor.billing.runs import retry_items
from contor.catalogue.types import CatalogueProperty
from contor.contracts.calendar import instant
from contor.contracts.change import IdentList
from contor.customers.places import address_findings
from contor.customers.queries import home_at
from contor.documents.matters import deposit_invoices
from contor.documents.types import PaymentTerm
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import partial, said
from contor.kernel.shapes import Ident, Language, replace, shape
from contor.orders import tables
from contor.orders.attachments import attachment_views
from contor.orders.change_lines import cancel_items
from contor.orders.line_views import allowance_views, deposit_views, line_views
from contor.orders.queries import Order, held, order_by_ident, orders_by_id
from contor.orders.told import OrdersCancelled, OrdersUpdated
from contor.orders.types import OrderContent, OrderPayment, OrderView
from contor.payments.customer_accounts import payment_account_findings
from contor.runtime.db import ENCODER
from contor.runtime.execute import changed
from contor.runtime.query import ListQuery, Page, any_named, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import language_in

ORDERS = searchable(
    tables.sales_order,
    OrderView,
    (
        "contract_id",
        "order_ident",
        "customer_ident",
        "business_segment_ident",
        "billing_group_ident",
        "currency",
        "ordered_on",
        "status",
        "created_at",
        "last_modified_at",
    ),
    default_sort="contract_id,desc",
    content=("content", OrderContent),
    places={"debtor_ident": "customer_ident", "order_date": "ordered_on"},
)

ORDERS.fields["line_items.status_reason"] = any_named(tables.sales_order.c.contract_id, FAILED_ITEMS, "contract_id", "code")


@shape
class OneOrder:
    order_ident: str


@dataclass(frozen=True, slots=True)
class ListOrders:
    query: ListQuery


@shape
class OrderTerms:
    """What can still be changed of an order: how the next bill goes out."""

    invoice_address_ident: Ident
    language: Language | None = None
    shipping_address_ident: Ident | None = None
    payment_information: OrderPayment = OrderPayment()
    payment_term: PaymentTerm | None = None
    properties: Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)] = ()


OrderPatch: Any = partial(OrderTerms, "OrderPatch")
"""What is left out stays, null unsets; things are changed in part, lists are replaced whole (RFC 7396)."""


@shape
class UpdateOrder:
    order_ident: str
    body: OrderPatch


@shape
class CancelOrders:
    body: IdentList


@operation("order.get", permission="contracts.read", reads=True)
def get_order(uow: Uow, command: OneOrder) -> OrderView:
    """One order with everything that belongs to it."""
    return view_of(uow, order_by_ident(uow, command.order_ident))


@operation("order.list", permission="contracts.read", reads=True)
def list_orders(uow: Uow, command: ListOrders) -> Page:
    """Orders, with everything that belongs to them."""

    def read(ids: list[int]) -> dict[int, OrderView]:
        return {number: view_of(uow, order) for number, order in orders_by_id(uow, ids).items()}

    return listed_by_key(uow, tables.sales_order, command.query, ORDERS, "contract_id", read)


@operation("order.update", permission="contracts.write")
def update_order(uow: Uow, command: UpdateOrder) -> OrderView:
    """Change what the next bill needs; what is billed stays."""
    held(uow, "ORDER", command.order_ident)  # nobody bills or changes it from here on
    order, patch = order_by_ident(uow, command.order_ident), said(command.body)
    terms = changed(OrderTerms, order.content, patch)
    problems = address_findings(uow, order.customer_ident, terms.invoice_address_ident, terms.shipping_address_ident)
    if "payment_information" in patch:
        payment = terms.payment_information
        problems += payment_account_findings(uow, order.customer_ident, payment.customer_payment_account_ident)
        problems += card_findings(payment)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    given = {name: getattr(terms, name) for name in patch}
    if "language" in given:
        home = home_at(uow, order.customer_ident, terms.shipping_address_ident or terms.invoice_address_ident)
        assert home is not None  # the addresses are the customer's
        given["language"] = language_in(uow, order.billing_group_ident, home.country, terms.language, home.language)
    uow.run(
        "UPDATE sales_order SET content = %s, last_modified_at = %s WHERE contract_id = %s",
        (ENCODER.encode(replace(order.content, **given)).decode(), uow.ctx.now(), order.contract_id),
    )
    uow.audit("order", order.order_ident, {"before": order.content, "after": given})
    uow.emit(OrdersUpdated(order_idents=(order.order_ident,)))
    return view_of(uow, order_by_ident(uow, command.order_ident))


@operation("order.prepare_documents", permission="contracts.write")
def prepare_documents(uow: Uow, command: OneOrder) -> OrderView:
    """The next run bills everything of the order that is not billed; what was received of its deposits is deducted, their rest closed."""
    holding = held(uow, "ORDER", command.order_ident)
    # what waits has no instant (docs/decisions/0012)
    waiting = [
        stored.row.item_id for stored in stored_items(uow, "i.contract_id = %s", holding.number) if stored.row.processing_at is None
    ]
    release(uow, waiting, instant(uow.ctx.today(), uow.ctx.zone))
    uow.audit("order", command.order_ident, {"released": len(waiting)})
    return view_of(uow, order_by_ident(uow, command.order_ident))


@operation("order.retry", permission="contracts.write")
def retry(uow: Uow, command: OneOrder) -> OrderView:
    """Items of an order that failed are taken by the next run; its customer is no longer left out."""
    order = order_by_ident(uow, command.order_ident)
    count = retry_items(uow, order.contract_id, order.customer_ident)
    uow.audit("order", order.order_ident, {"retried": count})
    return view_of(uow, order)


@operation("order.cancel", permission="contracts.write")
def cancel_order(uow: Uow, command: OneOrder) -> None:
    """Nothing more of the order is billed; what was is credited, its deposit invoices are corrected. Where a final invoice deducted them
    it is credited: what was received is an open item in the customer's favour."""
    _cancel(uow, [command.order_ident])


@operation("order.cancel_batch", permission="contracts.write")
def cancel_orders(uow: Uow, command: CancelOrders) -> None:
    """As `cancel`, for many: all or none."""
    _cancel(uow, command.body.idents)


# helpers in calling order


def card_findings(payment: OrderPayment) -> list[Problem]:
    """The kind of a card is said of what is paid by card."""
    if payment.card_type is None or "CARD" in payment.payment_type.upper():
        return []
    message = f"is {payment.card_type}, but paymentType is {payment.payment_type}: that is no card"
    return [Problem("card_type_not_expected", message, "paymentInformation.cardType", payment.card_type)]


class Ordered(NamedTuple):
    """An order, and who is billed by it."""

    order_ident: str
    customer_ident: str


def _cancel(uow: Uow, idents: Sequence[str]) -> None:
    rows = uow.all(Ordered, f"SELECT {columns(Ordered)} FROM sales_order WHERE order_ident = ANY (%s)", (list(idents),))
    found = {row.order_ident for row in rows}
    if missing := [ident for ident in idents if ident not in found]:
        message = "No order {!r} exists."
        raise Refused(Kind.NOT_FOUND, *[Problem("order_not_found", message.format(i[:100]), None, i) for i in missing])
    problems = []
    uow.lock("billing", {row.customer_ident for row in rows})  # a run that issues their final invoices now commits first
    for index, ident in enumerate(idents):
        order = order_by_ident(uow, ident)
        path = f"idents[{index}]" if len(idents) > 1 else None
        if order.status == "CANCELLED":
            problems.append(Problem("order_cancelled", "The order was cancelled already.", path, ident))
    if problems:
        raise Refused(Kind.CONFLICT, *problems)
    for ident in dict.fromkeys(idents):
        number = held(uow, "ORDER", ident).number
        cancel_items(uow, _without_deducted(uow, stored_items(uow, "i.contract_id = %s", number)), "the order was cancelled")
        now = uow.ctx.now()
        uow.run("UPDATE line_item SET cancelled_at = %s WHERE contract_id = %s AND cancelled_at IS NULL", (now, number))
        uow.run("UPDATE sales_order SET status = 'CANCELLED', last_modified_at = %s WHERE contract_id = %s", (now, number))
        uow.audit("order", ident, {"cancelled": True})
    uow.emit(OrdersCancelled(order_idents=tuple(dict.fromkeys(idents))))


def _without_deducted(uow: Uow, items: Sequence[Stored]) -> list[Stored]:
    """Without the deposits that a final invoice deducted: its credit takes back what was taxed with them, too (whatever the method), and
    what was received is the customer's by it. Their tax would be taken back twice."""
    deposits = deposit_invoices(uow, document_ids(stored for stored in items if stored.row.kind == "DEPOSIT"))
    deducted = {number for number, deposit in deposits.items() if deposit.final_document_id is not None}
    return [stored for stored in items if stored.row.document_id not in deducted]


def view_of(uow: Uow, order: Order) -> OrderView:
    content, number = order.content, order.contract_id
    return OrderView(
        contract_id=number,
        order_ident=order.order_ident,
        debtor_ident=order.customer_ident,
        invoice_address_ident=content.invoice_address_ident,
        shipping_address_ident=content.shipping_address_ident,
        operating_site_ident=content.operating_site_ident,
        billing_time=content.billing_time,
        status="CANCELLED" if order.status == "CANCELLED" else "OPEN",
        business_segment_ident=order.business_segment_ident,
        billing_group_ident=order.billing_group_ident,
        currency=order.currency,
        language=content.language,
        order_date=order.ordered_on,
        created_at=order.created_at,
        line_items=tuple(line_views(uow, number, None)),
        allowances=tuple(allowance_views(uow, number, None)),
        agreed_deposits=tuple(deposit_views(uow, number, None)),
        attachments=tuple(attachment_views(uow, number)),
        payment_information=content.payment_information,
        payment_term=content.payment_term,
        properties=content.properties,
    )


class _Segment(NamedTuple):
    ident: str
    segment: str


def segments_of_orders(uow: Uow, idents: Collection[str]) -> dict[str, str]:
    """The business segment of each of these orders."""
    sql = "SELECT order_ident AS ident, business_segment_ident AS segment FROM sales_order WHERE order_ident = ANY (%s)"
    return dict(uow.all(_Segment, sql, (sorted(idents),))) if idents else {}
