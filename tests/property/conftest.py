"""A company that sells, for the auditor of the engine."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.desks import Desk, a_desk
from tests.factories.tenants import Tenant


@pytest.fixture
def desk(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    return a_desk(furnished, client, bearer(furnished))
