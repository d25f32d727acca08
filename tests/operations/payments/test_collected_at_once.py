"""Several collect in one tenant at the same moment: each document has one task, and each run says what was done."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import MINUTES
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.tenants import Tenant

from contor.kernel.context import Caller
from contor.openitems.collection import planning
from contor.openitems.collection.runs import collect_tenant, look
from contor.openitems.collection.runs.previewing import PreviewCollection, preview_collection
from contor.runtime.work.tenants import caller


@pytest.fixture
def debited(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.mandate()
    return made


def who(creditor: Creditor) -> Caller:
    return caller("collection", creditor.tenant.id)


def at_the_same_moment(monkeypatch: pytest.MonkeyPatch, *several: Callable[[], object]) -> list[BaseException]:
    """All have begun before any of them writes a task, as far as one does not wait for another."""
    honest, barrier = planning._with_accounts, threading.Barrier(len(several))
    failed: list[BaseException] = []

    def meet(*args: object) -> object:
        with suppress(threading.BrokenBarrierError):  # the others wait, and see what this one does
            barrier.wait(2)
        return honest(*args)  # type: ignore[arg-type]

    def run(one: Callable[[], object]) -> None:
        try:
            one()
        except BaseException as error:
            failed.append(error)

    monkeypatch.setattr(planning, "_with_accounts", meet)
    threads = [threading.Thread(target=run, args=(one,)) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MINUTES)
    return failed


@pytest.mark.parametrize("other", ["a worker", "a preview"])
def test_who_plans_second_finds_the_tasks_and_goes_on(debited: Creditor, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    number = debited.document(**AT_ONCE)
    runtime = debited.tenant.runtime

    def beside() -> object:
        return debited.collect() if other == "a worker" else runtime.execute(preview_collection, PreviewCollection(), who(debited))

    assert at_the_same_moment(monkeypatch, debited.collect, beside) == []
    monkeypatch.undo()
    debited.collect()  # whoever comes to a task that a preview holds just then leaves it to the next look
    assert [it["documentIdent"] for it in debited.intents()] == [number]
    assert len(debited.tasks()) == 1
    debited.sound()


def test_a_run_that_a_worker_finds_meanwhile_says_what_was_done(debited: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    debited.document(**AT_ONCE)
    runtime, told = debited.tenant.runtime, []

    def command() -> None:
        told.append(collect_tenant(runtime, who(debited)))

    def worker() -> None:
        for _ in range(3):
            look(runtime, debited.tenant.id)

    assert at_the_same_moment(monkeypatch, command, worker) == []
    (run,) = told
    assert run.status == "COMPLETED" and run.done is not None
    assert (run.done.planned, run.done.intents, run.done.files) == (1, 1, 1)
    assert len(run.payment_file_idents) == 1
    debited.sound()
