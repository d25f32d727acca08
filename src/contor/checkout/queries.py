"""Carts as they are stored: listed, read, or locked for whoever orders."""

import datetime as dt
from collections.abc import Collection
from typing import Final, NamedTuple

import msgspec

from contor.checkout import tables
from contor.checkout.types import LINK_DAYS, CartContent, CartStatus
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.numbered import Numbered
from contor.runtime.uow import Uow, not_found

LINKS: Final = Numbered("checkout_link", tables.checkout_link)
CARTS: Final = Numbered("cart", tables.checkout_cart)
_READ: Final = msgspec.json.Decoder(CartContent).decode


class CartRow(NamedTuple):
    """A row, its content as JSON text."""

    ident: str
    id: int
    link_ident: str | None
    status: CartStatus
    currency: str
    content: str
    email: str | None
    customer_ident: str | None
    invoice_address_ident: str | None
    payment_account_ident: str | None
    contract_ident: str | None
    order_ident: str | None
    document_id: int | None
    intent_ident: str | None
    expires_at: dt.datetime
    created_at: dt.datetime
    last_modified_at: dt.datetime
    completed_at: dt.datetime | None
    paid_at: dt.datetime | None

    def said(self) -> CartContent:
        return _READ(self.content)

    def status_at(self, now: dt.datetime) -> CartStatus:
        """Whose day is over has expired, whether somebody has written that down or not."""
        return "EXPIRED" if self.status != "COMPLETED" and now >= self.expires_at else self.status


_NAMES = ", ".join(f'"{name}"' if name != "content" else "content::text AS content" for name in CartRow._fields)
_SELECT: Final = f"SELECT {_NAMES} FROM checkout_cart"


def carts_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, CartRow]:
    """Those that exist."""
    return {row.ident: row for row in uow.all(CartRow, f"{_SELECT} WHERE ident = ANY (%s)", (sorted(idents),))}


def cart_named(uow: Uow, ident: str, *, lock: bool = False) -> CartRow:
    """Raises NOT_FOUND."""
    found = uow.first(CartRow, f"{_SELECT} WHERE ident = %s{' FOR UPDATE' if lock else ''}", (ident,))
    if found is None:
        raise not_found("cart", ident)
    return found


class _Linked(NamedTuple):
    ident: str
    created_at: dt.datetime


def cart_linked(uow: Uow, number: int) -> str:
    """The cart that an address leads to. Raises NOT_FOUND; GONE where the address is too old to show anybody's data."""
    found = uow.first(_Linked, "SELECT ident, created_at FROM checkout_cart WHERE id = %s", (number,))
    if found is None:
        raise not_found("cart", number)
    if uow.ctx.now() >= found.created_at + dt.timedelta(days=LINK_DAYS):
        raise Refused(Kind.GONE, Problem("cart_link_over", f"The address of a cart holds for {LINK_DAYS} days."))
    return found.ident


def open_cart(uow: Uow, ident: str) -> CartRow:
    """One that can still be ordered, locked. Raises NOT_FOUND, GONE where its day is over, CONFLICT where it was ordered."""
    found = cart_named(uow, ident, lock=True)
    status = found.status_at(uow.ctx.now())
    if status == "EXPIRED":
        raise Refused(
            Kind.GONE, Problem("cart_expired", "The prices of this cart held for a day, which is over: begin with a new one.")
        )
    if status == "COMPLETED":
        raise Refused(Kind.CONFLICT, Problem("cart_completed", "What is in this cart was ordered."))
    return found


def carts_of_documents(uow: Uow, documents: Collection[int]) -> list[CartRow]:
    """Those whose first document this is, and that are not paid."""
    sql = f"{_SELECT} WHERE document_id = ANY (%s) AND paid_at IS NULL ORDER BY ident FOR UPDATE"
    return uow.all(CartRow, sql, (sorted(documents),))


def carts_of_contracts(uow: Uow, contracts: Collection[str]) -> list[CartRow]:
    """Completed ones that brought no document yet."""
    sql = f"{_SELECT} WHERE contract_ident = ANY (%s) AND status = 'COMPLETED' AND document_id IS NULL ORDER BY ident FOR UPDATE"
    return uow.all(CartRow, sql, (sorted(contracts),))


def carts_of_orders(uow: Uow, customers: Collection[str], orders: Collection[str]) -> list[CartRow]:
    """Completed ones of these customers that brought no document yet."""
    which = "customer_ident = ANY (%s) AND order_ident = ANY (%s) AND status = 'COMPLETED' AND document_id IS NULL"
    return uow.all(CartRow, f"{_SELECT} WHERE {which} ORDER BY ident FOR UPDATE", (sorted(customers), sorted(orders)))


def any_without_document(uow: Uow) -> bool:
    """Whether an order waits for its first document."""
    sql = "SELECT true FROM checkout_cart WHERE status = 'COMPLETED' AND document_id IS NULL AND contract_ident IS NOT NULL LIMIT 1"
    return bool(uow.scalar(bool, sql))
