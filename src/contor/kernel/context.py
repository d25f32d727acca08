"""Who asks, for whom, and when: asked for, never taken from a global; and which day lies months from another one."""

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass, field
from typing import Literal

Environment = Literal["TEST", "LIVE"]

EVERYTHING = "*"
"""The permission of jobs and of the command line."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What a dialect, a job or the command line knows of who asks, before any transaction."""

    actor: str
    """`key:<uuid>`, `user:<uuid>`, `job` or `cli`: written to audit and journal."""
    request_id: str
    tenant_id: int | None = None
    organization_id: uuid.UUID | None = None
    environment: Environment | None = None
    permissions: frozenset[str] = frozenset()
    login: uuid.UUID | None = None
    """The login that a token came of; all that came of it can end at once."""

    def may(self, permission: str) -> bool:
        return permission in self.permissions or EVERYTHING in self.permissions


@dataclass(frozen=True, slots=True)
class Ctx:
    """The context of one transaction: the caller, the tenant's clock and zone."""

    caller: Caller
    instant: dt.datetime
    """UTC; the test clock of a TEST tenant, else the time at which the transaction began."""
    zone: zoneinfo.ZoneInfo = field(default_factory=lambda: zoneinfo.ZoneInfo("UTC"))
    environment: Environment = "TEST"
    is_test_clock: bool = False
    """The instant is that of a test clock, which stands still."""

    @property
    def tenant_id(self) -> int:
        if self.caller.tenant_id is None:
            raise LookupError("this operation needs a tenant")
        return self.caller.tenant_id

    @property
    def actor(self) -> str:
        return self.caller.actor

    def now(self) -> dt.datetime:
        """The current instant (UTC)."""
        return self.instant

    def today(self) -> dt.date:
        """The current calendar date in the tenant's zone."""
        return self.instant.astimezone(self.zone).date()


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, _length(year, month + 1)))


def _length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
