"""What happened in the life of a contract that its plan and dates do not say: a trial, pauses, another billing day, postponements, ends
that were followed by a new beginning. Pure.

Days are calendar days of the contract's billing group; an end is the first day that is no part of it any more.
"""

import datetime as dt
from typing import Literal

from contor.kernel.shapes import Frozen

TrialAnchor = Literal["END", "START"]
"""From where intervals are counted: from the end of the trial, or from the contract's start (the first one is charged by its days)."""
TrialUsages = Literal["CHARGED", "FREE"]
MissedPeriods = Literal["BILL_MISSED", "IGNORE"]
"""What becomes of the intervals that began while a contract was paused, once it goes on."""
PausedUsages = Literal["BILLED", "WITHHELD"]
"""Whether what is used while a contract is paused is billed at the end of its interval as ever, or when the contract goes on."""


class Trial(Frozen, frozen=True):
    """Nothing recurring is charged before a day."""

    until: dt.date
    """The first day after it."""
    anchor: TrialAnchor = "END"
    usages: TrialUsages = "CHARGED"


class Pause(Frozen, frozen=True):
    """[since, until): intervals that begin in it are not charged, or later."""

    since: dt.date
    counts_from: dt.date
    """Intervals that begin before this day had been billed, or were due, when the contract was paused, and stay as they are."""
    until: dt.date | None = None
    """The day on which it goes on; None: nobody knows yet."""
    missed: MissedPeriods = "IGNORE"
    usages: PausedUsages = "BILLED"
    reason: str | None = None

    def holds(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Postponement(Frozen, frozen=True):
    """[since, until) costs nothing; intervals are counted anew from its end."""

    since: dt.date
    until: dt.date


class Alignment(Frozen, frozen=True):
    """From a day on intervals are counted from another one, so that the contract is billed together with others: what lies between is
    charged by its days."""

    since: dt.date
    """The first day that no run had looked at when it was agreed."""
    anchor_on: dt.date
    """A day on which an interval begins."""


class FormerEnd(Frozen, frozen=True):
    """An end that took effect, and the day on which the contract began again."""

    ended_on: dt.date
    restarts_on: dt.date
    phase_ident: str | None = None
    """The phase that ran at the end, and runs again; None: none had begun."""
    end_kind: str | None = None
    """None: its plan went no further."""
    notice_on: dt.date | None = None
    reason: str | None = None


class Life(Frozen, frozen=True):
    """All of it. A contract of which nothing is to be said has none."""

    trial: Trial | None = None
    anchor_on: dt.date | None = None
    """A day on which an interval begins, so that the contract is billed together with others."""
    pauses: tuple[Pause, ...] = ()
    """In the order of their days; they do not overlap."""
    postponements: tuple[Postponement, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    """In the order of their days."""
    former_ends: tuple[FormerEnd, ...] = ()

    def terms_from(self, start_on: dt.date) -> dt.date:
        """The day from which phases and terms are counted first: they begin behind a trial whose end is the anchor."""
        trial = self.trial
        return max(start_on, trial.until) if trial is not None and trial.anchor == "END" else start_on

    def runs_on(self, day: dt.date) -> bool:
        """Whether the contract had not ended on the day, to begin again later."""
        return not any(one.ended_on <= day < one.restarts_on for one in self.former_ends)

    def pause_on(self, day: dt.date) -> Pause | None:
        return next((one for one in self.pauses if one.holds(day)), None)

    def in_trial(self, day: dt.date) -> bool:
        return self.trial is not None and day < self.trial.until

    def is_usage_free(self, day: dt.date) -> bool:
        """What is used in a trial that charges no usages costs nothing."""
        return self.trial is not None and self.trial.usages == "FREE" and day < self.trial.until
