"""A company that closes its books; its clock stands at the middle of March 2026."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.closers import Closer
from tests.factories.tenants import Tenant


@pytest.fixture
def closer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Closer:
    made = Closer(furnished, client, bearer(furnished))
    made.clock("2026-03-15")
    made.open_bank()
    return made
