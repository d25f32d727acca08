"""How much may be asked in a while: buckets fill steadily, each name has its own, wrong credentials make whoever tries them wait."""

from pathlib import Path

import pytest

from contor.api.limits import Buckets, Limits, TooMany
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.config import Config


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def some(clock: Clock, **settings: int) -> Limits:
    return Limits(Config(home=Path("/nowhere"), **settings), clock)


def test_a_tenant_may_ask_a_burst_and_then_as_much_as_flows_in() -> None:
    clock = Clock()
    made = some(clock, tenant_rate=60)  # one a second, ten at once
    assert [made.of_tenant(1).remaining for _ in range(10)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    with pytest.raises(TooMany) as refused:
        made.of_tenant(1)
    assert refused.value.kind is Kind.TOO_MANY
    said = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "10", "Retry-After": "1"}
    assert refused.value.headers() == said
    assert made.of_tenant(2).remaining == 9
    clock.now += 2.5
    assert [made.of_tenant(1).remaining for _ in range(2)] == [1, 0]
    with pytest.raises(TooMany):
        made.of_tenant(1)
    clock.now += 3600
    assert made.of_tenant(1).remaining == 9


def test_wrong_credentials_make_wait_right_ones_cost_nothing() -> None:
    clock = Clock()
    made = some(clock, login_tries=18)  # three at once, one each 3.3 s

    def tried(right: bool, *names: str) -> None:
        with made.trying(*names):
            if not right:
                raise Refused(Kind.UNAUTHENTICATED, Problem("credentials_invalid", "Invalid credentials"))

    for _ in range(50):
        tried(True, "10.0.0.1", "user:a")
    for _ in range(3):
        with pytest.raises(Refused, match="credentials_invalid"):
            tried(False, "10.0.0.1", "user:a")
    for right, names in ((True, ("10.0.0.1", "user:b")), (True, ("10.0.0.2", "user:a")), (False, ("10.0.0.1",))):
        with pytest.raises(TooMany):
            tried(right, *names)
    tried(True, "10.0.0.2", "user:b")
    clock.now += 3.4
    tried(True, "10.0.0.1", "user:a")


def test_what_is_not_a_wrong_credential_is_not_counted() -> None:
    made = some(Clock(), login_tries=6)
    for _ in range(9):
        with pytest.raises(Refused, match="try_again"), made.trying("10.0.0.1"):
            raise Refused(Kind.UNAVAILABLE, Problem("try_again", "The server is busy; try again."))
    with made.trying("10.0.0.1"):
        pass


def test_names_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contor.api.limits.buckets.MOST_KNOWN", 100)
    clock = Clock()
    made = Buckets(60, clock)
    for _ in range(10):
        made.take("busy")
    for number in range(500):
        clock.now += 0.001
        made.take(f"n{number}")
    assert len(made._levels) <= 100
