"""A company that writes offers, and a server that takes its mails."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.mailing import Mailing
from tests.factories.post_offices import PostOffice, a_post_office
from tests.factories.tenants import Tenant


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with a_post_office() as made:
        yield made


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Mailing:
    return Mailing(furnished, client, bearer(furnished))
