"""The fynn API where it lies in an installation, and a caller of it for each test."""

import pytest
from starlette.testclient import TestClient
from tests.factories.fynn import Fynn
from tests.factories.tenants import a_client, a_tenant

from contor.api.fynn.voice import MOUNT
from contor.app import Application
from contor.commands.demo import master_data
from contor.runtime.execute import Runtime


@pytest.fixture(scope="session")
def fynn_api(runtime: Runtime) -> TestClient:
    from tests.checkers.published import JudgingClient

    return JudgingClient(Application(runtime), base_url=f"http://testserver{MOUNT}", raise_server_exceptions=False)


@pytest.fixture(scope="session")
def platform(runtime: Runtime) -> TestClient:
    return a_client(runtime)


@pytest.fixture
def bare_fynn(runtime: Runtime, fynn_api: TestClient, platform: TestClient) -> Fynn:
    """As new as a tenant can be."""
    return Fynn(a_tenant(runtime, platform), fynn_api)


@pytest.fixture(scope="session")
def stranger(runtime: Runtime, fynn_api: TestClient) -> Fynn:
    """Another tenant, which has nothing."""
    return Fynn(a_tenant(runtime), fynn_api)


@pytest.fixture
def fynn(bare_fynn: Fynn) -> Fynn:
    """With a site, a billing group and the customer Muster Handel GmbH (`muster-handel`)."""
    master_data(bare_fynn.tenant.runtime, bare_fynn.tenant.caller())
    return bare_fynn
