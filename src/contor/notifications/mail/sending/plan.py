"""What becomes of a mail after a try: sent, tried again after a pause, refused, given up, or held for a person. Pure."""

import datetime as dt
from typing import Literal, NamedTuple

Outcome = Literal["SENT", "PASSING", "REFUSED", "UNKNOWN", "UNFIT"]
"""SENT: the server took it. PASSING: it may take it the next time. REFUSED: it never will. UNKNOWN: perhaps it took it. UNFIT: it cannot be
sent as it is."""
Status = Literal["WAITING", "SENT", "REFUSED", "FAILED", "HELD"]
FIRST_PAUSE = dt.timedelta(minutes=1)
PAUSES_GROW_BY = 3
LONGEST_PAUSE = dt.timedelta(hours=4)
WITHIN = dt.timedelta(hours=72)
"""For so long after the first try a mail is tried again (RFC 5321, 4.5.4.1: four to five days would be usual between servers; a document
that comes later than that is better sent by a person)."""


class Next(NamedTuple):
    status: Status
    due_at: dt.datetime | None
    """Of what is tried again."""


def after(outcome: Outcome, tries: int, first_try_at: dt.datetime, now: dt.datetime) -> Next:
    """After so many tries, with this one."""
    if outcome == "SENT":
        return Next("SENT", None)
    if outcome == "REFUSED":
        return Next("REFUSED", None)
    if outcome in ("UNKNOWN", "UNFIT"):
        return Next("HELD", None)
    pause = LONGEST_PAUSE if tries > 10 else min(FIRST_PAUSE * PAUSES_GROW_BY ** (tries - 1), LONGEST_PAUSE)
    if now + pause > first_try_at + WITHIN:
        return Next("FAILED", None)
    return Next("WAITING", now + pause)
