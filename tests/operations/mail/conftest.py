"""A company that sends mails, and a server that takes them."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.mailing import Mailing
from tests.factories.post_offices import PostOffice, a_post_office
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with a_post_office() as made:
        yield made


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Mailing:
    return Mailing(furnished, client, bearer(furnished))


@pytest.fixture
def live(furnished: Tenant, client: TestClient) -> Mailing:
    """The same company where it is in earnest."""
    tenant = furnished.live()
    master_data(tenant.runtime, tenant.caller())
    return Mailing(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})
