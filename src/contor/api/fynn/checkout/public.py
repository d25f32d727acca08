"""What who orders does, by the address of his cart: looks, changes quantities, shows who he is, orders."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.answers import CartAddressesShown, CartMethodsShown, ConfirmedShown, PublicCart
from contor.api.fynn.checkout.ids import cart_of_token, number_in
from contor.api.fynn.checkout.reading import (
    METHODS,
    AskData,
    ConfirmData,
    MethodData,
    OtpData,
    QuantityData,
    address_fields,
    method_findings,
)
from contor.api.fynn.checkout.shown import address_shown, method_shown, public_cart
from contor.api.fynn.manners import money_or_none
from contor.api.fynn.payments.shown import GATEWAYS as _SPOKEN
from contor.api.fynn.payments.shown import TYPES
from contor.checkout.buyers import AskForPassword, Heard, ShowPassword, ask, ask_for_password, show_password
from contor.checkout.carts import CartView, ChangeQuantity, OneCart, change_quantity, get_cart
from contor.checkout.confirming import CartCosts, ConfirmCart, PreviewCart, confirm_cart, preview_cart
from contor.checkout.paying import all_ways, ask_prepared
from contor.checkout.types import OrderAddress, OrderBody, OrderPayment, QuantityBody, SepaPayment, TokenPayment
from contor.customers.places import invoice_addresses
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.payments.customer_accounts import accounts_of_customers
from contor.payments.methods import PROVIDERS, TYPES_OF
from contor.runtime.execute import Runtime, validated
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import Asked

GATEWAYS: Final = {spoken: gateway for gateway, spoken in _SPOKEN.items()}
CORE: Final[Mapping[str, str]] = {
    "address": "newInvoiceAddress",
    "company": "companyName",
    "addressAddition": "addition",
    "streetNo": "houseNumber",
    "country": "countryCode",
    "invoiceAddressIdent": "invoiceAddressId",
    "payment": "newPaymentMethod",
    "payment.customerPaymentAccountIdent": "paymentMethodId",
    "coupons[0]": "coupon",
    "itemIdent": "cartItemId",
}
"""Field of the core -> as who orders sent it."""


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
    shown, costs = public_cart(uow, cart, None), _costs(uow, cart)
    if costs is None:
        return shown
    bills = costs.costs
    price = sum((one.totals.payable for one in bills.now), Decimal(0)) if bills.now or bills.next else None
    own = {"price": money_or_none(price, cart.currency), "coupon": costs.coupon, "lost_coupon": costs.lost_coupon}
    return replace(shown, **own)


@operation("fynn.public_cart_change_quantity", permission="contracts.write")
def change_public_quantity(uow: Uow, command: PublicQuantity) -> PublicCart:
    """Buy more or less, where the link lets who buys decide."""
    body = QuantityBody(quantity=command.body.quantity, item_ident=command.body.cart_item_id)
    with said_as(CORE):
        made = change_quantity(uow, ChangeQuantity(cart_ident=cart_of_token(uow, command.id), body=body))
    return _shown(uow, made)


def _ask(runtime: Runtime, command: PublicConfirm, caller: Caller) -> Heard | None:
    """Who has to say something before the transaction: the provider of a card that was prepared, a register about the VAT id."""
    said, method = command.body.new_invoice_address, command.body.payment_method_id
    if method is not None:
        with runtime.transaction(caller, reads=True) as uow:
            ident = cart_of_token(uow, command.id)
        ask_prepared(runtime, caller, ident, OrderPayment(customer_payment_account_ident=method))
    if said is None or said.vat_id is None:
        return None
    return ask(runtime, caller, said.vat_id, Asked(name=said.company_name, postal_code=said.zip, city=said.city))


@operation("fynn.public_cart_confirm", permission="contracts.write", asks=_ask)
def confirm_public_cart(uow: Uow, command: PublicConfirm) -> ConfirmedShown:
    """Order what is in it: once, however often it is asked for. A customer who is known shows a one-time password first: the status is
    `confirming`, and he has it by mail."""
    cart = _cart(uow, command.id)
    order = _order(uow, cart, command.body)
    with said_as(CORE):
        made = confirm_cart(uow, ConfirmCart(cart_ident=cart.cart_ident, body=order))
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


# helpers in calling order


def _cart(uow: Uow, token: str) -> CartView:
    return get_cart(uow, OneCart(cart_ident=cart_of_token(uow, token)))


def _shown(uow: Uow, cart: CartView) -> PublicCart:
    return public_cart(uow, cart, None)


def _costs(uow: Uow, cart: CartView) -> CartCosts | None:
    """What an order would come to now, by doing all of it."""
    if cart.status != "OPEN":
        return None
    try:
        return preview_cart(uow, PreviewCart(cart_ident=cart.cart_ident))
    except Refused:
        return None


def _order(uow: Uow, cart: CartView, data: ConfirmData) -> OrderBody:
    address = data.new_invoice_address
    return OrderBody(
        email=data.email,
        phone=data.phone,
        language=data.language,
        address=validated(OrderAddress, address_fields(address)) if address is not None else None,
        invoice_address_ident=_address_ident(uow, cart, data.invoice_address_id),
        payment=_payment(uow, cart, data),
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


def _payment(uow: Uow, cart: CartView, data: ConfirmData) -> OrderPayment | None:
    said = data.new_payment_method
    if data.payment_method_id is not None:
        if said is not None:
            raise _wrong("field_unused", "is not said beside paymentMethodId", "newPaymentMethod", None)
        return OrderPayment(customer_payment_account_ident=data.payment_method_id)
    return new_method(uow, cart.currency, said) if said is not None else None


def new_method(uow: Uow, currency: str, said: MethodData) -> OrderPayment | None:
    """What is to be collected by; None: it is transferred. Raises INVALID."""
    gateway = GATEWAYS[said.gateway]
    if problems := method_findings(said, [TYPES[kind] for kind in TYPES_OF[gateway]]):
        raise Refused(Kind.INVALID, *problems)
    if gateway not in PROVIDERS:
        return None  # transferred when the invoice is there
    method = METHODS[said.type]
    way = next((one for one in all_ways(uow, currency) if (one.provider, one.method) == (PROVIDERS[gateway], method)), None)
    if way is None:
        raise _wrong("payment_method_not_offered", "is not offered here", "newPaymentMethod.gateway", said.gateway)
    if said.sepa is not None:
        given = said.sepa
        sepa = SepaPayment(
            iban=given.iban,
            bic=given.bic,
            account_holder_name=given.account_holder,
            mandate_text=given.mandate_text,
            gateway_ident=way.gateway_ident,
        )
        return OrderPayment(sepa=sepa)
    customer, kept = _kept_by(said)
    token = TokenPayment(
        payment_method=method,  # type: ignore[arg-type]  # the three that are collected
        payment_provider_reference=customer,
        payment_method_reference=kept,
        display_name=said.paypal.email if said.paypal is not None else None,
        gateway_ident=way.gateway_ident,
    )
    return OrderPayment(token=token)


def _kept_by(said: MethodData) -> tuple[str | None, str]:
    """What the provider calls the customer, and the means of payment."""
    if said.go_cardless is not None:
        return said.go_cardless.customer_id, said.go_cardless.mandate_id
    if said.paypal is not None:
        return None, said.paypal.billing_agreement_id
    token = said.stripe or said.testing
    assert token is not None
    return token.customer_id, token.payment_method_id


def _wrong(code: str, message: str, field: str, value: object) -> Refused:
    return Refused(Kind.INVALID, Problem(code, message, field, value))
