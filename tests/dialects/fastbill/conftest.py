"""The FastBill API alone, and an account for each test."""

import pytest
from starlette.testclient import TestClient
from tests.checkers.published import JudgingClient
from tests.factories.fastbill import Account, unlimited
from tests.factories.subscribing import Subscriber
from tests.factories.tenants import a_client, a_tenant

from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.voice import FASTBILL
from contor.api.serve import build_named
from contor.commands.demo import master_data
from contor.runtime.execute import Runtime


@pytest.fixture(scope="session")
def fastbill(runtime: Runtime) -> TestClient:
    return JudgingClient(build_named(FASTBILL, SERVICES, runtime))


@pytest.fixture(scope="session")
def platform(runtime: Runtime) -> TestClient:
    return a_client(runtime)


@pytest.fixture
def bare(runtime: Runtime, fastbill: TestClient, platform: TestClient) -> Account:
    """As new as an account can be."""
    return Account(unlimited(a_tenant(runtime, platform)), fastbill)


@pytest.fixture
def account(bare: Account) -> Account:
    """With a site, a billing group and the customer Muster Handel GmbH."""
    master_data(bare.tenant.runtime, bare.tenant.caller())
    return bare


@pytest.fixture
def subscriber(account: Account) -> Subscriber:
    made = Subscriber(account)
    made.turn("2026-04-01 10:00")
    made.shop()
    return made
