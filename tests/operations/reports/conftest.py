"""A company whose months are reported, for all tests of reports."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.reported import Reported
from tests.factories.tenants import Tenant


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Reported:
    made = Reported(furnished, client, bearer(furnished))
    made.turn("2026-10-01")
    made.furnish()
    return made
