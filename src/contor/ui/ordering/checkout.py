"""The page on which somebody orders what is in his cart: he says who he is, sees all prices, and orders by one button; once.

In German or English, as the browser asks. No cookie and no script: the address of the cart is the only key. Looking changes nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from contor.checkout.buyers import AskForPassword, ShowPassword, ask_for_password, show_password
from contor.checkout.carts import (
    CartNumbered,
    CartView,
    ChangeQuantity,
    FromLinkNumbered,
    change_quantity,
    create_cart_numbered,
    open_cart_numbered,
)
from contor.checkout.confirming import ConfirmCart, PreviewCart, confirm_cart, preview_cart
from contor.checkout.links import CART, LINK, NEVER, PATH, opened
from contor.checkout.paying import SellerOf, SellerView, get_seller
from contor.checkout.types import OrderBody, QuantityBody
from contor.documents.render import voice_of
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields, replace
from contor.runtime.execute import Runtime, validated
from contor.runtime.secrets import Linked
from contor.ui.ordering.cart_form import CartForm, address_said, kept, payment_said, require_mandate
from contor.ui.ordering.costs import mark_of
from contor.ui.ordering.texts import CHECKOUT_TEXTS
from contor.ui.ordering.vat import vat_heard
from contor.ui.shell import WIDE, Guard, Read, answered, html, said, submitted
from contor.ui.texts import Language

RIGHTS = frozenset({"contracts.read", "contracts.write", "customers.read", "payments.read"})
NOTHING: Mapping[str, str] = {}


def checkout_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language, address: str = "") -> "_Page":
        return _Page(runtime, language, address)

    async def show(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.shown(request.query_params.get("token", "")))

    async def submit(request: Request) -> Response:
        address = request.client.host if request.client is not None else ""

        def of(language: Language) -> "_Page":
            return page(language, address)

        return await submitted(request, guard, read, runtime.config.read_seconds, of, _Page.submitted)

    return [Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


class _Visit(NamedTuple):
    """Who has come to which cart."""

    token: str
    caller: Caller
    cart: CartView
    seller: SellerView


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language, address: str) -> None:
        self.runtime, self.language, self.address = runtime, language, address
        self.texts, self.voice = CHECKOUT_TEXTS[language], voice_of(language)
        self.form = CartForm(language)

    def shown(self, token: str) -> Response:
        """The cart; of a link a new one. Raises UNAUTHENTICATED where the address is none."""
        link = opened(self.runtime.secrets, token[:200], self.runtime.clock())
        if link.kind == LINK:
            made = self.runtime.execute(create_cart_numbered, FromLinkNumbered(link_id=link.number), self._caller(link))
            own = self.runtime.secrets.link_token(Linked(link.tenant_id, CART, made.cart_id), NEVER)
            return RedirectResponse(f"{PATH}?token={own}", 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
        return self._standing(self._visit(token), NOTHING)

    def submitted(self, given: Mapping[str, str]) -> Response:
        """What the button means that was pressed."""
        visit = self._visit(given.get("token", ""))
        does = {
            "quantity": self._changed,
            "review": self._reviewed,
            "order": self._ordered,
            "code": self._known,
            "again": self._asked,
            "ask": self._asked,
        }
        act = does.get(given.get("step", ""), self._standing)
        if visit.cart.status == "COMPLETED":
            return self._done(visit)
        try:
            return act(visit, given)
        except Refused as refused:
            if refused.kind in (Kind.GONE, Kind.NOT_FOUND, Kind.UNAVAILABLE):
                raise
            return self._standing(self._visit(visit.token), given, self._reasons(refused), 400)

    def refused(self, refused: Refused) -> Response:
        """Without a cart to speak of."""
        texts = self.texts
        if refused.kind is Kind.GONE:
            return self._html(texts.title, said(texts.expired), 410)
        if refused.kind is Kind.CONFLICT:  # a link whose items are sold no more
            return self._html(texts.title, said(texts.sold_out), 410)
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return self._html(texts.title, said(texts.gone), 404)
        status = {Kind.TOO_LARGE: 413, Kind.TOO_MANY: 429}.get(refused.kind, 503)
        return self._html(texts.title, said(texts.too_large if status == 413 else texts.not_now), status)

    # the steps

    def _standing(self, visit: _Visit, given: Mapping[str, str], note: str = "", status: int = 200) -> Response:
        cart = visit.cart
        if cart.status == "COMPLETED":
            return self._done(visit)
        if cart.status == "EXPIRED":
            raise Refused(Kind.GONE, Problem("cart_expired", "Its day is over."))
        if cart.status == "CONFIRMING":
            return self._html(self.texts.code_title, note + self.form.code(visit.token, cart, given), status)
        return self._html(self.texts.title, note + self.form.cart(visit.token, cart, visit.seller, given), status)

    def _changed(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        body = validated(QuantityBody, {"quantity": given.get("quantity", ""), "item_ident": given.get("item", "")})
        self.runtime.execute(change_quantity, ChangeQuantity(cart_ident=visit.cart.cart_ident, body=body), visit.caller)
        return self._standing(self._visit(visit.token), given)

    def _reviewed(self, visit: _Visit, given: Mapping[str, str], stale: str = "", status: int = 200) -> Response:
        """All prices, and behind them the button that orders."""
        body = validated(OrderBody, self._order(visit, given))
        require_mandate(given)
        command = PreviewCart(cart_ident=visit.cart.cart_ident, body=body)
        costs = self.runtime.execute(preview_cart, command, visit.caller)
        vat = vat_heard(self.runtime, visit.caller, given, self.texts) if not stale else ""
        content = self.form.review(
            visit.token, visit.cart, visit.seller, costs, {**kept(given), "seen": mark_of(costs, kept(given))}
        )
        return self._html(self.texts.review_title, stale + vat + content, status)

    def _ordered(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        """Once, at the prices that were shown; else they are shown again."""
        body = validated(OrderBody, self._order(visit, given))
        costs = self.runtime.execute(preview_cart, PreviewCart(cart_ident=visit.cart.cart_ident, body=body), visit.caller)
        if given.get("seen") != mark_of(costs, kept(given)):
            return self._reviewed(visit, given, said(self.texts.stale), 409)
        if not given.get("company") and not given.get("agree"):
            return self._reviewed(visit, given, said(self.texts.reasons["agreement_missing"]), 400)
        if costs.coupon is not None:
            body = replace(body, coupon=costs.coupon)  # at the price that was shown, or not at all
        self.runtime.execute(confirm_cart, ConfirmCart(cart_ident=visit.cart.cart_ident, body=body), visit.caller)
        return self._standing(self._visit(visit.token), given)

    def _known(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        """He has shown who he is, and goes on where he was."""
        command = validated(
            ShowPassword, {"cart_ident": visit.cart.cart_ident, "email": given.get("email", ""), "otp": given.get("otp", "")[:32]}
        )
        try:
            self.runtime.execute(show_password, command, visit.caller)
        except Refused as refused:
            if refused.kind is not Kind.UNAUTHENTICATED:
                raise
            content = self._reasons(refused) + self.form.code(visit.token, visit.cart, given)
            return self._html(self.texts.code_title, content, 400)
        return self._reviewed(self._visit(visit.token), given)

    def _asked(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        """A one-time password, by the e-mail alone."""
        command = validated(AskForPassword, {"cart_ident": visit.cart.cart_ident, "email": given.get("email", "")})
        self.runtime.execute(ask_for_password, command, visit.caller)
        return self._html(self.texts.code_title, self.form.code(visit.token, visit.cart, given))

    # what they share

    def _order(self, visit: _Visit, given: Mapping[str, str]) -> Fields:
        """As the order's body."""
        made: Fields = {"email": given.get("email") or None, "language": self.language, "address_seen": self.address[:64] or None}
        address = address_said(given)
        if address.keys() - {"country"} or visit.cart.customer_ident is None:
            made["address"] = address
        if (payment := payment_said(given, self.form.mandate(visit.seller))) is not None:
            made["payment"] = payment
        if given.get("coupon"):
            made["coupon"] = given["coupon"]
        if given.get("agree"):
            made["agreed_text"] = self.form.agreement(visit.seller)
        return made

    def _done(self, visit: _Visit) -> Response:
        return self._html(self.texts.done_title, self.form.done(visit.cart))

    def _reasons(self, refused: Refused) -> str:
        return self.form.reasons(refused.problems)

    def _visit(self, token: str) -> _Visit:
        token = token[:200]
        link = opened(self.runtime.secrets, token, self.runtime.clock())
        if link.kind != CART:
            raise Refused(Kind.UNAUTHENTICATED, Problem("link_unknown", "This link leads to no cart."))
        caller = self._caller(link)
        cart = self.runtime.execute(open_cart_numbered, CartNumbered(cart_id=link.number, language=self.language), caller)
        seller = self.runtime.execute(get_seller, SellerOf(currency=cart.currency), caller)
        return _Visit(token, caller, cart, seller)

    def _caller(self, link: Linked) -> Caller:
        return Caller("link", self.runtime.new_uuid().hex, link.tenant_id, permissions=RIGHTS)

    def _html(self, title: str, content: str, status: int = 200) -> Response:
        return html(self.language, title, content, status, width=WIDE)
