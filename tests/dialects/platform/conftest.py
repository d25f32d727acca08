"""A client of the platform API alone, and a tenant of it for each test."""

import pytest
from starlette.testclient import TestClient
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.runtime.execute import Runtime


@pytest.fixture(scope="session")
def http(runtime: Runtime) -> TestClient:
    return a_client(runtime)


@pytest.fixture
def tenant(runtime: Runtime, http: TestClient) -> Tenant:
    return a_tenant(runtime, http)


@pytest.fixture
def other(runtime: Runtime, http: TestClient) -> Tenant:
    """Somebody else's tenant."""
    return a_tenant(runtime, http)
