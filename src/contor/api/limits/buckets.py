"""How much one tenant, one address, and one who tries credentials may ask in a while: token buckets, one for each.

Each API process counts for itself: with several, the limit is that of each of them. What is asked in ten seconds may be asked at once.
What a dialect promises by number is counted by all of them together, see `windows`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from starlette.requests import Request

from contor.api.limits.windows import Allowed, Windows
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.config import Config

Made = TypeVar("Made")
MOST_KNOWN = 20_000
"""Buckets kept at once; those that are full again are the first to go."""
BURST_SECONDS = 10


class Rate(NamedTuple):
    """How a bucket stands, for the headers of an answer."""

    limit: int
    """What it holds at most."""
    remaining: int
    reset: int
    """Seconds until it is full again."""
    retry: int
    """Seconds until the next may be asked."""

    def headers(self) -> dict[str, str]:
        said = {"X-RateLimit-Limit": self.limit, "X-RateLimit-Remaining": self.remaining, "X-RateLimit-Reset": self.reset}
        return {name: str(value) for name, value in said.items()}


class Buckets:
    """A bucket for each name. It fills steadily; what is asked takes one token out, and none is asked of an empty one."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = per_minute / 60, clock
        self._size = max(1.0, self._rate * BURST_SECONDS)
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str) -> tuple[bool, Rate]:
        """Whether there was one to take, and how it stands now."""
        return self._asked(name, 1.0)

    def look(self, name: str) -> tuple[bool, Rate]:
        """Whether there would be one."""
        return self._asked(name, 0.0)

    def _asked(self, name: str, cost: float) -> tuple[bool, Rate]:
        with self._lock:
            now = self._clock()
            level, then = self._levels.get(name, (self._size, now))
            level = min(self._size, level + (now - then) * self._rate)
            allowed = level >= 1.0
            if allowed:
                level -= cost
            if name not in self._levels and len(self._levels) >= MOST_KNOWN:
                self._forget(now)
            self._levels[name] = (level, now)
        missing = max(0.0, 1.0 - level)
        return allowed, Rate(int(self._size), int(level), _up((self._size - level) / self._rate), _up(missing / self._rate))

    def _forget(self, now: float) -> None:
        full = [name for name, (level, then) in self._levels.items() if level + (now - then) * self._rate >= self._size]
        for name in full or list(self._levels)[: MOST_KNOWN // 2]:
            del self._levels[name]


def _up(seconds: float) -> int:
    return int(-(-seconds // 1))


class Limits:
    """The limits of one API process."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._tenants = Buckets(config.tenant_rate, clock)
        self._addresses = Buckets(config.address_rate, clock)
        self._tries = Buckets(config.login_tries, clock)
        self._promised = Windows(config.home)

    def of_address(self, address: str) -> Rate:
        """Count a request of an address, before anything of it is believed. Raises TOO_MANY."""
        return _counted(self._addresses, address, "from this address")

    def of_tenant(self, tenant_id: int) -> Rate:
        """Count a request of a tenant. Raises TOO_MANY."""
        return _counted(self._tenants, str(tenant_id), "by this tenant")

    def of_named(self, dialect: str, tenant_id: int, allowed: Allowed | None) -> Rate:
        """Count a request of a tenant by what a dialect promises it (`allowed`), and by what anybody may ask. Raises TOO_MANY."""
        rate = self.of_tenant(tenant_id)
        return rate if allowed is None else self._of_promise(f"{dialect}:{tenant_id}", allowed)

    def _of_promise(self, name: str, allowed: Allowed) -> Rate:
        room, left, seconds = self._promised.take(name, allowed)
        rate = Rate(allowed.requests, left, seconds, seconds)
        if not room:
            raise TooMany(f"Too many requests: {allowed.requests} within {allowed.seconds} s are allowed", rate)
        return rate

    @contextmanager
    def guard(self, request: Request) -> Iterator[None]:
        """A page is asked for by an address, perhaps with a link that does not work. Raises TOO_MANY."""
        address = request.client.host if request.client is not None else ""
        self.of_address(address)
        with self.trying(address):
            yield

    def linked(self, request: Request, made: Callable[[], Made]) -> Made:
        """What a link leads to. One that leads nowhere is not there (NOT_FOUND); who tries too many has to wait (TOO_MANY)."""
        try:
            with self.guard(request):
                return made()
        except Refused as refused:
            if refused.kind is not Kind.UNAUTHENTICATED:
                raise
            raise Refused(Kind.NOT_FOUND, *refused.problems) from None

    @contextmanager
    def trying(self, *names: str) -> Iterator[None]:
        """Credentials are tried within: by an address, with the name of somebody. Wrong ones count; who has tried too many has to wait,
        whatever comes next. Raises TOO_MANY."""
        for name in names:
            allowed, rate = self._tries.look(name)
            if not allowed:
                raise TooMany("Too many wrong credentials were tried", rate)
        try:
            yield
        except Refused as refused:
            if refused.kind is Kind.UNAUTHENTICATED:
                for name in names:
                    self._tries.take(name)
            raise


class TooMany(Refused):
    """Refused for a while."""

    def __init__(self, reason: str, rate: Rate) -> None:
        super().__init__(Kind.TOO_MANY, Problem("too_many_requests", f"{reason}; try again in {rate.retry} s."))
        self.rate = rate

    def headers(self) -> dict[str, str]:
        return {**self.rate.headers(), "Retry-After": str(self.rate.retry)}


def _counted(buckets: Buckets, name: str, whose: str) -> Rate:
    allowed, rate = buckets.take(name)
    if not allowed:
        raise TooMany(f"Too much was asked {whose}", rate)
    return rate
