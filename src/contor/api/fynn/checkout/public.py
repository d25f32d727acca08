"""What who orders does, by the address of his cart: looks, changes quantities, shows who he is, orders."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.answers import CartAddressesShown, CartMethodsShown, ConfirmedShown, PublicCart, StripePrepared
from contor.api.fynn.checkout.ids import cart_of_token, number_in
from contor.api.fynn.checkout.reading import (
    METHODS,
    AskData,
    ConfirmData,
    MethodData,
    OtpData,
    QuantityData,
    address_fields,
)
from contor.api.fynn.checkout.shown import address_shown, method_shown, public_cart
from contor.api.fynn.manners import money_or_none
from contor.api.fynn.refusals import feature_off
from contor.checkout.buyers import AskForPassword, Heard, ShowPassword, ask, ask_for_password, show_password
from contor.checkout.carts import CartView, ChangeQuantity, OneCart, change_quantity, get_cart, prepare_redirect
from contor.checkout.confirming import ConfirmCart, PreviewCart, confirm_cart, preview_cart
from contor.checkout.paying import paying_ways
from contor.checkout.types import OrderAddress, OrderBody, OrderPayment, QuantityBody, SepaPayment, TokenPayment
from contor.customers.places import invoice_addresses
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.payments.customer_accounts import accounts_of_customers
from contor.runtime.execute import Runtime, validated
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import Asked

CORE: Final[Mapping[str, str]] = {
    "itemIdent": "cartItemId",
    "address": "newInvoiceAddress",
    "company": "companyName",
    "streetNo": "houseNumber",
    "country": "countryCode",
    "invoiceAddressIdent": "invoiceAddressId",
}
"""The core's fields as they were sent."""


@shape
class Public:
    id: str


@shape
class PublicQuantity:
    id: str
    body: QuantityData


@shape
class PublicConfirm:
    id: str
    body: ConfirmData


@shape
class PublicOtp:
    id: str
    body: OtpData


@shape
class PublicAsk:
    id: str
    body: AskData


@operation("fynn.public_cart_get", permission="contracts.write", undone=True)
def get_public_cart(uow: Uow, command: Public) -> PublicCart:
    """The cart as who orders sees it, with what it would come to: that is tried, and undone."""
    cart = _cart(uow, command.id)
    shown = public_cart(uow, cart, None)
    return replace(shown, price=money_or_none(_price(uow, cart), cart.currency))


@operation("fynn.public_cart_change_quantity", permission="contracts.write")
def change_public_quantity(uow: Uow, command: PublicQuantity) -> PublicCart:
    """Buy more or less, where the link lets who buys decide."""
    body = QuantityBody(quantity=command.body.quantity, item_ident=command.body.cart_item_id)
    with said_as(CORE):
        made = change_quantity(uow, ChangeQuantity(cart_ident=cart_of_token(uow, command.id), body=body))
    return _shown(uow, made)


def _ask(runtime: Runtime, command: PublicConfirm, caller: Caller) -> Heard | None:
    said = command.body.new_invoice_address
    if said is None or said.vat_id is None:
        return None
    return ask(runtime, caller, said.vat_id, Asked(name=said.company_name, postal_code=said.zip, city=said.city))


@operation("fynn.public_cart_confirm", permission="contracts.write", asks=_ask)
def confirm_public_cart(uow: Uow, command: PublicConfirm) -> ConfirmedShown:
    """Order what is in it: once, however often it is asked for. A customer who is known shows a one-time password first: the status is
    `confirming`, and he has it by mail."""
    cart = _cart(uow, command.id)
    with said_as(CORE):
        made = confirm_cart(uow, ConfirmCart(cart_ident=cart.cart_ident, body=_order(uow, cart, command.body)))
    return ConfirmedShown(
        status=made.status.lower(),
        action=made.action.lower(),
        redirect_url=made.redirect_url,
        confirmation_message=made.confirmation_message,
    )


@operation("fynn.public_cart_request_otp", permission="contracts.write")
def request_public_otp(uow: Uow, command: PublicAsk) -> PublicCart:
    """Mail a one-time password to a customer with this e-mail; nobody hears whether there is one."""
    ident = cart_of_token(uow, command.id)
    ask_for_password(uow, AskForPassword(cart_ident=ident, email=command.body.email))
    return _shown(uow, _cart(uow, command.id))


@operation("fynn.public_cart_confirm_otp", permission="contracts.write")
def confirm_public_otp(uow: Uow, command: PublicOtp) -> PublicCart:
    """The cart is the customer's who was mailed this password."""
    said = command.body
    made = show_password(uow, ShowPassword(cart_ident=cart_of_token(uow, command.id), email=said.email, otp=said.otp))
    return _shown(uow, made)


