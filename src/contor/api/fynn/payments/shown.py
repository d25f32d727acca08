"""Ways to pay as fynn shows them, each kind of fact read once for all that are asked for."""

from collections.abc import Collection, Mapping
from typing import Final

from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.manners import known_when, when
from contor.api.fynn.payments.answers import (
    BankAccountShown,
    CardShown,
    GatewayName,
    MethodShown,
    MethodSourceName,
    MethodStatusName,
    MethodTypeName,
    PayPalShown,
    SepaDebitShown,
    SepaMandateShown,
)
from contor.payments.customer_accounts import CustomerAccountView, account_views
from contor.payments.methods import MethodGateway, MethodSource, MethodStatus, MethodType, MethodView, views_of
from contor.runtime.uow import Uow

GATEWAYS: Final[Mapping[MethodGateway, GatewayName]] = {
    "SEPA_DEBIT": "sepa_debit",
    "STRIPE": "stripe",
    "GO_CARDLESS": "go_cardless",
    "PAYPAL": "paypal",
    "TESTING": "testing",
    "BANK_TRANSFER": "bank_transfer",
}
TYPES: Final[Mapping[MethodType, MethodTypeName]] = {
    "SEPA_DEBIT": "sepa_debit",
    "CARD": "card",
    "PAYPAL": "paypal",
    "BANK_TRANSFER": "bank_transfer",
}
STATUSES: Final[Mapping[MethodStatus, MethodStatusName]] = {
    "ACTIVE": "active",
    "ACTION_REQUIRED": "action_required",
    "EXPIRED": "expired",
    "REVOKED": "revoked",
    "GATEWAY_UNCONFIGURED": "gateway_unconfigured",
}
SOURCES: Final[Mapping[MethodSource, MethodSourceName]] = {
    "CHECKOUT": "checkout",
    "CUSTOMER_FRONT": "customerfront",
    "API": "api",
    "ADD_LINK": "add_link",
}
_MANDATES: Final = {"ACTIVE": "active", "REVOKED": "revoked", "LAPSED": "lapsed"}


def shown_methods(uow: Uow, idents: Collection[str]) -> dict[str, MethodShown]:
    """These ways to pay, by ident; what does not exist is left out."""
    found = views_of(uow, idents)
    accounts = account_views(uow, found)
    customers = customer_paths(uow, [one.customer_ident for one in found.values()])
    return {ident: _method(one, accounts.get(ident), customers[one.customer_ident]) for ident, one in found.items()}


def customer_paths(uow: Uow, idents: Collection[str]) -> dict[str, str]:
    """By ident, `/customers/{id}`."""
    return {ident: f"/customers/{number}" for ident, number in CUSTOMER.shown(uow, set(idents)).items()}


def _method(one: MethodView, account: CustomerAccountView | None, customer: str) -> MethodShown:
    sepa = one.sepa
    card = one.card
    return MethodShown(
        id=one.ident,
        customer=customer,
        gateway_name=GATEWAYS[one.gateway],
        type=TYPES[one.type],
        reference_id=one.reference,
        default=one.is_default,
        status=STATUSES[one.status],
        source=SOURCES[one.source],
        enabled=one.enabled,
        name=one.name,
        creation_date=known_when(one.created_at),
        expiration_date=when(one.expires_on),
        sepa_mandate=_mandate(one, account, customer) if account is not None else None,
        card=None
        if card is None
        else CardShown(
            brand=card.brand, last4=card.last4, exp_month=card.exp_month, exp_year=card.exp_year, card_holder=card.holder
        ),
        sepa_debit=None
        if sepa is None
        else SepaDebitShown(
            iban=sepa.iban,
            bic=sepa.bic,
            mandate_reference=sepa.mandate.reference if sepa.mandate else None,
            signing_date=sepa.mandate.signed_on if sepa.mandate else None,
        ),
        paypal=None
        if one.paypal is None
        else PayPalShown(email=one.paypal.email, billing_agreement_id=one.paypal.billing_agreement_id),
        fail_reason=one.status_reason,
    )


def _mandate(one: MethodView, account: CustomerAccountView, customer: str) -> SepaMandateShown | None:
    mandate = account.mandate
    if mandate is None or mandate.reference is None:
        return None
    bank = BankAccountShown(
        id=account.ident,
        alias=account.display_name,
        iban=account.iban,
        bic=account.bic,
        account_holder=account.account_holder_name,
        source=SOURCES[one.source],
    )
    return SepaMandateShown(
        id=mandate.reference,
        status=_MANDATES[account.mandate_status or "ACTIVE"],  # type: ignore[arg-type]  # its three words
        creditor_identifier=mandate.creditor_identifier,
        mandate_reference=mandate.reference,
        signature_date=mandate.signed_on,
        bank_account=bank,
        sequence_type="OOFF" if mandate.kind == "ONE_OFF" else "FRST" if account.last_presented_on is None else "RCUR",
        sepa_type="b2b" if mandate.scheme == "B2B" else "core",
        created_at=known_when(mandate.signed_on),
        customer=customer,
        first_sepa_debit=account.last_presented_on,
    )
