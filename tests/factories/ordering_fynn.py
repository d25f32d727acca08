"""Who orders a cart through fynn: what he says of himself, and the gateways by which he may pay."""

from typing import Any

from tests.factories.creditors import OUR_IBAN, SEPA
from tests.factories.fynn import Fynn

BUYER: dict[str, Any] = {
    "email": "erika@muster.example",
    "newInvoiceAddress": {
        "firstName": "Erika",
        "lastName": "Muster",
        "street": "Weg",
        "houseNumber": "1",
        "zip": "20095",
        "city": "Hamburg",
    },
}
KEYS = {"STRIPE": ("apiKey", "publishableKey", "webhookSecret"), "GOCARDLESS": ("accessToken", "webhookSecret")}


def a_cart(fynn: Fynn, *providers: str) -> str:
    """Help for 50.00, and a gateway by each of the providers; the public id of the cart."""
    price = {"optionIdent": "help", "name": "Help", "type": "ONETIME", "status": "FINAL", "prices": [{"price": "50.00"}]}
    fynn.given({"platform": ["POST", "/billing/plan-options", price]})
    for number, name in enumerate(providers, 1):
        keys = [{"name": key, "value": "secret"} for key in KEYS.get(name, ())]
        provider = {"id": number, "name": name, **({"credentials": keys} if keys else {})}
        fynn.given({"platform": ["POST", "/payment-providers", provider]})
        account = {
            "ident": name.lower(),
            "name": name,
            "country": "DE",
            "currency": "EUR",
            "active": True,
            "paymentServiceProviderId": number,
            **({"iban": OUR_IBAN, "bic": "SOGEDEFFXXX", "sepa": SEPA} if name == "SEPA_FILE" else {}),
        }
        fynn.given({"platform": ["POST", "/merchant-payment-accounts", account]})
        accounts = [{"merchantPaymentAccountIdent": name.lower(), "currency": "EUR"}]
        gateway = {"ident": name.lower(), "name": name, "accounts": accounts}
        fynn.given({"platform": ["POST", "/merchant-payment-gateways", gateway]})
    link = fynn.call("POST", "/checkout-links", {"items": [{"type": "product", "product": {"id": "help", "name": "Help"}}]})
    return str(fynn.call("POST", f"/checkout-links/{link['id']}/cart")["publicId"])
