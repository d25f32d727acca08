"""Little work that comes in a stream is done together: a turn costs by itself as much as a dozen things done in it.

Who is looked into after quiet waits for nothing, nor do a few callers who wait for the end of one thing before they send the next: only
where more comes all the time, and only for a moment.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

ENOUGH = 50
"""Marks for which nothing more is waited for."""
STREAM = 16
"""Marks of one look that make a stream: no dozen callers, each of whom waits for an answer, leave so many."""
STREAM_SECONDS = 1.0
"""For so long after such a look what comes belongs to the stream."""
STILL_SECONDS = 0.04
"""Without a further mark for so long there is nothing to wait for."""
AWAY_SECONDS = 0.1
"""How soon after it was found at work another worker is looked for again."""


class Marked(NamedTuple):
    """A tenant that is to be looked into, and the marks that say so."""

    tenant_id: int
    ids: list[int]
    failures: int
    waited: float
    """Seconds since the first of them was due."""
    is_planned: bool
    """Its last look asked for this one."""


class Gathering:
    """What one thread knows of the tenants that it looks into: where more is to be waited for, and where another worker is."""

    def __init__(self, linger: float) -> None:
        """`linger`: seconds that a mark of a stream waits at most; 0: nothing waits."""
        self._linger = linger
        self._streams: dict[int, float] = {}
        self._away: dict[int, float] = {}
        self._grown: dict[int, tuple[int, float]] = {}
        """By tenant: so many marks were there, and when their number was another last."""

    def ripe(self, found: Sequence[Marked], now: float | None = None) -> list[Marked]:
        """Those of the marked tenants that are to be looked into at once (`now`: monotonic seconds)."""
        now = time.monotonic() if now is None else now
        before, self._grown = self._grown, {}
        self._away = {tenant: until for tenant, until in self._away.items() if until > now}
        self._streams = {tenant: until for tenant, until in self._streams.items() if until > now}
        chosen = []
        for one in found:
            marks, since = before.get(one.tenant_id, (0, now))
            since = since if marks == len(one.ids) else now
            if one.tenant_id in self._away:
                continue
            if self._gathers(one, now - since):
                self._grown[one.tenant_id] = (len(one.ids), since)
            else:
                chosen.append(one)
        return chosen

    def _gathers(self, one: Marked, still: float) -> bool:
        if one.tenant_id not in self._streams or one.is_planned or one.failures:
            return False
        return len(one.ids) < ENOUGH and one.waited < self._linger and still < STILL_SECONDS

    def looked(self, one: Marked, now: float | None = None) -> None:
        """It was looked into."""
        if self._linger and len(one.ids) >= STREAM:
            self._streams[one.tenant_id] = (time.monotonic() if now is None else now) + STREAM_SECONDS

    def is_elsewhere(self, one: Marked, now: float | None = None) -> None:
        """Another worker does its work."""
        self._away[one.tenant_id] = (time.monotonic() if now is None else now) + AWAY_SECONDS

    @property
    def waits(self) -> bool:
        """Whether there are tenants for which it is waited."""
        return bool(self._grown)
