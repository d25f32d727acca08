"""How what is ordered is paid: by a mandate that is given with the order, by a means of payment that a provider keeps, by an account that
the customer has, or by transfer when the invoice is there."""

import contextlib
from typing import NamedTuple

from contor.checkout.carts import write_cart
from contor.checkout.queries import open_cart
from contor.checkout.types import CartStatus, Consent, OrderPayment, SepaPayment, TokenPayment
from contor.contracts.terms import ContractPayment
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Text255, shape
from contor.payments.customer_accounts import (
    CreateAccount,
    CustomerAccountBody,
    Mandate,
    create_account,
    creditor_of,
    payment_account_findings,
)
from contor.payments.gateways import ProviderName, accounts_by_gateway, collecting_by, collector_by_provider, gateway_idents
from contor.payments.methods import GATEWAYS, PAYMENT_TYPES, MethodBody, browser_problems, came_by, keep_agreed
from contor.payments.providers import Unreachable
from contor.payments.setups import (
    NewSetup,
    Setup,
    ask_setup,
    begin_setup,
    belongs_to,
    give_up_setup,
    known_at_provider,
    setup_of_cart,
    setups_of,
)
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import default_site, sites


class PayingWay(NamedTuple):
    """A means of payment that is offered."""

    method: str
    gateway_ident: str
    provider: str


class Agreed(NamedTuple):
    """How the contract is paid, and what was agreed to for it."""

    payment: ContractPayment
    consents: tuple[Consent, ...] = ()


@shape
class SellerOf:
    currency: str


@shape
class SellerView:
    """Who sells, as who orders is told, and how he may pay."""

    company: str
    address: str
    creditor_identifier: str | None
    """By whom is collected where he gives a mandate; None: no mandates are taken."""
    methods: tuple[str, ...]


@operation("checkout.seller", permission="contracts.read", reads=True)
def get_seller(uow: Uow, command: SellerOf) -> SellerView:
    """For the page: company, address, creditor."""
    found = sites(uow)
    site = found.get(default_site(uow) or "") or next(iter(found.values()), None)
    said = site.address if site is not None else None
    street = " ".join(filter(None, (said.get("street"), said.get("street_no")))) if said is not None else ""
    town = " ".join(filter(None, (said.get("zip"), said.get("city")))) if said is not None else ""
    contact = (site.contact if site is not None else None) or {}
    ways = paying_ways(uow, command.currency)
    debit = next((way for way in ways if way.method == "DIRECT_DEBIT"), None)
    creditor = None
    if debit is not None:
        asked = CustomerAccountBody(debtor_ident="any", merchant_payment_gateway_ident=debit.gateway_ident)
        creditor = creditor_of(uow, asked).identifier
    return SellerView(
        company=site.company_name if site is not None else "",
        address=", ".join(filter(None, (street, town, contact.get("email")))),
        creditor_identifier=creditor,
        methods=tuple(way.method for way in ways),
    )


def paying_ways(uow: Uow, currency: str) -> list[PayingWay]:
    """What the tenant's gateways collect in the currency, each method once; beside them everybody can transfer."""
    found: dict[str, PayingWay] = {}
    for way in all_ways(uow, currency):
        found.setdefault(way.method, way)
    return list(found.values())


def all_ways(uow: Uow, currency: str) -> list[PayingWay]:
    """As `paying_ways`, each method by every gateway that collects by it."""
    gateways = gateway_idents(uow)
    able = accounts_by_gateway(uow, gateways, currency)
    return [
        PayingWay(method, gateway, provider)
        for gateway in gateways
        for provider, methods in (collecting_by(uow, gateway) if gateway in able else {}).items()
        for method in methods
    ]


@shape
class PrepareCart:
    cart_ident: str
    provider: ProviderName
    token: Text255 | None = None
    """Of SIMULATED: what it calls the card."""


@shape
class PreparedCart:
    """What the customer agrees to at the provider, who is asked after this is written (`ask_setup`)."""

    status: CartStatus
    gateway_ident: str
    setup_ident: str
    """The payment account has it when it is ordered; the order names it."""


