"""A company that reminds its customers, for all tests of dunning."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.dunning_creditors import Creditor
from tests.factories.tenants import Tenant


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished))
    made.turn("2026-01-05")
    made.open_bank(additionallyAcceptedCurrencies=["USD"])
    made.take_parts()
    return made