@operation("fynn.public_cart_addresses", permission="contracts.read", reads=True)
def get_public_addresses(uow: Uow, command: Public) -> CartAddressesShown:
    """Invoice addresses of the customer, once he has shown who he is; none before."""
    cart = _cart(uow, command.id)
    found = invoice_addresses(uow, cart.customer_ident) if cart.customer_ident is not None else []
    return CartAddressesShown(data=tuple(address_shown(uow, one) for one in found))


@operation("fynn.public_cart_methods", permission="contracts.read", reads=True)
def get_public_methods(uow: Uow, command: Public) -> CartMethodsShown:
    """Means of payment that the customer has left, once he has shown who he is; none before."""
    cart = _cart(uow, command.id)
    customer = cart.customer_ident
    found = accounts_of_customers(uow, [customer]).get(customer, []) if customer is not None else []
    return CartMethodsShown(data=tuple(method_shown(uow, one) for one in found))


@operation("fynn.public_cart_prepare_stripe", permission="contracts.write")
def prepare_stripe(uow: Uow, command: Public) -> StripePrepared:
    """The customer hands his card to Stripe himself, and comes back with what Stripe calls it."""
    cart = _cart(uow, command.id)
    ways = [way for way in paying_ways(uow, cart.currency) if way.provider == "STRIPE"]
    if not ways:
        raise feature_off("stripe")
    made = prepare_redirect(uow, OneCart(cart_ident=cart.cart_ident))
    kinds = {method: shown for shown, method in METHODS.items()}
    return StripePrepared(
        status=made.status.lower(), gateway=ways[0].gateway_ident, payment_methods=tuple(kinds[way.method] for way in ways)
    )


# helpers in calling order


def _cart(uow: Uow, token: str) -> CartView:
    return get_cart(uow, OneCart(cart_ident=cart_of_token(uow, token)))


def _shown(uow: Uow, cart: CartView) -> PublicCart:
    return public_cart(uow, cart, None)


def _price(uow: Uow, cart: CartView) -> Decimal | None:
    """What an order would come to now, by doing all of it."""
    if cart.status != "OPEN":
        return None
    try:
        costs = preview_cart(uow, PreviewCart(cart_ident=cart.cart_ident)).costs
    except Refused:
        return None
    return sum((one.totals.payable for one in costs.now), Decimal(0)) if costs.now or costs.next else None


def _order(uow: Uow, cart: CartView, data: ConfirmData) -> OrderBody:
    address = data.new_invoice_address
    return OrderBody(
        email=data.email,
        phone=data.phone,
        language=data.language,
        address=validated(OrderAddress, address_fields(address)) if address is not None else None,
        invoice_address_ident=_address_ident(uow, cart, data.invoice_address_id),
        payment=_payment(uow, data),
        coupon=data.coupon,
        agreed_text=data.agreed_text,
    )


def _address_ident(uow: Uow, cart: CartView, text: str | None) -> str | None:
    if text is None:
        return None
    number = number_in(uow, "address", text)
    found = invoice_addresses(uow, cart.customer_ident) if cart.customer_ident is not None else []
    ident = next((one.address_ident for one in found if one.id == number or one.address_ident == text), None)
    if ident is None:
        raise _wrong("address_unknown", "is no invoice address of the customer", "invoiceAddressId", text)
    return ident


def _payment(uow: Uow, data: ConfirmData) -> OrderPayment | None:
    if data.payment_method_id is not None:
        return OrderPayment(customer_payment_account_ident=data.payment_method_id)
    said = data.new_payment_method
    if said is None or said.type == "bank_transfer":
        return None
    return _new_method(said)


def _new_method(said: MethodData) -> OrderPayment:
    if said.type == "sepa_debit" and said.sepa is not None:
        sepa = said.sepa
        return OrderPayment(
            sepa=SepaPayment(iban=sepa.iban, bic=sepa.bic, account_holder_name=sepa.account_holder, mandate_text=sepa.mandate_text)
        )
    token = said.stripe or said.testing
    if token is None:
        raise _wrong("field_required", "is required: sepa, stripe or testing, as the gateway is", "newPaymentMethod", None)
    return OrderPayment(
        token=TokenPayment(
            payment_method=METHODS[said.type],  # type: ignore[arg-type]  # the three that are collected
            payment_provider_reference=token.customer_id,
            payment_method_reference=token.payment_method_id,
        )
    )


def _wrong(code: str, message: str, field: str, value: object) -> Refused:
    return Refused(Kind.INVALID, Problem(code, message, field, value))
