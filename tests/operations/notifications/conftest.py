"""A company that tells another system what happens, and a receiver for it."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.receivers import Receiver, a_receiver
from tests.factories.telling import Telling
from tests.factories.tenants import Tenant


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as made:
        yield made


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Telling:
    return Telling(furnished, client, bearer(furnished))
