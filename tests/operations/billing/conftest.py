"""A company that bills, for all tests of billing."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.bureaus import Bureau
from tests.factories.offices import Office
from tests.factories.strangers import Stranger
from tests.factories.tenants import Tenant


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    made = Office(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    return made


@pytest.fixture
def bureau(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Bureau:
    made = Bureau(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    made.plan()
    made.customers(4)
    return made


@pytest.fixture
def stranger(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Iterator[Stranger]:
    made = Stranger(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    yield made
    assert furnished.unsound() == []
