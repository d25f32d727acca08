"""A company whose open items are decided on and cleared."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank(additionallyAcceptedCurrencies=["USD"])
    return made
