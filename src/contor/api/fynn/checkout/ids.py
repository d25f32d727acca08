"""Ids of the checkout: links and carts by UUIDs; who orders reaches his cart by the token of its address."""

import datetime as dt
from typing import Final

from contor.api.fynn.ids import uuids
from contor.api.ids import as_uuid, of_uuid
from contor.checkout.links import CART, NEVER, opened
from contor.checkout.queries import CARTS, LINKS, cart_linked
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import Runtime
from contor.runtime.secrets import Linked
from contor.runtime.uow import Uow, not_found

LINK_IDS: Final = uuids(LINKS)
CART_IDS: Final = uuids(CARTS)
RIGHTS: Final = frozenset({"contracts.read", "contracts.write", "customers.read", "payments.read"})


def public_id(uow: Uow, number: int) -> str:
    """What stands in the address of a cart."""
    return uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, CART, number), NEVER)


def buyer(runtime: Runtime, path: dict[str, str], request_id: str) -> Caller:
    """Who holds the address of a cart. Raises UNAUTHENTICATED where nobody made it."""
    link = opened(runtime.secrets, path["id"][:200], runtime.clock())
    if link.kind != CART:
        raise Refused(Kind.UNAUTHENTICATED, Problem("link_unknown", "This link leads to no cart."))
    return Caller("link", request_id, link.tenant_id, permissions=RIGHTS)


def cart_of_token(uow: Uow, token: str) -> str:
    """The ident of the cart that the caller's address leads to."""
    link = opened(uow.runtime.secrets, token[:200], _now(uow))
    if link.tenant_id != uow.ctx.tenant_id:
        raise not_found("cart", token)
    return cart_linked(uow, link.number)


def made_uuid(uow: Uow, kind: str, number: int) -> str:
    """The UUID of a thing of another part of the dialect."""
    return as_uuid(number, f"{uow.ctx.tenant_id}:{kind}")


def number_in(uow: Uow, kind: str, text: str) -> int | None:
    """The number that a UUID of this tenant and kind was made of; None: it is none."""
    return of_uuid(text, f"{uow.ctx.tenant_id}:{kind}")


def _now(uow: Uow) -> dt.datetime:
    return uow.runtime.clock()
