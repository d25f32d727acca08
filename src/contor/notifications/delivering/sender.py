"""Sending: every route that has something to send is served by a task of its own, so that a slow receiver delays no other.

All tasks of a process run in the thread of its calls; what they read and write of the database is done by a few threads beside it.
"""

import asyncio
import logging
import weakref
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Never, TypeVar

from contor.kernel.context import Caller
from contor.kernel.operations import Operation
from contor.notifications.delivering.claiming import Claimed, ClaimRoute, KeepRoute, LetGo, claim, keep, let_go
from contor.notifications.delivering.outcomes import Outcome, RecordOutcomes, record_outcomes
from contor.notifications.delivering.tokens import Tokens
from contor.notifications.delivering.trying import Trying
from contor.notifications.delivering.turn import Turn
from contor.notifications.recording import SENDING
from contor.runtime.execute import Runtime
from contor.runtime.outbound import Outbound, outbound
from contor.runtime.work.tenants import caller, tell

T = TypeVar("T")
log = logging.getLogger("contor.notifications")
HELD_SECONDS = 15
"""For so long after a process was killed nobody sends on its routes."""
TRY_SECONDS = 10
KEEP_SECONDS = 2
DATABASE_THREADS = 4
Key = tuple[int, str]
"""Tenant, route."""


class Sender:
    """What a process sends."""

    def __init__(
        self, runtime: Runtime, calls: Outbound, *, held_seconds: int = HELD_SECONDS, try_seconds: int = TRY_SECONDS
    ) -> None:
        if held_seconds <= try_seconds + KEEP_SECONDS:
            raise ValueError("a route is held for longer than a try takes")
        self.holder = str(runtime.new_uuid())
        self.held_seconds, self._try_seconds = held_seconds, try_seconds
        self._runtime, self._calls = runtime, calls
        self._trying = Trying(runtime, calls, Tokens(calls), try_seconds)
        self._threads = ThreadPoolExecutor(DATABASE_THREADS, "notifications")
        self._serving: dict[Key, asyncio.Task[None]] = {}
        self._again: set[Key] = set()

    def wake(self, tenant_id: int, routes: Collection[str]) -> None:
        """These routes have something to send. Returns at once."""
        if routes:
            self._calls.begin(self._woken([(tenant_id, route) for route in routes]))

    def settle(self, tenant_id: int) -> None:
        """Wait until nothing is sent for a tenant any more."""
        self._calls.run(self._settled(tenant_id))

    async def _woken(self, keys: Sequence[Key]) -> None:
        for key in keys:
            self._again.add(key)  # who serves it looks once more before he ends
            if key not in self._serving:
                self._serving[key] = asyncio.create_task(self._serve(key))

    async def _settled(self, tenant_id: int) -> None:
        while tasks := [task for (tenant, _), task in self._serving.items() if tenant == tenant_id]:
            await asyncio.wait(tasks)

    async def _serve(self, key: Key) -> None:
        try:
            while not self._runtime.is_ending:
                self._again.discard(key)
                claimed = await self._execute(
                    key, claim, ClaimRoute(route_ident=key[1], holder=self.holder, seconds=self.held_seconds)
                )
                if claimed is None or (claimed.due and not await self._turn(key, claimed)):
                    break
                if not claimed.is_more and not claimed.due and key not in self._again:
                    break
            await self._execute(key, let_go, LetGo(route_ident=key[1], holder=self.holder))
        except Exception as error:  # its mark is still there, and another look comes
            tell(log, error, "route %s of tenant %s could not be served", key[1], key[0])
        finally:
            del self._serving[key]

    async def _turn(self, key: Key, claimed: Claimed) -> bool:
        tenant_id, route = key
        kept = KeepRoute(route_ident=route, holder=self.holder, seconds=self.held_seconds, url=claimed.url)

        def record(ended: Sequence[Outcome]) -> "asyncio.Future[bool]":
            command = RecordOutcomes(route_ident=route, holder=self.holder, url=claimed.url, outcomes=tuple(ended))
            return self._execute(key, record_outcomes, command)

        turn = Turn(
            claimed,
            lambda due: self._trying.once(tenant_id, claimed, due),
            record,
            lambda: self._execute(key, keep, kept),
            unkept_seconds=self.held_seconds - self._try_seconds,
            keep_seconds=KEEP_SECONDS,
        )
        return await turn.run()

    def _execute(self, key: Key, operation: Operation[Never, T], command: object) -> "asyncio.Future[T]":
        who: Caller = caller(SENDING, key[0])
        return asyncio.get_running_loop().run_in_executor(self._threads, self._runtime.execute, operation, command, who)


_SENDERS: "weakref.WeakKeyDictionary[Runtime, Sender]" = weakref.WeakKeyDictionary()


def sender_of(runtime: Runtime) -> Sender:
    """The one of this process."""
    found = _SENDERS.get(runtime)
    if found is None:
        found = _SENDERS[runtime] = Sender(runtime, outbound(runtime.config))
    return found
