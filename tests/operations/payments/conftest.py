"""A company that collects, for all tests of payments."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.creditors import Creditor
from tests.factories.tenants import Tenant


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish()
