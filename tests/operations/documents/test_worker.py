"""The worker that issues: what the database cannot do just now decides over nobody, who fails is named, and every tenant has its turn."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data
from contor.documents.issue import issuing, queue, worker
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.work import Elsewhere
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.work.tenants import look_around, marked

PASSING = (
    psycopg.OperationalError("the connection was lost"),
    pg.AdminShutdown("terminating connection due to administrator command"),
    pg.LockNotAvailable("canceling statement due to lock timeout"),
    pg.DeadlockDetected("deadlock detected"),
    pg.DiskFull("no space left on device"),
    psycopg.InterfaceError("the connection is closed"),
    pg.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"),
    OSError("no space left on device"),
    MemoryError(),
)


@pytest.fixture
def company(furnished: Tenant, client: TestClient) -> Company:
    return Company(furnished, client, {"Authorization": f"Bearer {furnished.token()}"})


def state(company: Company, number: int) -> Any:
    return company.call("GET", f"/v2/documents/requests/r-{number}")


def failing(monkeypatch: pytest.MonkeyPatch, error: Callable[[str], Exception | None]) -> None:
    """Freezing the document of a request raises what `error` says of its id."""
    freeze = issuing.freeze

    def disturbed(request: Any, *rest: Any) -> Any:
        if (found := error(request.request_id)) is not None:
            raise found
        return freeze(request, *rest)

    monkeypatch.setattr(issuing, "freeze", disturbed)


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
def test_a_passing_trouble_decides_over_nobody(company: Company, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    for _ in range(3):
        company.ask("invoices", 202)
    with monkeypatch.context() as patch:
        failing(patch, lambda request_id: error if request_id == "r-2" else None)
        with pytest.raises(Exception, match=r".*") as raised:
            worker.drain(company.tenant.runtime, company.tenant.id)
    assert is_passing(raised.value)
    assert state(company, 2)["status"] == "RECEIVED"
    worker.drain(company.tenant.runtime, company.tenant.id)
    assert [state(company, number)["status"] for number in (1, 2, 3)] == ["COMPLETED"] * 3
    assert company.tenant.broken() == []


def test_a_lock_that_one_request_waits_for_holds_up_no_other(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        company.ask("invoices", 202)
    with monkeypatch.context() as patch:
        failing(patch, lambda request_id: pg.LockNotAvailable("held") if request_id == "r-1" else None)
        with pytest.raises(Refused):
            worker.one_batch(company.tenant.runtime, company.tenant.id, 10)
    assert [state(company, number)["status"] for number in (1, 2, 3, 4)] == ["RECEIVED", "COMPLETED", "COMPLETED", "COMPLETED"]
    assert worker.drain(company.tenant.runtime, company.tenant.id) == 1
    assert state(company, 1)["status"] == "COMPLETED"


def test_the_request_that_fails_is_the_one_that_is_failed(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        company.ask("invoices", 202)
    error = Refused(
        Kind.ILLEGAL_STATE, Problem("site_closed", "The site is closed."), Problem("group_closed", "The billing group is closed.")
    )
    with monkeypatch.context() as patch:
        failing(patch, lambda request_id: error if request_id == "r-3" else None)
        assert worker.drain(company.tenant.runtime, company.tenant.id) == 4
    ends = [state(company, number) for number in (1, 2, 3, 4)]
    assert [end["status"] for end in ends] == ["COMPLETED", "COMPLETED", "FAILED", "COMPLETED"]
    assert [finding["code"] for finding in ends[2]["errors"]] == ["site_closed", "group_closed"]
    assert company.tenant.broken() == []


@pytest.mark.parametrize("error", [KeyError("x"), pg.CheckViolation("a rule of the database"), pg.UniqueViolation("a number")])
def test_a_fault_of_ours_fails_no_request(company: Company, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """It waits, says so, is tried by itself and later each time; the others are issued, and those that come meanwhile in one batch."""
    runtime, tenant = company.tenant.runtime, company.tenant
    for _ in range(4):
        company.ask("invoices", 202)
    tried: list[str] = []
    with monkeypatch.context() as patch:
        failing(patch, lambda request_id: tried.append(request_id) or (error if request_id == "r-3" else None))  # type: ignore[func-returns-value]
        assert worker.drain(runtime, tenant.id) == 3
        ends = [state(company, number) for number in (1, 2, 3, 4)]
        assert [end["status"] for end in ends] == ["COMPLETED", "COMPLETED", "RECEIVED", "COMPLETED"]
        assert [finding["code"] for finding in ends[2]["errors"]] == ["internal_error"]
        company.ask("invoices", 202)
        tried.clear()
        assert worker.drain(runtime, tenant.id) == 1  # its time has not come
        assert tried == ["r-5"]
        for _ in range(2):
            come_again(tenant)
            assert worker.drain(runtime, tenant.id) == 0
        again = 2 if isinstance(error, pg.UniqueViolation) else 1  # somebody else may have come between: it begins again at once
        assert tried == ["r-5", *["r-3"] * 2 * again]
    marks = "SELECT count(*) FROM directory.work_mark WHERE tenant_id = %s AND kind = 'documents' AND due_at > now()"
    assert tenant.rows(marks, (tenant.id,))[0][0] >= 3
    waiting = tenant.rows("SELECT failures, due_at > now() + interval '6 s', failure FROM document_queue")
    assert [tuple(row)[:2] for row in waiting] == [(3, True)] and waiting[0].failure == f"{type(error).__name__}: {error}"
    assert [broken.check for broken in tenant.broken()] == ["documents.no_request_waits_because_of_a_fault"]
    come_again(tenant)
    assert worker.drain(runtime, tenant.id) == 1
    assert (state(company, 3)["status"], state(company, 3)["errors"], tenant.broken()) == ("COMPLETED", [], [])


def come_again(tenant: Tenant) -> None:
    """As if the pause of a request that failed were over."""
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.run("UPDATE document_queue SET due_at = now() - interval '1 s' WHERE due_at IS NOT NULL")


def test_a_tenant_left_alone_for_a_passing_trouble_comes_back(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.ask("invoices", 202)
    runtime, tenant = company.tenant.runtime, company.tenant
    with monkeypatch.context() as patch:
        failing(patch, lambda _: pg.AdminShutdown("restarted"))
        look_at(runtime, tenant)
    failures = "SELECT failures, due_at > now() FROM directory.work_mark WHERE tenant_id = %s AND kind = 'documents'"
    assert tenant.rows(failures, (tenant.id,)) == [(1, True)]
    assert state(company, 1)["status"] == "RECEIVED"
    with runtime.transaction(tenant.caller(), directory=True) as uow:
        uow.run("UPDATE directory.work_mark SET due_at = now() WHERE tenant_id = %s", (tenant.id,))
    look_at(runtime, tenant)
    assert state(company, 1)["status"] == "COMPLETED"
    assert tenant.rows(failures, (tenant.id,)) == []


def look_at(runtime: Runtime, tenant: Tenant) -> None:
    """What a worker does until nothing is marked that is due."""
    while look_around(runtime, worker.DOCUMENTS):
        pass


@pytest.fixture
def two(new_tenant: Callable[[], Tenant], client: TestClient) -> Iterator[tuple[Company, Company]]:
    made = []
    for _ in range(2):
        tenant = new_tenant()
        master_data(tenant.runtime, tenant.caller())
        made.append(Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"}))
    yield made[0], made[1]


def test_tenants_take_turns(two: tuple[Company, Company], monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of the busy one, then whoever came meanwhile."""
    busy, quiet = two
    runtime = busy.tenant.runtime
    monkeypatch.setattr(worker, "BATCH", 2)
    for _ in range(7):
        busy.ask("invoices", 202)
    order: list[int] = []
    one_batch = worker.one_batch

    def watched(runtime: Runtime, tenant_id: int, batch: int) -> int | None:
        order.append(tenant_id)
        if len(order) == 1:
            quiet.ask("invoices", 202)
        return one_batch(runtime, tenant_id, batch)

    monkeypatch.setattr(worker, "one_batch", watched)
    while any(one.tenant_id in (busy.tenant.id, quiet.tenant.id) for one in marked(runtime, worker.DOCUMENTS)):
        look_around(runtime, worker.DOCUMENTS)
    ours = [number for number in order if number in (busy.tenant.id, quiet.tenant.id)]
    assert ours == [busy.tenant.id, quiet.tenant.id, *[busy.tenant.id] * 3]
    assert [state(quiet, 1)["status"], state(busy, 7)["status"]] == ["COMPLETED"] * 2


