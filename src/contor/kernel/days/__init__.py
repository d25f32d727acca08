"""Days on which nobody need act."""

from contor.kernel.days.holidays import is_working_day, next_working_day

__all__ = ["is_working_day", "next_working_day"]
