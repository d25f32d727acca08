"""A turn of a route: what is due is sent, several subjects at a time, each subject in its order; what ended is written down meanwhile."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from contor.notifications.delivering.bodies import Due
from contor.notifications.delivering.claiming import Claimed
from contor.notifications.delivering.outcomes import Outcome
from contor.notifications.delivering.plan import MOST_FAILURES

SUBJECTS_AT_ONCE = 8
TURN_SECONDS = 20
"""After so long no further try of a turn is begun: the route is looked at anew."""
RECORD_SECONDS = 1
"""What ended waits at most so long to be written down."""
RECORD_AT = 100
"""Unless so many have ended."""


class Turn:
    """`once` tries; `record` writes down how tries ended, and says whether we still send on this route; `keep` says that we do, and asks
    whether we may: not when it was paused or goes elsewhere. What was begun by then is written down all the same."""

    def __init__(
        self,
        claimed: Claimed,
        once: Callable[[Due], Awaitable[Outcome]],
        record: Callable[[Sequence[Outcome]], Awaitable[bool]],
        keep: Callable[[], Awaitable[bool]],
        *,
        unkept_seconds: int,
        keep_seconds: int,
    ) -> None:
        """`unkept_seconds`: for so long after it was last said that we send, tries may begin: all of them end before another process may
        send. `keep_seconds`: how often it is said."""
        self._once, self._record, self._keep = once, record, keep
        self._failures = claimed.failures
        self._unkept_seconds, self._keep_seconds = unkept_seconds, keep_seconds
        self._began = self._kept = time.monotonic()
        self._is_ours, self._goes_on, self._is_late = True, True, False
        self._ended: list[Outcome] = []
        self._heard = asyncio.Event()
        chains: dict[str, list[Due]] = defaultdict(list)
        for due in claimed.due:
            chains[due.subject].append(due)
        self._chains = list(reversed(chains.values()))

    async def run(self) -> bool:
        """All of it; whether we still send on this route."""
        senders = [asyncio.create_task(self._send()) for _ in range(min(SUBJECTS_AT_ONCE, len(self._chains)))]
        done = asyncio.gather(*senders)
        done.add_done_callback(lambda _: self._heard.set())
        try:
            while not done.done():
                await self._wait()
                await self._write(least=RECORD_AT)
                if self._is_ours and self._goes_on and time.monotonic() >= self._kept + self._keep_seconds:
                    asked = time.monotonic()
                    self._goes_on = await self._keep()
                    self._kept = asked
        finally:
            for sender in senders:
                sender.cancel()
        await done
        await self._write(least=0)
        return self._is_ours

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(RECORD_SECONDS):
                await self._heard.wait()
        except TimeoutError:
            self._is_late = True
        self._heard.clear()

    async def _write(self, least: int) -> None:
        if self._is_ours and self._ended and (len(self._ended) >= least or self._is_late):
            ended, self._ended = self._ended, []
            self._is_ours = await self._record(ended)
        self._is_late = False

    async def _send(self) -> None:
        while self._chains and self._may_begin():
            for due in self._chains.pop():
                if not self._may_begin():
                    return
                outcome = await self._once(due)
                self._ended.append(outcome)
                self._failures = 0 if outcome.verdict == "DELIVERED" else self._failures + 1
                if len(self._ended) >= RECORD_AT:
                    self._heard.set()
                if outcome.verdict == "WAITING":
                    break  # what comes after it waits for it

    def _may_begin(self) -> bool:
        now = time.monotonic()
        return (
            self._is_ours
            and self._goes_on
            and self._failures < MOST_FAILURES
            and now < self._began + TURN_SECONDS
            and now < self._kept + self._unkept_seconds
        )
