"""Days on which nobody need act."""

from contor.kernel.days.calendar import FIRST_YEAR, LAST_YEAR, is_countable
from contor.kernel.days.holidays import is_target_day, is_working_day, next_target_day, next_working_day

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "is_countable",
    "is_target_day",
    "is_working_day",
    "next_target_day",
    "next_working_day",
]
