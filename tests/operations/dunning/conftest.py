"""A company that reminds its customers, for all tests of dunning."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.reminding import Reminding
from tests.factories.tenants import Tenant


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Reminding:
    made = Reminding(furnished, client, bearer(furnished))
    made.turn("2026-01-05")
    made.open_bank(additionallyAcceptedCurrencies=["USD"])
    made.take_parts()
    return made
