"""A company that receives papers."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.received import PaperKeeper
from tests.factories.tenants import Tenant


@pytest.fixture
def keeper(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> PaperKeeper:
    return PaperKeeper(furnished, client, bearer(furnished))