def test_a_tenant_has_one_worker_at_a_time_and_the_next_when_it_dies(two: tuple[Company, Company]) -> None:
    one, other = two
    runtime, tenant = one.tenant.runtime, one.tenant
    one.ask("invoices", 202)
    other.ask("invoices", 202)
    with contextlib.suppress(Killed), runtime.transaction(tenant.caller()) as first:
        assert queue.may_drain(first, worker.BATCH)
        assert worker.look(runtime, tenant.id) is Elsewhere.BUSY
        assert look_around(runtime, worker.DOCUMENTS) >= 2
        assert [state(one, 1)["status"], state(other, 1)["status"]] == ["RECEIVED", "COMPLETED"]
        assert [mark.tenant_id for mark in marked(runtime, worker.DOCUMENTS) if mark.tenant_id == tenant.id] == [tenant.id]
        raise Killed
    look_at(runtime, tenant)
    assert state(one, 1)["status"] == "COMPLETED"


def test_a_long_queue_has_every_worker_that_is_free(company: Company) -> None:
    """With two batches or more; the last ones are left to one."""
    runtime, tenant = company.tenant.runtime, company.tenant
    for _ in range(7):
        company.ask("invoices", 202)
    with runtime.transaction(tenant.caller()) as first:
        assert queue.may_drain(first, 2)
        assert [worker.one_batch(runtime, tenant.id, 2) for _ in range(3)] == [2, 2, None]
        assert [state(company, number)["status"] for number in range(1, 8)] == ["COMPLETED"] * 4 + ["RECEIVED"] * 3
    assert worker.drain(runtime, tenant.id, 2) == 3
    assert tenant.broken() == []


class Killed(Exception):
    pass


@pytest.mark.parametrize(
    ("turns", "most"),
    [
        ([], 500),
        ([(500, 0.25)], 500),
        ([(500, 4.0)], 125),
        ([(500, 4.0), (125, 0.5)], 250),
        ([(500, 4.0), (125, 0.1), (250, 0.1)], 500),
        ([(500, 4.0), (125, 60.0)], 20),
        ([(500, 4.0), (125, 0.0)], 250),
    ],
)
def test_a_turn_is_as_long_as_others_may_wait(turns: list[tuple[int, float]], most: int) -> None:
    pace = worker.Pace()
    for requests, seconds in turns:
        pace.took(requests, seconds)
    assert pace.most == most
