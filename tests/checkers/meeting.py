"""Two transactions that meet: one is held open when all of it is done but the commit, the other has to wait for it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.checkers.waiting import MINUTES, eventually
from tests.factories.tenants import Tenant

from contor.runtime.execute import Runtime

_WAITING = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Meeting:
    """For one tenant. `wait` says whether the second one has to wait for the first."""

    def __init__(self, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        self._tenant = tenant
        self._held: str | None = None
        self._done, self._go = threading.Event(), threading.Event()
        honest = Runtime._leave_trail

        def leave_trail(runtime: Runtime, uow: Any, operation: Any) -> None:
            honest(runtime, uow, operation)
            if operation.name == self._held and uow.events:
                self._held = None
                self._done.set()
                assert self._go.wait(MINUTES)

        monkeypatch.setattr(Runtime, "_leave_trail", leave_trail)

    def of(self, operation: str, first: Callable[[], object], second: Callable[[], object]) -> None:
        """`first`, whose `operation` is held open until `second` waits for it, and `second`, which then sees what it has done."""
        self._held = operation
        self._done.clear()
        self._go.clear()
        failed: list[BaseException] = []
        threads = [threading.Thread(target=_run, args=(one, failed)) for one in (first, second)]
        threads[0].start()
        reached = eventually(lambda: self._done.is_set() or not threads[0].is_alive())
        assert reached and self._done.is_set(), failed
        threads[1].start()
        assert eventually(lambda: self._waiting() or not threads[1].is_alive())
        waited = threads[1].is_alive()
        self._go.set()
        for thread in threads:
            thread.join()
        assert not failed, failed
        assert waited, "the second one did not wait for the first"

    def _waiting(self) -> bool:
        ((waiting,),) = self._tenant.rows(_WAITING)
        return bool(waiting)


def _run(one: Callable[[], object], failed: list[BaseException]) -> None:
    try:
        one()
    except BaseException as error:
        failed.append(error)
