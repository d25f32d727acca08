"""A company that sells, for all tests of orders."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.conftest import Tenant
from tests.operations.orders.test_orders import Desk


@pytest.fixture
def desk(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    made = Desk(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    account = {
        "ident": "bank", "name": "House bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1,
    }  # fmt: skip
    made.call("POST", "/v2/merchant-payment-accounts", account, 201)
    partial = {"underpaymentAssignmentToDocuments": True}
    made.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", partial, 201)
    return made
