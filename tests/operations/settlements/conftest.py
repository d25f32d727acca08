"""A company with a bank and a payment provider."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.settlements import Settled
from tests.factories.tenants import Tenant


@pytest.fixture
def settled(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Settled:
    made = Settled(furnished, client, bearer(furnished))
    made.open_bank()
    made.open_provider()
    return made