@operation("cart.prepare", permission="contracts.write")
def prepare_cart(uow: Uow, command: PrepareCart) -> PreparedCart:
    """Who orders gives his card to a payment provider, and orders once he has. Asked again, it is the same one, unless nothing came of it.
    Raises INVALID, NOT_FOUND where the provider takes no cards here."""
    cart = open_cart(uow, command.cart_ident)
    way = next(
        (one for one in all_ways(uow, cart.currency) if (one.provider, one.method) == (command.provider, "CREDIT_CARD")), None
    )
    collector = collector_by_provider(uow, command.provider, way.gateway_ident) if way is not None else None
    if way is None or collector is None:
        raise not_found("payment_provider", command.provider)
    if problems := browser_problems(uow, GATEWAYS[command.provider], collector.provider_id, "provider"):
        raise Refused(Kind.INVALID, *problems)
    setup = setup_of_cart(uow, cart.ident)
    if setup is not None and (setup.provider != command.provider or setup.customer_ident not in (None, cart.customer_ident)):
        give_up_setup(uow, setup.ident)
        setup = None
    if setup is None or setup.state == "FAILED":
        ident = str(uow.new_uuid())
        customer = cart.customer_ident
        begin_setup(
            uow,
            NewSetup(
                ident=ident,
                provider=command.provider,
                provider_id=collector.provider_id,
                gateway_ident=way.gateway_ident,
                currency=cart.currency,
                customer_ident=customer,
                customer_reference=known_at_provider(uow, customer, collector.provider_id) if customer is not None else None,
                method_given=command.token or ("action" if command.provider == "SIMULATED" else None),
                cart_ident=cart.ident,
                until=cart.expires_at,
            ),
        )
    elif command.token not in (None, setup.method_given):
        message = f"is {setup.method_given} of this cart, until nothing comes of it"
        raise Refused(Kind.INVALID, Problem("prepared_otherwise", message, "token", command.token))
    else:
        ident = setup.ident
    if cart.status != "REDIRECT_TO_PAYMENT":
        write_cart(uow, cart, status="REDIRECT_TO_PAYMENT")
    return PreparedCart(status="REDIRECT_TO_PAYMENT", gateway_ident=way.gateway_ident, setup_ident=ident)


def ask_prepared(runtime: Runtime, caller: Caller, cart: str, payment: OrderPayment | None) -> None:
    """The provider, how it stands with what the order names of the cart, before it is ordered. One that does not answer is no reason not
    to go on: the order says so."""
    ident = payment.customer_payment_account_ident if payment is not None else None
    if ident is None or caller.tenant_id is None:
        return
    with runtime.transaction(caller, reads=True) as uow:
        prepared = setup_prepared(uow, cart, payment)
    if prepared is not None:
        with contextlib.suppress(Unreachable):
            ask_setup(runtime, caller.tenant_id, prepared.ident)


def setup_prepared(uow: Uow, cart: str, payment: OrderPayment | None) -> Setup | None:
    """What the order names of what was prepared for the cart; None: it names something else."""
    ident = payment.customer_payment_account_ident if payment is not None else None
    found = setups_of(uow, [ident]).get(ident) if ident is not None else None
    return found if found is not None and found.cart_ident == cart else None


def prepared_findings(setup: Setup, customer: str | None) -> list[Problem]:
    """Why nothing is ordered by it."""
    field = "payment.customerPaymentAccountIdent"
    if setup.customer_ident not in (None, customer):
        return [Problem("payment_method_of_another", "was prepared for another customer: prepare it again", field, setup.ident)]
    if setup.state == "FAILED":
        return [
            Problem("payment_method_not_set_up", f"nothing is paid by it: {setup.reason} Prepare it again.", field, setup.ident)
        ]
    if setup.state != "DONE":
        why = setup.reason or f"The customer has yet to agree to it at {setup.provider}."
        return [Problem("payment_method_not_agreed_to", f"is not there yet: {why}", field, setup.ident)]
    return []


