"""By what a customer pays has to be collected by a provider of the gateway: it is said when the account is made, not when money is due."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.tenants import Tenant

ACCOUNTS = "/v2/customer-payment-accounts"


@pytest.fixture
def by_file(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")


def card(**more: Any) -> dict[str, Any]:
    said = {"ident": "card", "debtorIdent": "muster-handel", "merchantPaymentGatewayIdent": "main", "paymentMethodReference": "ok"}
    return {**said, "accountHolderName": "Muster Handel GmbH", "paymentMethod": "CREDIT_CARD", **more}


def test_a_card_is_refused_where_only_direct_debits_are_collected(by_file: Creditor) -> None:
    (error,) = by_file.call("POST", ACCOUNTS, card(), 400)["errors"]
    assert error["fieldName"] == "paymentMethod"
    assert "through the gateway 'main', whose providers collect: SEPA_FILE by DIRECT_DEBIT." in error["error"]
    ident = by_file.mandate()
    (error,) = by_file.call("PUT", f"{ACCOUNTS}/{ident}", card(ident=ident), 400)["errors"]
    assert error["fieldName"] == "paymentMethod"
    by_file.call("PUT", f"{ACCOUNTS}/{ident}", card(ident=ident, paymentMethod="DIRECT_DEBIT"))
    by_file.sound()


def test_a_gateway_without_accounts_may_get_one_that_takes_cards(by_file: Creditor) -> None:
    by_file.call("POST", "/v2/merchant-payment-gateways", {"ident": "later", "name": "Later"}, 201)
    by_file.call("POST", ACCOUNTS, card(merchantPaymentGatewayIdent="later"), 201)
    by_file.sound()


def test_who_pays_by_card_beside_the_bank(by_file: Creditor) -> None:
    """As it is told in the docs."""
    by_file.call("POST", "/v2/payment-providers", {"id": 2, "name": "SIMULATED"}, 201)
    account = {
        "ident": "cards",
        "name": "Cards",
        "active": True,
        "country": "DE",
        "currency": "EUR",
        "paymentServiceProviderId": 2,
        "paymentCollectionConfig": {"daysAfterDueDate": 0},
    }
    by_file.call("POST", "/v2/merchant-payment-accounts", account, 201)
    accounts = [{"merchantPaymentAccountIdent": "cards", "currency": "EUR"}]
    by_file.call("POST", "/v2/merchant-payment-gateways", {"ident": "cards", "name": "Cards", "accounts": accounts}, 201)
    by_file.call("POST", ACCOUNTS, card(merchantPaymentGatewayIdent="cards", paymentProviderReference="cus-1"), 201)
    by_file.document(**AT_ONCE)
    assert by_file.collect().intents == 1
    by_file.submit()
    assert [outcome for _, outcome in by_file.moved()] == ["SUCCESSFUL"]
    by_file.sound()
