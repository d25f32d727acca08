"""When something is done again and again, as `cron` writes it: minute, hour, day of the month, month, day of the week."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from contor.kernel.errors import Problem

_FIELD = r"[0-9*/,-]+"
_NAMED = r"[0-9*/,A-Za-z-]+"
_WRITTEN = re.compile(f"{_FIELD} {_FIELD} {_FIELD} {_NAMED} {_NAMED}")


def schedule_problem(schedule: str, field: str) -> Problem | None:
    """What is wrong with it; None: nothing."""
    from croniter import croniter  # by who has a schedule

    expected = (
        "expected are five fields as cron has them: minute, hour, day of the month, month, day of the week, e.g. `30 6 * * mon-fri`"
    )
    if not _WRITTEN.fullmatch(schedule) or not croniter.is_valid(schedule):
        return Problem("schedule_malformed", f"is no schedule: {expected}", field, schedule)
    try:
        next_time(schedule, dt.datetime(2024, 1, 1, tzinfo=dt.UTC), ZoneInfo("UTC"))
    except ValueError:
        return Problem("schedule_without_day", "names a day that no calendar has", field, schedule)
    return None


def next_time(schedule: str, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first instant behind `after` (UTC), by the clocks of the zone. Raises ValueError where there is none."""
    from croniter import croniter

    found: dt.datetime = croniter(schedule, after.astimezone(zone)).get_next(dt.datetime)
    return found.astimezone(dt.UTC)
