"""Somebody who keeps an organization over the management API."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.administrators import Administrator
from tests.factories.tenants import Tenant


@pytest.fixture
def api(client: TestClient, tenant: Tenant) -> Administrator:
    return Administrator(client, tenant)


@pytest.fixture
def stranger(client: TestClient, new_tenant: Callable[[], Tenant]) -> Administrator:
    return Administrator(client, new_tenant())
