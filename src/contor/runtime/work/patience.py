"""For how long who changes something waits for what others hold, where many callers share few connections."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

LONG, SHORT, HARDLY = "10s", "2s", "200ms"
"""For how long one lock is waited for."""
STUCK_SECONDS, MOVING_SECONDS = 1.0, 2.0
MOST_KNOWN = 1_000
"""Tenants of which one process remembers when something ended."""


class Patience:
    """Whoever waits keeps a connection: a thing that stays locked, whichever and by whatever statement, must not take them all. A line that
    moves is another matter: thirty who buy by one coupon at once are through in a few seconds."""

    def __init__(self, connections: int) -> None:
        self._most, self._guard = max(1, connections // 3), threading.Lock()
        self._running: dict[object, float] = {}
        self._ended: dict[int | None, float] = {}

    @contextmanager
    def of_one(self, tenant_id: int | None) -> Iterator[str]:
        """Within it one more caller changes something of a tenant; for how long it waits for a lock."""
        token, now = object(), time.monotonic()
        with self._guard:
            patience = self._for_next([now - began for began in self._running.values()], self._moves(tenant_id, now))
            self._running[token] = now
        waited_in_vain = False
        try:
            yield patience
        except psycopg.Error:
            waited_in_vain = True
            raise
        finally:
            with self._guard:
                del self._running[token]
                if not waited_in_vain:
                    self._end(tenant_id)

    def is_moving(self, tenant_id: int | None) -> bool:
        """Whether somebody who changed something of the tenant came to an end a moment ago."""
        with self._guard:
            return self._moves(tenant_id, time.monotonic())

    def _moves(self, tenant_id: int | None, now: float) -> bool:
        ended = self._ended.get(tenant_id)
        return ended is not None and now - ended < MOVING_SECONDS

    def _end(self, tenant_id: int | None) -> None:
        now = time.monotonic()
        if len(self._ended) >= MOST_KNOWN:
            self._ended = {known: ended for known, ended in self._ended.items() if now - ended < MOVING_SECONDS}
        self._ended[tenant_id] = now

    def _for_next(self, ages: list[float], is_moving: bool) -> str:
        """A third of the connections may wait as long as anyone. Who comes when that many have been at it for a while, and nobody of the
        tenant came to an end meanwhile, hardly waits; who comes while that many are only busy waits longer than any of them should need."""
        if len(ages) < self._most:
            return LONG
        return HARDLY if not is_moving and sum(age >= STUCK_SECONDS for age in ages) >= self._most else SHORT
