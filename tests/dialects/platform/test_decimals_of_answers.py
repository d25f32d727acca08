"""Amounts are answered with the decimals of their currency, everywhere; quantities and prices as they were sent."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.desks import Desk, a_line
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data


@pytest.fixture
def company(new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]]) -> Company:
    made = new_tenant()
    master_data(made.runtime, made.caller())
    return Company(made, client, bearer(made))


def test_amounts_have_the_decimals_of_their_currency(company: Company, client: TestClient) -> None:
    company.open_bank()
    item: dict[str, Any] = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 2.5,
        "quantityType": "HOUR",
        "prices": {"unit": {"net": 200}, "originalTotal": {"net": 500}, "total": {"net": 500}},
        "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }
    ident = company.document(items=[item])
    company.pay("595", ident)

    def raw(path: str) -> str:
        return client.get(path, headers=company.headers).text

    document = raw(f"/v2/documents/{ident}")
    assert '"totals":{"net":500.00,"tax":95.00,"gross":595.00,"prepaid":0.00,"rounding":0.00,"payable":595.00}' in document
    assert '"outstanding":0.00' in document and '"quantity":2.5,' in document and '"unit":{"net":200,' in document
    for path, amount in (
        (f"/v2/opos-cases/{ident}", "595.00"),
        ("/v2/bookingEntries", "95.00"),
        ("/v2/merchant-payment-accounts/bank/payments", "595.00"),
        ("/v2/payment-assignments", "595.00"),
        (f"/v2/data-access/invoices/{ident}", "95.00"),
    ):
        answer = raw(path)
        assert f":{amount}," in answer or f":{amount}}}" in answer, path
        assert re.findall(r'"(?!\w*[rR]ate)\w+":-?\d+\.\d{4}\b', answer) == [], path


def test_amounts_of_items_and_aggregations_have_them_too(company: Company, client: TestClient) -> None:
    """Whether a document says them or an item waits; their answers name no currency, that of the contract or order counts."""
    office = Desk(company.tenant, client, company.headers)
    office.clock("2026-05-10T10:00")
    office.order(lineItems=[a_line(net="30", quantity=2), a_line("l-2", "7.5", processingConfig={"type": "ON_HOLD"})])
    office.bill()
    office.plan("3", option={"type": "RATED_USAGE", "prices": []})
    office.contract()
    usage = {"ratedUsageIdent": "r-1", "contractIdent": "v-1", "optionIdent": "basic-fee", "netPrice": 5}
    office.call("POST", "/v2/rated-usages", {**usage, "startDate": "2026-05-10T10:00:00+02:00"}, 201)
    items = client.get("/v2/billableitems/pageable?sort=billableItemId", headers=office.headers).text
    assert re.findall(r'"rowTotal\w+":([\d.]+)', items) == ["60.00", "71.40", "11.40", "60.00", "7.50", "7.50"]
    assert '"unitPriceExclusiveVat":30,' in items and '"unitQuantity":2,' in items
    assert '"netTotal":5.00,' in client.get("/v2/rated-usage-aggregations", headers=office.headers).text


def test_answers_that_name_no_currency_have_those_of_what_they_are_of(company: Company, client: TestClient) -> None:
    """A payment's suggestions, what it takes back, the bounds of an account, what dunning asks for."""
    company.open_bank()
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {"bankChargesBound": 10}, 201)
    company.call("POST", "/v2/billing/configuration/dunning", {"levels": [{"daysAfter": 14, "fee": 5}], "minimumAmount": 2}, 201)
    paid = company.pay("112", company.document(), counterpart={"name": "Foreign", "iban": "FR1420041010050500013M02606"})
    back = company.pay("15", "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AC04", "charges": 3})
    for path, amounts in (
        (f"/v2/payments/{paid['paymentIdent']}/suggestions", ('"amount":112.00', '"bankFee":7.00')),
        (f"/v2/merchant-payment-accounts/bank/payments/{back['paymentIdent']}", ('"charges":3.00',)),
        ("/v2/merchant-payment-accounts/bank/assignment-configuration", ('"bankChargesBound":10.00',)),
        ("/v2/billing/configuration/dunning", ('"fee":5.00', '"minimumAmount":2.00')),
    ):
        answer = client.get(path, headers=company.headers).text
        assert [amount for amount in amounts if amount not in answer] == [], path
