"""A coupon that a link brings and that holds no more: who orders is told, and orders without it."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.checkouts import LinkSeller

from contor.checkout.confirming import CartCosts, PreviewCart, preview_cart
from contor.checkout.types import OrderBody
from contor.kernel.errors import Refused
from contor.runtime.execute import validated

D = Decimal


def with_coupon(seller: LinkSeller, **more: Any) -> str:
    said = {"code": "HALF", "name": "Half", "type": "PERCENTAGE", "percentage": 50, "duration": "ONCE", **more}
    seller.call("POST", "/v2/coupons", said, 201)
    return "HALF"


def looked(seller: LinkSeller, cart: str, **said: Any) -> CartCosts:
    costs: CartCosts = seller.tenant.execute(preview_cart, PreviewCart(cart_ident=cart, body=validated(OrderBody, said)))
    return costs


def now(costs: CartCosts) -> list[Decimal]:
    return [one.totals.payable for one in costs.costs.now]


def test_used_up_it_is_sold_without_and_says_so(seller: LinkSeller) -> None:
    code = with_coupon(seller, limitTotal=1)
    carts = [seller.cart(coupon=code, options={"allow_coupons": False}) for _ in range(2)]
    costs = looked(seller, carts[1])
    assert (now(costs), costs.coupon, costs.lost_coupon) == ([D("17.85")], code, None)
    seller.order(carts[0])
    first = seller.found(carts[0])
    assert (first.coupon, first.lost_coupon) == (code, None)
    found = seller.found(carts[1])
    assert (found.coupon, found.lost_coupon) == (None, code)
    costs = looked(seller, carts[1])
    assert (now(costs), costs.coupon, costs.lost_coupon) == ([D("35.70")], None, code)
    with pytest.raises(Refused) as wanted:
        seller.order(carts[1], email="max@muster.example", coupon=code)
    assert [one.code for one in wanted.value.problems] == ["coupon_used_up"], "who names it himself wants it"
    seller.order(carts[1], email="max@muster.example")
    found = seller.found(carts[1])
    assert (found.status, found.coupon, found.lost_coupon) == ("COMPLETED", None, code)
    assert [row.gross for row in seller.tenant.rows("SELECT gross FROM document ORDER BY id")] == [D("17.85"), D("35.70")]
    seller.sound()


def test_withdrawn_or_of_no_plan_too(seller: LinkSeller) -> None:
    code = with_coupon(seller)
    carts = [seller.cart(coupon=code), seller.cart({"type": "PRODUCT", "ident": "help"}, coupon=code)]
    seller.call("POST", f"/v2/coupons/{code}/actions/withdraw", {})
    for number, cart in enumerate(carts):
        assert seller.found(cart).lost_coupon == code
        seller.order(cart, email=f"max{number}@muster.example")
        assert seller.found(cart).lost_coupon == code
    assert seller.found(seller.cart(coupon=code)).lost_coupon == code, "a new cart says it at once"


def test_customers_get_the_next_number(seller: LinkSeller) -> None:
    cart = seller.cart()
    seller.order(cart)
    assert (seller.found(cart).customer_ident or "").startswith("C-0")
