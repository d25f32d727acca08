"""What becomes of a notification after a try: delivered, tried again after a pause, or given up. Pure."""

import datetime as dt
from typing import Literal, NamedTuple

from contor.notifications.types import Policy

Verdict = Literal["DELIVERED", "WAITING", "FAILED"]
LONGEST_PAUSE = dt.timedelta(hours=6)
LONGEST_ASKED = dt.timedelta(hours=1)
"""The longest `Retry-After` that is kept to."""
PATIENT = frozenset({408, 409, 425, 429})
"""Of the answers by which a receiver refuses (4xx), those that may be others the next time."""
MOST_FAILURES = 20
"""Failures one upon the other by which a route is paused."""


class Next(NamedTuple):
    verdict: Verdict
    due_at: dt.datetime | None
    """Of what is tried again."""


def is_tried_again(status: int | None, policy: Policy) -> bool:
    """Whether a try that failed says nothing about the next one: there was no answer (None), the receiver is at fault, or calls it
    passing."""
    return status is None or status >= 500 or status in PATIENT or not policy.are_refusals_final


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
    for (`pause_asked`), unless all pauses are alike. Pauses grow, up to six hours."""
    if status is not None and 200 <= status < 300:
        return Next("DELIVERED", None)
    if not is_tried_again(status, policy) or tries > policy.resends:
        return Next("FAILED", None)
    pause = dt.timedelta(seconds=policy.first_pause_seconds * policy.grows_by ** (tries - 1))
    asked = dt.timedelta(seconds=asked_seconds if policy.grows_by > 1 else 0)
    due_at = now + max(min(pause, LONGEST_PAUSE), asked)
    if due_at > first_try_at + dt.timedelta(hours=policy.within_hours):
        return Next("FAILED", None)
    return Next("WAITING", due_at)
