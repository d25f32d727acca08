"""What becomes of a notification after a try: delivered, tried again after a pause, or given up. Pure."""

import datetime as dt
from typing import Literal, NamedTuple

Verdict = Literal["DELIVERED", "WAITING", "FAILED"]
PAUSES_GROW_BY = 4
LONGEST_PAUSE = dt.timedelta(hours=6)
LONGEST_ASKED = dt.timedelta(hours=1)
"""The longest `Retry-After` that is kept to."""
PATIENT = frozenset({408, 409, 425, 429})
"""Of the answers by which a receiver refuses (4xx), those that may be others the next time."""
MOST_FAILURES = 20
"""Failures one upon the other by which a route is paused."""


class Policy(NamedTuple):
    """How often a route tries again."""

    resends: int
    first_pause_seconds: int
    within_hours: int


class Next(NamedTuple):
    verdict: Verdict
    due_at: dt.datetime | None
    """Of what is tried again."""


def is_tried_again(status: int | None) -> bool:
    """Whether a try that failed says nothing about the next one: there was no answer (None), the receiver is at fault, or calls it
    passing."""
    return status is None or status >= 500 or status in PATIENT


def pause_asked(retry_after: str) -> int:
    """The seconds of a header `Retry-After` (RFC 9110, 10.2.3), at most the longest that is kept to; 0 where it says no number."""
    longest = int(LONGEST_ASKED.total_seconds())
    if not (retry_after.isascii() and retry_after.isdecimal()):
        return 0
    digits = retry_after.lstrip("0") or "0"
    return min(int(digits), longest) if len(digits) <= len(str(longest)) else longest  # numbers may be of any length


def after(
    status: int | None, tries: int, first_try_at: dt.datetime, now: dt.datetime, policy: Policy, asked_seconds: int = 0
) -> Next:
    """After so many tries, with this one. `status`: of the answer, None: there was none. `asked_seconds`: the pause that the receiver asks
    for (`pause_asked`). Pauses grow fourfold, up to six hours."""
    if status is not None and 200 <= status < 300:
        return Next("DELIVERED", None)
    if not is_tried_again(status) or tries > policy.resends:
        return Next("FAILED", None)
    pause = dt.timedelta(seconds=policy.first_pause_seconds * PAUSES_GROW_BY ** (tries - 1))
    asked = dt.timedelta(seconds=asked_seconds)
    due_at = now + max(min(pause, LONGEST_PAUSE), asked)
    if due_at > first_try_at + dt.timedelta(hours=policy.within_hours):
        return Next("FAILED", None)
    return Next("WAITING", due_at)
