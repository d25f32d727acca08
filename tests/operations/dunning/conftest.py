"""A company that reminds its customers, for all tests of dunning."""

import datetime as dt
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.creditors import Creditor as Collecting
from tests.factories.reminding import Reminding
from tests.factories.tenants import Tenant


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Reminding:
    made = Reminding(furnished, client, bearer(furnished))
    made.turn("2026-01-05")
    made.open_bank(additionallyAcceptedCurrencies=["USD"])
    made.take_parts()
    return made


@pytest.fixture
def collecting(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Collecting:
    made = Collecting(furnished, client, bearer(furnished))
    made.turn(dt.date(2026, 1, 5))
    made.furnish()
    return made
