"""Links and carts, read and made into what is answered."""

from decimal import Decimal

from contor.api.fynn.checkout.answers import (
    AfterShown,
    BuyerShown,
    CartAddressShown,
    CartItemShown,
    CartMethodShown,
    CartSettings,
    CartShown,
    LinkItemShown,
    LinkOptionsShown,
    LinkShown,
    PublicCart,
)
from contor.api.fynn.checkout.ids import LINK_IDS, made_uuid, public_id
from contor.api.fynn.checkout.reading import TYPES
from contor.api.fynn.checkout.things import plan_named, product_named
from contor.api.fynn.manners import known_when, money_or_none, when
from contor.checkout.carts import CartView
from contor.checkout.links import address_of_cart, address_of_link
from contor.checkout.paying import paying_ways
from contor.checkout.queries import LINKS
from contor.checkout.types import AfterCheckout, LinkOptions
from contor.contracts.queries import contract_numbers
from contor.contracts.sold import FrozenItem, SoldItem
from contor.customers.keeping import FindCustomers, find_customers
from contor.customers.places import InvoiceAddress, invoice_addresses
from contor.customers.types import Property
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import OneAccount, get_account
from contor.runtime.execute import validated
from contor.runtime.uow import Uow


def link_shown(uow: Uow, row: Fields) -> LinkShown:
    ident = row["ident"]
    number = LINKS.numbers(uow, [ident])[ident]
    after: AfterCheckout = validated(AfterCheckout, row["after_checkout"])
    options: LinkOptions = validated(LinkOptions, row["options"])
    return LinkShown(
        id=str(LINK_IDS.shown(uow, [ident])[ident]),
        slug=row["slug"],
        name=row["name"],
        url=address_of_link(uow, number),
        items=tuple(_item(uow, validated(SoldItem, one)) for one in row["items"]),
        options=LinkOptionsShown(**{name: getattr(options, name) for name in LinkOptions.__dataclass_fields__}),
        after_checkout=AfterShown(
            action=after.action.lower(),
            url=after.url,
            confirmation_message=after.confirmation_message,
            back_to_provider_url=after.back_to_provider_url,
        ),
        coupon=row["coupon"],
        metadata=_map(tuple(validated(Property, one) for one in row["metadata"])),
        is_enabled=row["is_enabled"],
        expires_at=when(row["expires_at"]),
        created_at=known_when(row["created_at"]),
        updated_at=known_when(row["last_modified_at"]),
    )


def cart_shown(uow: Uow, cart: CartView) -> CartShown:
    link = cart.link_ident
    after = cart.after_checkout
    contract = cart.contract_ident
    number = contract_numbers(uow, [contract]).get(contract) if contract is not None else None
    return CartShown(
        id=made_uuid(uow, "cart", cart.cart_id),
        public_id=public_id(uow, cart.cart_id),
        url=address_of_cart(uow, cart.cart_id),
        checkout_link=str(LINK_IDS.shown(uow, [link])[link]) if link is not None and LINKS.numbers(uow, [link]) else None,
        status=cart.status.lower(),
        currency_code=cart.currency,
        customer=buyer_shown(uow, cart.customer_ident),
        customer_email=cart.email,
        invoice_address=_address_of(uow, cart),
        payment_method=_method_of(uow, cart.payment_account_ident),
        items=tuple(_cart_item(uow, one, cart.currency) for one in cart.items),
        coupon=cart.coupon,
        lost_coupon=cart.lost_coupon,
        metadata=_map(cart.metadata),
        redirect_url=after.url if after.action == "REDIRECT" else None,
        invoice=made_uuid(uow, "invoice", cart.document_id) if cart.document_id is not None else None,
        subscription=made_uuid(uow, "contract", number) if number is not None else None,
        order=cart.order_ident,
        payment=cart.payment_intent_ident,
        expires_at=known_when(cart.expires_at),
        created_at=known_when(cart.created_at),
        updated_at=known_when(cart.last_modified_at),
        completed_at=when(cart.completed_at),
        paid_at=when(cart.paid_at),
    )


