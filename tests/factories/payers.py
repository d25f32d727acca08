"""Accounts that money is collected from and paid to, as requests."""

from typing import Any

from tests.factories.bodies import CUSTOMER
from tests.factories.tenants import Tenant

IBAN = "DE02120300000000202051"
OTHER_IBAN = "DE89370400440532013000"
CREDITOR = "DE98ZZZ09999999999"
MERCHANT: dict[str, Any] = {
    "ident": "bank",
    "name": "House bank",
    "active": True,
    "country": "DE",
    "currency": "EUR",
    "paymentServiceProviderId": 1,
    "iban": "DE75512108001245126199",
    "bic": "SOGEDEFFXXX",
    "sepa": {"holderName": "Elbe GmbH", "creditorIdentifier": CREDITOR},
}
GATEWAY: dict[str, Any] = {
    "ident": "main",
    "name": "Main",
    "accounts": [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}],
}
MANDATE: dict[str, Any] = {"reference": "M-1", "signedOn": "2025-05-01"}
PAYER: dict[str, Any] = {
    "ident": "acc",
    "debtorIdent": "c-1",
    "merchantPaymentGatewayIdent": "main",
    "accountHolderName": "Kunde AG",
    "paymentMethod": "DIRECT_DEBIT",
    "iban": IBAN,
    "bic": "BYLADEM1001",
    "mandate": MANDATE,
}


def stock(tenant: Tenant) -> Tenant:
    """A customer, our account at a bank, and the gateway between them."""
    for path, body in (
        ("/customers", CUSTOMER),
        ("/merchant-payment-accounts", MERCHANT),
        ("/merchant-payment-gateways", GATEWAY),
    ):
        answer = tenant.call("POST", path, body)
        assert answer.status == 201, (path, answer.body)
    return tenant
