"""What the view of a contract says of its life. Pure."""

import datetime as dt
from typing import Literal

from contor.contracts.calendar.life import MissedPeriods, PausedUsages
from contor.kernel.shapes import shape


@shape
class TrialView:
    last_day: dt.date
    anchor: Literal["END", "START"]
    usages: Literal["CHARGED", "FREE"]


@shape
class PauseView:
    from_date: dt.date
    resume_date: dt.date | None
    """The day on which the contract goes on; not there: nobody knows yet."""
    missed_periods: MissedPeriods
    usages: PausedUsages
    reason: str | None


@shape
class PostponementView:
    from_date: dt.date
    """When the interval would have begun."""
    to_date: dt.date


@shape
class FormerEndView:
    """An end that took effect before the contract began again."""

    end_date: dt.date
    """The last day."""
    restart_date: dt.date
    end_kind: str | None
    """Not there: its plan went no further."""
    notice_date: dt.date | None
    reason: str | None


@shape
class AlignmentView:
    """From when on intervals are counted from another day."""

    from_date: dt.date
    billing_date: dt.date
    """A day on which an interval begins."""
