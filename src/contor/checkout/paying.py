"""How what is ordered is paid: by a mandate that is given with the order, by a means of payment that a provider keeps, by an account that
the customer has, or by transfer when the invoice is there."""

from typing import NamedTuple

from contor.checkout.types import Consent, OrderPayment, SepaPayment, TokenPayment
from contor.contracts.terms import ContractPayment
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.payments.customer_accounts import (
    CreateAccount,
    CustomerAccountBody,
    Mandate,
    create_account,
    creditor_of,
    payment_account_findings,
)
from contor.payments.gateways import accounts_by_gateway, collecting_by, gateway_idents
from contor.payments.methods import PAYMENT_TYPES, came_by
from contor.runtime.uow import Uow
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


def agree(uow: Uow, currency: str, customer: str, wanted: OrderPayment | None, address: str | None) -> Agreed:
    """Keep what the customer says of it. Raises INVALID."""
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
