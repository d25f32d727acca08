"""What billing groups say about usages that come late (accounting reference 9, "late usage"). Pure."""

import datetime as dt
from typing import NamedTuple

from contor.settings.types import LateUsageBehaviour


class LateUsages(NamedTuple):
    behaviour: LateUsageBehaviour
    months: int
    """A usage that is older is refused."""

    def oldest(self, today: dt.date) -> dt.date:
        """The first day of which a usage is taken: that of its month."""
        year, month = divmod(today.year * 12 + today.month - 1 - self.months, 12)
        return dt.date(year, month + 1, 1)
