"""So many requests within so many seconds, counted from the first one on: what a dialect promises its callers by number.

Each API process counts for itself: with several, the limit is that of each of them.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

MOST_KNOWN = 20_000
"""Windows kept at once; those that are over are the first to go."""


class Allowed(NamedTuple):
    requests: int
    seconds: int


class Windows:
    """A window for each name. It opens with the first request, and takes as many as are allowed until it is over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, int]] = {}
        """(when it is over, how many it took)."""
        self._lock = threading.Lock()

    def take(self, name: str, allowed: Allowed) -> tuple[bool, int, int]:
        """(whether there was room for one, how many more there is room for, seconds until the window is over)."""
        with self._lock:
            now = self._clock()
            ends, taken = self._known.get(name, (0.0, 0))
            if ends <= now:
                if len(self._known) >= MOST_KNOWN:
                    self._forget(now)
                ends, taken = now + allowed.seconds, 0
            ends = min(ends, now + allowed.seconds)  # what is allowed may have changed meanwhile
            room = taken < allowed.requests
            if room:
                taken += 1
            self._known[name] = (ends, taken)
        return room, max(0, allowed.requests - taken), max(1, int(-(-(ends - now) // 1)))

    def _forget(self, now: float) -> None:
        over = [name for name, (ends, _) in self._known.items() if ends <= now]
        for name in over or list(self._known)[: MOST_KNOWN // 2]:
            del self._known[name]
