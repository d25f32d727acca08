"""Who waits for what somebody else holds: some for long, the others hardly, and never all connections."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import MINUTES, until
from tests.factories.tenants import Tenant

from contor.app import Application, make_runtime
from contor.commands.demo import master_data
from contor.runtime.config import Config
from contor.runtime.work.patience import HARDLY, LONG, SHORT, Patience

CONNECTIONS = 6


@pytest.fixture(scope="module")
def crowded(runtime: Any, process_dsn: str) -> Iterator[TestClient]:
    """The application as an API process serves it, with few connections for many callers."""
    config = Config(home=Path(runtime.config.home), pool_size=CONNECTIONS, login_tries=1_000_000)
    with TestClient(Application(make_runtime(config, process_dsn, shared=True)), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("held", "method", "path", "body"),
    [
        ("SELECT 1 FROM customer FOR UPDATE", "PUT", "/v2/customers/{customer}", {"company": "Nord GmbH"}),
        ("SELECT contor_draw_personal_account_counter('DEBTOR', 1, 1)", "POST", "/v2/customers", {"company": "Ost GmbH"}),
    ],
    ids=["a row", "a counter"],
)
def test_what_is_locked_does_not_take_every_connection(
    crowded: TestClient, new_tenant: Callable[[], Tenant], held: str, method: str, path: str, body: dict[str, Any]
) -> None:
    """Fifty want what somebody holds. Readers and other tenants are served meanwhile, and who is sent away is told to come again."""
    tenant, other = new_tenant(), new_tenant()
    idents = [furnish(one) for one in (tenant, other)]
    headers, others = ({"Authorization": f"Bearer {one.token()}"} for one in (tenant, other))
    said: Counter[int] = Counter()
    again: set[str | None] = set()

    def ask() -> None:
        answer = crowded.request(method, path.format(customer=idents[0]), json=body, headers=headers)
        said[answer.status_code] += 1
        if answer.status_code == 503:
            again.add(answer.headers.get("retry-after"))

    with ThreadPoolExecutor(50) as pool:
        with tenant.runtime.transaction(tenant.caller()) as holding:
            holding.connection.execute(held.encode())
            asking = [pool.submit(ask) for _ in range(50)]
            until(lambda: said[503], f"somebody is sent away, not {said}")
            until(lambda: crowded.get("/v2/customers", headers=headers).status_code == 200, "the tenant reads")
            until(
                lambda: crowded.put(f"/v2/customers/{idents[1]}", json={"company": "West"}, headers=others).status_code == 200,
                "another tenant writes",
            )
            assert not any(200 <= status < 300 for status in said)
        for one in asking:
            one.result(MINUTES)
    assert again == {"1"}
    assert crowded.put(f"/v2/customers/{idents[0]}", json={"company": "Nord"}, headers=headers).status_code == 200


def furnish(tenant: Tenant) -> str:
    """The ident of the tenant's only customer."""
    master_data(tenant.runtime, tenant.caller())
    return str(tenant.rows("SELECT customer_ident FROM customer")[0][0])


def test_how_long_the_next_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of nine wait long; behind them short, and hardly once that many have been at it for more than a second."""
    now = [0.0]
    monkeypatch.setattr("contor.runtime.work.patience.time.monotonic", lambda: now[0])
    patience = Patience(9)
    running = [patience.of_one(1) for _ in range(5)]
    assert [one.__enter__() for one in running] == [LONG, LONG, LONG, SHORT, SHORT]
    now[0] = 1.0
    with pytest.raises(psycopg.Error), patience.of_one(1) as next_one:
        assert next_one == HARDLY
        raise psycopg.errors.LockNotAvailable
    with pytest.raises(psycopg.Error), patience.of_one(1) as next_one:
        assert next_one == HARDLY, "who waited in vain did not move the line"
        raise psycopg.errors.LockNotAvailable
    running.pop().__exit__(None, None, None)
    now[0] = 2.9
    assert patience.is_moving(1)
    with patience.of_one(1) as next_one:
        assert next_one == SHORT, "a line that moves is waited in"
    with pytest.raises(psycopg.Error), patience.of_one(2) as next_one:
        assert next_one == HARDLY, "of another tenant nothing moves"
        raise psycopg.errors.LockNotAvailable
    now[0] = 4.9
    assert not patience.is_moving(1)
    for one in running[:3]:
        one.__exit__(None, None, None)
    with patience.of_one(1) as next_one:
        assert next_one == LONG
