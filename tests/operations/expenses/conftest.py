"""A company that receives papers."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.received import Receiver
from tests.factories.tenants import Tenant


@pytest.fixture
def receiver(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Receiver:
    return Receiver(furnished, client, bearer(furnished))
