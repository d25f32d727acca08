"""What banks tell, in the words of fynn."""

import pytest
from tests.factories.creditors import OUR_IBAN
from tests.factories.fynn import Fynn

from contor.payments.open_banking import sync_due

ACCOUNTS = "/merchant-payment-accounts"
BANK = {"ident": "bank", "name": "House bank", "active": True, "country": "DE", "currency": "EUR", "iban": OUR_IBAN}


@pytest.mark.parametrize("provider", ["simulated", "api"])
def test_a_booking_names_who_told_of_it(fynn: Fynn, provider: str) -> None:
    fynn.turn("2026-11-03")
    fynn.given({"platform": ["POST", "/payment-providers", {"id": 1, "name": "SIMULATED"}]})
    fynn.given({"platform": ["POST", ACCOUNTS, {**BANK, "paymentServiceProviderId": 1}]})
    if provider == "simulated":
        fynn.call("POST", "/open-banking-accounts", {"provider": "simulated", "bankAccount": "bank"})
        fynn.given({"platform": ["POST", f"{ACCOUNTS}/bank/simulated-bookings", {"ident": "b-1", "amount": 119, "text": "RE-1"}]})
        sync_due(fynn.tenant.runtime, fynn.tenant.id)
    else:
        amount = {"amount": "119.00", "currency": "EUR"}
        told = {"externalIdent": "p", "baseAmount": amount, "description": "RE-1", "bookingDate": "2026-11-02"}
        fynn.given({"platform": ["POST", f"{ACCOUNTS}/bank/payments", {**told, "creditDebitIndicator": "CREDIT"}]})
    (found,) = fynn.call("GET", "/payment/bank-account-transactions")["data"]
    assert (found["source"], found["amount"]) == (provider, {"amount": 11900, "currencyCode": "EUR"})
