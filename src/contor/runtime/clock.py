"""The wall clock, for what is no business fact: error envelopes and logs. Business asks its context."""

import datetime as dt


def now() -> dt.datetime:
    """The current instant (UTC)."""
    return dt.datetime.now(dt.UTC)
