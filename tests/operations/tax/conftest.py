"""A tenant that is also a client of the platform API."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.runtime.execute import Runtime


@pytest.fixture(scope="session")
def platform(runtime: Runtime) -> Iterator[TestClient]:
    with a_client(runtime) as made:
        yield made


@pytest.fixture
def new_tenant(runtime: Runtime, platform: TestClient) -> Callable[[], Tenant]:
    return lambda: a_tenant(runtime, platform)
