"""Facts about posting periods. Pure."""

import datetime as dt

from contor.kernel.events import event


@event("posting_period.closing")
class ClosingBegan:
    """Nothing else is posted into the month any more: its closing entries come next."""

    month: str
    """YYYY-MM."""


@event("posting_period.closed")
class PeriodClosed:
    """The month is closed for good (Festschreibung), with its closing entries."""

    month: str
    """YYYY-MM."""
    last_day: dt.date