def agree(
    uow: Uow, currency: str, customer: str, wanted: OrderPayment | None, address: str | None, cart: str | None = None
) -> Agreed:
    """Keep what the customer says of it. Raises INVALID."""
    if cart is not None and (prepared := setup_prepared(uow, cart, wanted)) is not None:
        return _as_prepared(uow, customer, prepared)
    given = [one for one in (wanted.sepa, wanted.token, wanted.customer_payment_account_ident) if one is not None] if wanted else []
    if len(given) > 1:
        raise _refused("payment_unclear", "is one of sepa, token and customerPaymentAccountIdent", "payment")
    if wanted is None or not given:
        return Agreed(ContractPayment())
    if wanted.customer_payment_account_ident is not None:
        ident = wanted.customer_payment_account_ident
        if problems := payment_account_findings(uow, customer, ident):
            raise Refused(Kind.INVALID, *problems)
        return Agreed(ContractPayment(customer_payment_account_ident=ident, payment_control="CHARGE"))
    ways = all_ways(uow, currency)
    if wanted.sepa is not None:
        return _by_mandate(uow, customer, wanted.sepa, _way(ways, "DIRECT_DEBIT", wanted.sepa.gateway_ident), address)
    assert wanted.token is not None
    return _by_token(uow, customer, wanted.token, _way(ways, wanted.token.payment_method, wanted.token.gateway_ident))


def _as_prepared(uow: Uow, customer: str, setup: Setup) -> Agreed:
    """By the card that he has given to the provider for this order."""
    belongs_to(uow, setup.ident, customer)
    gateway = GATEWAYS[setup.provider]
    keep_agreed(uow, setup, MethodBody(customer_ident=customer, gateway=gateway, type="CARD"))
    came_by(uow, setup.ident, "CHECKOUT")
    return Agreed(_charged(setup.ident, "CREDIT_CARD"))


def _way(ways: list[PayingWay], method: str, gateway: str | None) -> PayingWay:
    found = next((one for one in ways if one.method == method and gateway in (None, one.gateway_ident)), None)
    if found is None:
        raise _refused("payment_method_not_offered", f"{method} is not offered here", "payment")
    return found


def _by_mandate(uow: Uow, customer: str, sepa: SepaPayment, way: PayingWay, address: str | None) -> Agreed:
    reference = uow.new_uuid().hex.upper()
    body = CustomerAccountBody(
        debtor_ident=customer,
        merchant_payment_gateway_ident=way.gateway_ident,
        account_holder_name=sepa.account_holder_name,
        payment_method="DIRECT_DEBIT",
        iban=sepa.iban,
        bic=sepa.bic,
        mandate=Mandate(reference=reference, signed_on=uow.ctx.today()),
    )
    account = create_account(uow, CreateAccount(body=body))
    came_by(uow, account.ident, "CHECKOUT")
    consent = Consent(kind="MANDATE", text=f"{sepa.mandate_text} [{reference}]", given_at=uow.ctx.now(), address=address)
    return Agreed(_charged(account.ident, "DIRECT_DEBIT"), (consent,))


def _by_token(uow: Uow, customer: str, token: TokenPayment, way: PayingWay) -> Agreed:
    body = CustomerAccountBody(
        debtor_ident=customer,
        merchant_payment_gateway_ident=way.gateway_ident,
        display_name=token.display_name,
        payment_method=token.payment_method,
        payment_provider_reference=token.payment_provider_reference,
        payment_method_reference=token.payment_method_reference,
    )
    account = create_account(uow, CreateAccount(body=body))
    came_by(uow, account.ident, "CHECKOUT")
    return Agreed(_charged(account.ident, token.payment_method))


def _charged(account: str, method: str) -> ContractPayment:
    kinds: Fields = {"payment_type": PAYMENT_TYPES[method]}
    return ContractPayment(customer_payment_account_ident=account, payment_control="CHARGE", **kinds)


def _refused(code: str, message: str, field: str) -> Refused:
    return Refused(Kind.INVALID, Problem(code, message, field))
