"""A tenant that is also a client of the platform API."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories import avataxes, vat_services
from tests.factories.avataxes import AvaTax
from tests.factories.tenants import Tenant, a_client, a_tenant
from tests.factories.vat_services import Registers

from contor.runtime.execute import Runtime


@pytest.fixture(scope="session")
def platform(runtime: Runtime) -> Iterator[TestClient]:
    with a_client(runtime) as made:
        yield made


@pytest.fixture
def new_tenant(runtime: Runtime, platform: TestClient) -> Callable[[], Tenant]:
    return lambda: a_tenant(runtime, platform)


@pytest.fixture
def registers(runtime: Runtime) -> Iterator[Registers]:
    with vat_services.registers(runtime) as made:
        yield made


@pytest.fixture
def avatax(runtime: Runtime) -> Iterator[AvaTax]:
    with avataxes.avatax(runtime) as made:
        yield made