def public_cart(uow: Uow, cart: CartView, now: Decimal | None) -> PublicCart:
    """`now`: what is to be paid at once, with taxes."""
    made = tuple(one for one in (cart.contract_ident, cart.order_ident) if one is not None)
    methods = [TYPES[way.method] for way in paying_ways(uow, cart.currency)]
    options = cart.options
    return PublicCart(
        id=public_id(uow, cart.cart_id),
        status=cart.status.lower(),
        price=money_or_none(now, cart.currency),
        customer=buyer_shown(uow, cart.customer_ident),
        customer_prefill={"email": cart.email} if cart.email is not None else {},
        email=cart.email,
        invoice_address=_address_of(uow, cart),
        payment_method=_method_of(uow, cart.payment_account_ident),
        items=tuple(_cart_item(uow, one, cart.currency) for one in cart.items),
        coupon=cart.coupon,
        lost_coupon=cart.lost_coupon,
        settings=CartSettings(
            trial_days=options.trial_days,
            allow_coupons=options.allow_coupons,
            quantity_editable=options.quantity_editable,
            force_company=options.force_company,
            back_to_provider_url=cart.after_checkout.back_to_provider_url,
            payment_methods=(*methods, "bank_transfer"),
        ),
        completion_details=made,
        expires_at=known_when(cart.expires_at),
    )


def buyer_shown(uow: Uow, ident: str | None) -> BuyerShown | None:
    found = find_customers(uow, FindCustomers(idents=(ident,), deleted=True)) if ident is not None else ()
    if not found:
        return None
    row = found[0].customer
    return BuyerShown(
        id=made_uuid(uow, "customer", row["id"]),
        customer_number=row["customer_ident"],
        external_id=row["external_id"],
        company_name=row["company"],
        first_name=row["first_name"],
        last_name=row["last_name"],
    )


def address_shown(uow: Uow, one: InvoiceAddress) -> CartAddressShown:
    return CartAddressShown(
        id=made_uuid(uow, "address", one.id),
        company_name=one.company,
        first_name=one.first_name,
        last_name=one.last_name,
        street=one.street,
        house_number=one.street_no,
        addition=one.address_addition,
        zip=one.zip,
        city=one.city,
        country_code=one.country,
        vat_id=one.vat_id,
    )


def method_shown(uow: Uow, ident: str) -> CartMethodShown:
    found = get_account(uow, OneAccount(customer_payment_account_ident=ident))
    kind = TYPES.get(found.payment_method or "DIRECT_DEBIT", "sepa_debit")
    return CartMethodShown(id=ident, type=kind, name=found.display_name or found.iban)


# helpers in calling order


def _item(uow: Uow, one: SoldItem) -> LinkItemShown:
    return LinkItemShown(
        type="product" if one.type == "PRODUCT" else "plan",
        plan=plan_named(uow, one.type, one.ident, None),
        product=product_named(uow, one.type, one.ident, None),
        tier=one.tier,
        quantity=_number(one.quantity),
    )


def _cart_item(uow: Uow, one: FrozenItem, currency: str) -> CartItemShown:
    return CartItemShown(
        id=one.ident,
        type="product" if one.type == "PRODUCT" else "plan",
        name=one.name,
        plan=plan_named(uow, one.type, one.of, one.name),
        product=product_named(uow, one.type, one.of, one.name),
        quantity=_number(one.quantity),
        unit_price=money_or_none(one.unit_price, currency),
        is_gross=one.is_gross,
    )


def _number(value: Decimal) -> int | Decimal:
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()


def _map(said: tuple[Property, ...]) -> dict[str, str]:
    return {one.key: one.value for one in said}


def _address_of(uow: Uow, cart: CartView) -> CartAddressShown | None:
    if cart.customer_ident is None or cart.invoice_address_ident is None:
        return None
    found = (one for one in invoice_addresses(uow, cart.customer_ident) if one.address_ident == cart.invoice_address_ident)
    return next((address_shown(uow, one) for one in found), None)


def _method_of(uow: Uow, ident: str | None) -> CartMethodShown | None:
    return method_shown(uow, ident) if ident is not None else None
