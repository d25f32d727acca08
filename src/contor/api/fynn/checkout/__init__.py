"""Checkout: links that sell, carts, and what who orders does without a key."""

from dataclasses import replace

from contor.api.fynn.checkout.answers import CartShown, LinkShown
from contor.api.fynn.checkout.carts import SOUGHT as CARTS_SOUGHT
from contor.api.fynn.checkout.carts import get_fynn_cart, list_fynn_carts
from contor.api.fynn.checkout.ids import CART_IDS, LINK_IDS, buyer
from contor.api.fynn.checkout.links import SOUGHT as LINKS_SOUGHT
from contor.api.fynn.checkout.links import (
    create_cart_of_link,
    create_link,
    create_link_of_plan,
    delete_link,
    get_link,
    list_links,
    update_link,
)
from contor.api.fynn.checkout.preparing import prepare_stripe
from contor.api.fynn.checkout.public import (
    change_public_quantity,
    confirm_public_cart,
    confirm_public_otp,
    get_public_addresses,
    get_public_cart,
    get_public_methods,
    request_public_otp,
)
from contor.api.fynn.checkout.shown import cart_shown
from contor.api.fynn.kit import route
from contor.api.route import AnyOperation, IdsOf, Route
from contor.checkout.carts import CART_LIST
from contor.checkout.links import CHECKOUT_LINKS

_LINK = IdsOf(path={"id": LINK_IDS})
_CART = IdsOf(path={"id": CART_IDS})
_PUBLIC = "/public/checkout/cart/{id}"


def _of_buyer(method: str, path: str, operation: AnyOperation, id: str, body: str = "", *, may_be_empty: bool = False) -> Route:
    """The cart's address is the key."""
    made = route(method, f"{_PUBLIC}{path}", operation, permission="", id=id, about="cart", body=body, may_be_empty=may_be_empty)
    return replace(made, holder=buyer)


ROUTES: list[Route] = [
    route(
        "GET",
        "/checkout-links",
        list_links,
        permission="checkout-link:read",
        id="getCheckoutLinks",
        about="checkout_link",
        filterable=CHECKOUT_LINKS.search,
        sought=LINKS_SOUGHT,
        output=LinkShown,
    ),
    route(
        "POST",
        "/checkout-links",
        create_link,
        permission="checkout-link:write",
        id="createCheckoutLink",
        about="checkout_link",
        body="body",
    ),
    route(
        "GET",
        "/checkout-links/{id}",
        get_link,
        permission="checkout-link:read",
        id="getCheckoutLink",
        about="checkout_link",
        ids=_LINK,
    ),
    route(
        "PUT",
        "/checkout-links/{id}",
        update_link,
        permission="checkout-link:write",
        id="updateCheckoutLink",
        about="checkout_link",
        ids=_LINK,
        body="body",
    ),
    route(
        "DELETE",
        "/checkout-links/{id}",
        delete_link,
        permission="checkout-link:write",
        id="deleteCheckoutLink",
        about="checkout_link",
        ids=_LINK,
    ),
    route(
        "POST",
        "/checkout-links/{id}/cart",
        create_cart_of_link,
        permission="cart:write",
        id="createCartFromCheckoutLink",
        about="cart",
        ids=_LINK,
    ),
    route(
        "POST",
        "/api/plans/{id}/checkout-links",
        create_link_of_plan,
        permission="checkout-link:write",
        id="createPlanCheckoutLink",
        about="checkout_link",
        body="body",
        may_be_empty=True,
    ),
    route(
        "GET",
        "/checkout/carts",
        list_fynn_carts,
        permission="cart:read",
        id="getCarts",
        about="cart",
        filterable=CART_LIST,
        sought=CARTS_SOUGHT,
        output=CartShown,
    ),
    route("GET", "/checkout/carts/{id}", get_fynn_cart, permission="cart:read", id="getCart", about="cart", ids=_CART),
    _of_buyer("GET", "", get_public_cart, "getPublicCart"),
    _of_buyer("PUT", "/change-quantity", change_public_quantity, "api_publiccheckoutcart_idchange-quantity_put", body="body"),
    _of_buyer("PUT", "/confirm", confirm_public_cart, "confirmCart", body="body"),
    _of_buyer("PUT", "/request-otp", request_public_otp, "requestCartOtp", body="body"),
    _of_buyer("PUT", "/confirm-otp", confirm_public_otp, "confirmCartOtp", body="body"),
    _of_buyer("GET", "/invoice-addresses", get_public_addresses, "getCartInvoiceAddresses"),
    _of_buyer("GET", "/payment-methods", get_public_methods, "getCartPaymentMethods"),
    _of_buyer("PUT", "/prepare-stripe", prepare_stripe, "prepareCartForStripe", body="body", may_be_empty=True),
]

__all__ = ["ROUTES", "cart_shown"]
