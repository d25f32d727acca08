"""A runtime and a platform client on this process's database; a tenant for each test."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.tenants import Tenant, a_client, a_runtime, a_tenant

from contor.runtime.execute import Runtime


@pytest.fixture(scope="session")
def runtime(database_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    made = a_runtime(database_dsn, tmp_path_factory.mktemp("home"))
    made.database.open()
    yield made
    made.database.close()


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
