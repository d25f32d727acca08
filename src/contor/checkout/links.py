"""Links that sell: what, how much of it, with which coupon, and what follows."""

import datetime as dt
from typing import Final

from contor.catalogue.coupons.queries import known_coupons
from contor.checkout import tables
from contor.checkout.types import AfterCheckout
from contor.contracts.sold import SoldItem, item_findings
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.execute import validated
from contor.runtime.resource import Resource
from contor.runtime.secrets import Linked, Secrets
from contor.runtime.uow import Uow, not_found

PATH: Final = "/checkout"
LINK, CART = "checkoutlink", "cart"
NEVER: Final = dt.date(9999, 12, 31)
"""A link says itself when it ends: its row does, so that whoever comes late hears that he does (410), and not that it is none."""


def _check(uow: Uow, row: Fields) -> None:
    problems = item_findings(uow, [validated(SoldItem, one) for one in row["items"]], "items")
    after = validated(AfterCheckout, row["after_checkout"])
    if after.action == "REDIRECT" and after.url is None:
        problems.append(Problem("redirect_without_url", "is required where who has ordered is led on", "afterCheckout.url"))
    if after.action == "CONFIRMATION_MESSAGE" and after.confirmation_message is None:
        message = "is required where the action is CONFIRMATION_MESSAGE"
        problems.append(Problem("confirmation_without_message", message, "afterCheckout.confirmationMessage"))
    if row["coupon"] is not None and not known_coupons(uow, [row["coupon"]]):
        problems.append(Problem("coupon_unknown", "does not exist", "coupon", row["coupon"]))
    sql = "SELECT 1 FROM checkout_link WHERE slug = %s AND ident <> %s"
    if row["slug"] is not None and uow.scalar(int, sql, (row["slug"], row["ident"])) is not None:
        problems.append(Problem("slug_taken", "is that of another link", "slug", row["slug"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


CHECKOUT_LINKS: Final = Resource(
    "checkout_link",
    tables.checkout_link,
    permission="contracts",
    keys=("ident",),
    writable=("slug", "name", "items", "options", "after_checkout", "coupon", "metadata", "is_enabled", "expires_at"),
    filterable=("ident", "slug", "name", "is_enabled", "expires_at", "created_at", "last_modified_at"),
    sort="created_at,desc",
    before_create=_check,
    before_update=_check,
)


def address_of_link(uow: Uow, number: int) -> str:
    """Where who follows the link gets a cart: nobody can guess it, and it is the same as long as the link is there."""
    return _address(uow, LINK, number)


def address_of_cart(uow: Uow, number: int) -> str:
    return _address(uow, CART, number)


def _address(uow: Uow, kind: str, number: int) -> str:
    token = uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, kind, number), NEVER)
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}?token={token}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Linked:
    """What the address of a link or cart is for. Raises UNAUTHENTICATED where nobody made it."""
    return secrets.linked(token, (LINK, CART), now)


def selling(uow: Uow, ident: str) -> Fields:
    """A link that sells now. Raises NOT_FOUND; GONE where it is switched off or over."""
    found = CHECKOUT_LINKS.find(uow, (ident,))
    if found is None:
        raise not_found("checkout_link", ident)
    if not found["is_enabled"] or (found["expires_at"] is not None and uow.ctx.now() >= found["expires_at"]):
        raise Refused(Kind.GONE, Problem("checkout_link_over", "This link sells nothing any more."))
    return found
