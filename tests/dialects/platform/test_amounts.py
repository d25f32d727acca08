"""Amounts are answered with the decimals of their currency, everywhere; quantities and prices as they were sent."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
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
        assert re.findall(r"[:\\[]-?\\d+\\.\\d{4}\\b", answer) == [], path
