"""The test clock: a TEST tenant lives at the instant that it is told, so that a year of business can be rehearsed in an hour.

It is stored with the tenant and read at the start of each of its transactions, by every process alike; it stands still until it
is turned again. LIVE has no test clock: there a document's date is the day on which it was issued (section 14 (4) no. 3 UStG).
"""

import datetime as dt
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Name255, shape
from contor.kernel.work import WORK
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

EARLIEST, LATEST = 1970, 2999
"""The years that a test clock can show."""


@shape
class TurnClock:
    instant: dt.datetime | None
    """None: back to the real time."""


@shape
class Clock:
    instant: dt.datetime
    """What the tenant's time is now (UTC)."""
    is_test_clock: bool


@shape
class ReadClock:
    """No input: the caller's tenant."""


@shape
class FindEnvironment:
    realm: Name255


@shape
class EnvironmentFound:
    tenant_id: int
    environment: str


@operation("environment.turn_clock", permission="settings.write")
def turn_clock(uow: Uow, command: TurnClock) -> Clock:
    """Set the test clock of the caller's TEST tenant, forwards or backwards, or switch it off. It counts from the next transaction on."""
    if uow.ctx.environment != "TEST":
        message = "A LIVE tenant lives in real time; only TEST has a clock that can be turned."
        raise Refused(Kind.ILLEGAL_STATE, Problem("environment_is_live", message))
    instant = _in_utc(command.instant) if command.instant is not None else None
    before = uow.scalar(dt.datetime, "SELECT clock_at FROM directory.environment WHERE id = %s FOR UPDATE", (uow.ctx.tenant_id,))
    uow.run("UPDATE directory.environment SET clock_at = %s WHERE id = %s", (instant, uow.ctx.tenant_id))
    for work in WORK.values():
        if work.by_clock or work.after_change is not None:  # much may be due at once
            uow.mark(work.name)
    uow.audit("environment", str(uow.ctx.tenant_id), {"before": {"clock_at": before}, "after": {"clock_at": instant}})
    return Clock(instant=instant or uow.runtime.clock(), is_test_clock=instant is not None)


@operation("environment.read_clock", permission="settings.read", reads=True)
def read_clock(uow: Uow, command: ReadClock) -> Clock:
    """What time it is for the caller's tenant."""
    turned = uow.scalar(dt.datetime, "SELECT clock_at FROM directory.environment WHERE id = %s", (uow.ctx.tenant_id,))
    return Clock(instant=uow.ctx.now(), is_test_clock=turned is not None)


def zone_of_tenant(uow: Uow) -> str:
    """IANA name of the caller's tenant's zone, as it is now: `ctx` has that of the transaction's beginning."""
    return uow.scalar(str, "SELECT time_zone FROM directory.environment WHERE id = %s", (uow.ctx.tenant_id,)) or uow.ctx.zone.key


def move_to_zone(uow: Uow, zone: str) -> None:
    """Calendar days of the caller's tenant are those of this zone, from the next transaction on."""
    uow.run("UPDATE directory.environment SET time_zone = %s WHERE id = %s", (zone, uow.ctx.tenant_id))


class EnvironmentRow(NamedTuple):
    id: int
    environment: str


@operation("environment.find", permission="organizations.read", reads=True, directory=True)
def find_environment(uow: Uow, command: FindEnvironment) -> EnvironmentFound:
    """The tenant behind a realm. By the command line only: it looks across all organizations."""
    sql = f"SELECT {columns(EnvironmentRow)} FROM directory.environment WHERE realm = %s"
    found = uow.first(EnvironmentRow, sql, (command.realm,))
    if found is None:
        raise not_found("realm", command.realm)
    return EnvironmentFound(tenant_id=found.id, environment=found.environment)


def _in_utc(instant: dt.datetime) -> dt.datetime:
    """Raises INVALID outside the years in which every calendar computation stays possible."""
    if not EARLIEST <= instant.year <= LATEST:
        message = f"The clock can be turned to a year from {EARLIEST} to {LATEST}."
        raise Refused(Kind.INVALID, Problem("instant_out_of_range", message, "instant", instant.isoformat()))
    return instant.astimezone(dt.UTC)
