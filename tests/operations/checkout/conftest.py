"""A company that sells by links."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.checkouts import LinkSeller
from tests.factories.post_offices import PostOffice, a_post_office
from tests.factories.tenants import Tenant


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with a_post_office() as made:
        yield made


@pytest.fixture
def seller(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> LinkSeller:
    return LinkSeller(furnished, client, bearer(furnished)).stock()
