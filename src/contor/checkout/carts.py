"""Carts: made of a link, looked at, changed, and left alone when their day is over."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Final

from contor.checkout import tables
from contor.checkout.coupons import lost_coupons
from contor.checkout.links import selling
from contor.checkout.queries import CartRow, cart_linked, cart_named, carts_by_ident, open_cart
from contor.checkout.types import (
    HOURS,
    AfterCheckout,
    CartContent,
    CartStatus,
    Consent,
    LinkOptions,
    QuantityBody,
)
from contor.contracts.sold import FrozenItem, SoldItem, called_in, frozen_items, quantity_problems
from contor.customers.types import Property
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import AMOUNT_LIMIT
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Language, replace, shape
from contor.kernel.work import Work, work
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime, validated
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

EXPIRING: Final = "checkout_carts"
"""The work that writes down which carts have expired."""
_MOST: Final = AMOUNT_LIMIT / 2
"""What a cart comes to before taxes: nobody could even be shown what more costs."""
WAITING: Final = ("OPEN", "CONFIRMING", "REDIRECT_TO_PAYMENT")


@shape
class CartView:
    """A cart as it is shown."""

    cart_ident: str
    cart_id: int
    link_ident: str | None
    status: CartStatus
    currency: str
    items: tuple[FrozenItem, ...]
    options: LinkOptions
    after_checkout: AfterCheckout
    coupon: str | None
    lost_coupon: str | None
    """The one that its link brings and that holds no more: it is sold without."""
    metadata: tuple[Property, ...]
    consents: tuple[Consent, ...]
    email: str | None
    customer_ident: str | None
    invoice_address_ident: str | None
    payment_account_ident: str | None
    contract_ident: str | None
    order_ident: str | None
    document_id: int | None
    payment_intent_ident: str | None
    expires_at: dt.datetime
    created_at: dt.datetime
    last_modified_at: dt.datetime
    completed_at: dt.datetime | None
    paid_at: dt.datetime | None


@shape
class FromLink:
    link_ident: Ident


@shape
class FromLinkNumbered:
    link_id: int


@shape
class OneCart:
    cart_ident: str


@shape
class CartNumbered:
    cart_id: int
    language: Language | None = None
    """In which its items are called, where the catalogue says it."""


@shape
class ListCarts:
    query: ListQuery


@shape
class ChangeQuantity:
    cart_ident: str
    body: QuantityBody


@shape
class ExpireCarts:
    limit: int = 1_000


CART_LIST: Final = searchable(
    tables.checkout_cart,
    CartView,
    ("id", "status", "currency", "email", "customer_ident", "contract_ident", "created_at", "last_modified_at", "completed_at"),
    default_sort="created_at,desc",
    places={"cart_ident": "ident", "cart_id": "id"},
)


@operation("cart.create", permission="contracts.write")
def create_cart(uow: Uow, command: FromLink) -> CartView:
    """What the link sells, at the prices of this moment, for a day."""
    link = selling(uow, command.link_ident)
    items, currency = frozen_items(uow, [validated(SoldItem, one) for one in link["items"]])
    now, ident, number = uow.ctx.now(), str(uow.new_uuid()), uow.next_id()
    content = CartContent(
        items=items,
        options=validated(LinkOptions, link["options"]),
        after=validated(AfterCheckout, link["after_checkout"]),
        coupon=link["coupon"],
        metadata=tuple(validated(Property, one) for one in link["metadata"]),
    )
    row = {
        "ident": ident,
        "id": number,
        "link_ident": link["ident"],
        "status": "OPEN",
        "currency": currency,
        "content": content,
        "expires_at": now + dt.timedelta(hours=HOURS),
        "created_at": now,
        "last_modified_at": now,
    }
    uow.insert(tables.checkout_cart, [row])
    uow.audit("cart", ident, {"created": link["ident"]})
    uow.mark(EXPIRING, HOURS * 3600 + 60)
    return cart_view(uow, cart_named(uow, ident))


@operation("cart.create_from_address", permission="contracts.write")
def create_cart_numbered(uow: Uow, command: FromLinkNumbered) -> CartView:
    """For who followed the link. Raises NOT_FOUND where it was deleted."""
    sql = "SELECT ident FROM checkout_link WHERE id = %s"
    ident = uow.scalar(str, sql, (command.link_id,))
    if ident is None:
        raise not_found("checkout_link", command.link_id)
    return create_cart(uow, FromLink(link_ident=ident))


@operation("cart.get", permission="contracts.read", reads=True)
def get_cart(uow: Uow, command: OneCart) -> CartView:
    """One cart, and what became of it."""
    return cart_view(uow, cart_named(uow, command.cart_ident))


@operation("cart.open", permission="contracts.read", reads=True)
def open_cart_numbered(uow: Uow, command: CartNumbered) -> CartView:
    """For who has its address."""
    found = cart_view(uow, cart_named(uow, cart_linked(uow, command.cart_id)))
    return found if command.language is None else replace(found, items=called_in(uow, found.items, command.language))


@operation("cart.list", permission="contracts.read", reads=True)
def list_carts(uow: Uow, command: ListCarts) -> Page:
    """The latest first."""
    return listed_by_key(uow, tables.checkout_cart, command.query, CART_LIST, "ident", lambda idents: cart_views(uow, idents))


@operation("cart.change_quantity", permission="contracts.write")
def change_quantity(uow: Uow, command: ChangeQuantity) -> CartView:
    """Buy more or less of something, where the link lets who buys decide."""
    cart, body = open_cart(uow, command.cart_ident), command.body
    content = cart.said()
    ident = body.item_ident if body.item_ident is not None else content.items[0].ident if len(content.items) == 1 else None
    item = next((one for one in content.items if one.ident == ident), None)
    problems = []
    if not content.options.quantity_editable:
        problems.append(Problem("quantity_fixed", "The link says how much is bought.", "quantity", body.quantity))
    if item is None:
        problems.append(Problem("cart_item_unknown", "names no item of the cart", "itemIdent", body.item_ident))
    else:
        problems += quantity_problems(uow, item, body.quantity)
    if problems or item is None:
        raise Refused(Kind.INVALID, *problems)
    changed = tuple(replace(one, quantity=body.quantity) if one is item else one for one in content.items)
    if sum(one.quantity * (Decimal(1) if one.unit_price is None else one.unit_price) for one in changed) >= _MOST:
        raise Refused(Kind.INVALID, Problem("quantity_too_large", "comes to more than a document bills", "quantity", body.quantity))
    write_cart(uow, cart, content=replace(content, items=changed))
    return cart_view(uow, cart_named(uow, cart.ident))


@operation("cart.expire", permission="contracts.write")
def expire_carts(uow: Uow, command: ExpireCarts) -> dt.datetime | None:
    """Write down whose day is over; when the next one's is."""
    sql = (
        "SELECT ident FROM checkout_cart WHERE status IN ('OPEN', 'CONFIRMING', 'REDIRECT_TO_PAYMENT') AND expires_at <= %s"
        " ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    for cart in carts_by_ident(uow, uow.column(str, sql, (uow.ctx.now(), command.limit))).values():
        write_cart(uow, cart, status="EXPIRED")
    sql = "SELECT min(expires_at) FROM checkout_cart WHERE status IN ('OPEN', 'CONFIRMING', 'REDIRECT_TO_PAYMENT')"
    return uow.scalar(dt.datetime, sql)


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    return runtime.execute(expire_carts, ExpireCarts(), caller(EXPIRING, tenant_id))


every_tenant(work(Work(name=EXPIRING, look=look)), every=dt.timedelta(days=1))


def write_cart(uow: Uow, cart: CartRow, **values: object) -> None:
    """The columns that change."""
    values = {**values, "last_modified_at": uow.ctx.now()}
    stored = {name: ENCODER.encode(value).decode() if name == "content" else value for name, value in values.items()}
    names = ", ".join(f"{name} = %({name})s" for name in stored)
    uow.run(f"UPDATE checkout_cart SET {names} WHERE ident = %(ident)s", {**stored, "ident": cart.ident})
    told = {name: value for name, value in values.items() if name != "last_modified_at"}
    uow.audit("cart", cart.ident, {"after": told})


def cart_views(uow: Uow, idents: Collection[str]) -> dict[str, CartView]:
    rows = list(carts_by_ident(uow, idents).values())
    lost = lost_coupons(uow, rows)
    return {row.ident: _view(uow, row, lost) for row in rows}


def cart_view(uow: Uow, row: CartRow) -> CartView:
    return _view(uow, row, lost_coupons(uow, [row]))


def _view(uow: Uow, row: CartRow, lost: Collection[str]) -> CartView:
    content = row.said()
    is_lost = content.coupon in lost and row.status != "COMPLETED"
    return CartView(
        cart_ident=row.ident,
        cart_id=row.id,
        link_ident=row.link_ident,
        status=row.status_at(uow.ctx.now()),
        currency=row.currency,
        items=content.items,
        options=content.options,
        after_checkout=content.after,
        coupon=None if is_lost else content.coupon,
        lost_coupon=content.coupon if is_lost else content.lost_coupon,
        metadata=content.metadata,
        consents=content.consents,
        email=row.email,
        customer_ident=row.customer_ident,
        invoice_address_ident=row.invoice_address_ident,
        payment_account_ident=row.payment_account_ident,
        contract_ident=row.contract_ident,
        order_ident=row.order_ident,
        document_id=row.document_id,
        payment_intent_ident=row.intent_ident,
        expires_at=row.expires_at,
        created_at=row.created_at,
        last_modified_at=row.last_modified_at,
        completed_at=row.completed_at,
        paid_at=row.paid_at,
    )
