"""Carts as the tenant sees them."""

from dataclasses import replace
from typing import Final

from contor.api.fynn.checkout.answers import CartShown
from contor.api.fynn.checkout.shown import cart_shown
from contor.api.route import By, Sought
from contor.checkout.carts import CartView, ListCarts, OneCart, get_cart, list_carts
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow

STATUSES: Final = ("open", "confirming", "redirect_to_payment", "expired", "completed")
SOUGHT: Final = Sought(
    by={
        "status": By(field="status", words={one: one.upper() for one in STATUSES}),
        "customerEmail": By(field="email"),
        "createdAt": By(field="created_at", form="INSTANT"),
        "completedAt": By(field="completed_at", form="INSTANT"),
    },
    order={"createdAt": "created_at", "completedAt": "completed_at"},
)


@shape
class FynnCart:
    id: str


@shape
class FynnCarts:
    query: ListQuery


@operation("fynn.cart_list", permission="contracts.read", reads=True)
def list_fynn_carts(uow: Uow, command: FynnCarts) -> Page:
    """The latest first."""
    found = list_carts(uow, ListCarts(query=command.query))
    shown = tuple(cart_shown(uow, one) for one in found.items if isinstance(one, CartView))
    return replace(found, items=shown)


@operation("fynn.cart_get", permission="contracts.read", reads=True)
def get_fynn_cart(uow: Uow, command: FynnCart) -> CartShown:
    """One cart, and what became of it."""
    return cart_shown(uow, get_cart(uow, OneCart(cart_ident=command.id)))
