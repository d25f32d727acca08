"""Pauses of a simulated year: people pause contracts and let them go on by chance, and know by hand which intervals are owed."""

import calendar
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.factories.tenants import Tenant
from tests.factories.years import FIRST, Year

from contor.contracts.life.pauses import PauseContract, Pausing, ResumeContract, Resumption, pause, resume
from contor.kernel.errors import Refused

MONTHS = {"monthly": 1, "quarterly": 3, "advance": 3, "yearly": 12, "trial": 1, "metered": 1}
BY_THE_CALENDAR, AT_THE_END = {"quarterly", "advance"}, {"quarterly", "metered"}
REFUSALS = {
    "contract_ended",
    "contract_cancelled",
    "contract_paused",
    "pause_before_start",
    "pause_after_end",
    "contract_not_paused",
}


@dataclass
class Rest:
    """As whoever asked for it noted it down."""

    noted_on: dt.date
    since: dt.date
    until: dt.date | None = None
    is_made_up: bool = False
    """What began meanwhile is billed when the contract goes on."""


class Pausers:
    """Whoever pauses contracts, with a list of which rest from when to when."""

    def __init__(self, tenant: Tenant, seed: int = 13) -> None:
        self.tenant, self.random = tenant, random.Random(seed)
        self.rests: dict[str, list[Rest]] = {}
        self.paused = self.resumed = 0

    def live(self, day: dt.date, running: list[str]) -> None:
        """What is paused and goes on, on a day."""
        for ident in self.random.sample(running, min(2, len(running))):
            self._tried(self._pause, ident, day)
        open_ones = [ident for ident, rests in sorted(self.rests.items()) if rests and rests[-1].until is None]
        for ident in open_ones:
            if self.random.random() < 0.02:
                self._tried(self._resume, ident, day)

    def _tried(self, deed: Callable[[str, dt.date], None], ident: str, day: dt.date) -> None:
        try:
            deed(ident, day)
        except Refused as refused:
            assert (said := {problem.code for problem in refused.problems}) <= REFUSALS, said

    def _pause(self, ident: str, day: dt.date) -> None:
        since = day + dt.timedelta(days=self.random.choice([0, 0, 0, 10, -20]))
        until = since + dt.timedelta(days=self.random.randrange(1, 120)) if self.random.random() < 0.4 else None
        rest = Rest(day, since, until, self.random.random() < 0.5)
        missed = "BILL_MISSED" if rest.is_made_up else "IGNORE"
        usages = self.random.choice(["BILLED", "WITHHELD"])
        body = Pausing(from_date=since, resume_date=until, missed_periods=missed, usages=usages)
        self.tenant.execute(pause, PauseContract(contract_ident=ident, body=body))
        self.rests.setdefault(ident, []).append(rest)
        self.paused += 1

    def _resume(self, ident: str, day: dt.date) -> None:
        until = day + dt.timedelta(days=self.random.choice([0, 0, 5, -5]))
        is_made_up = self.random.random() < 0.5
        body = Resumption(resume_date=until, missed_periods="BILL_MISSED" if is_made_up else "IGNORE")
        self.tenant.execute(resume, ResumeContract(contract_ident=ident, body=body))
        rest = self.rests[ident][-1]
        if until <= rest.since:
            self.rests[ident].pop()
        else:
            rest.until, rest.is_made_up = until, is_made_up
        self.resumed += 1


def differences(tenant: Tenant, year: Year, pausers: Pausers, last: dt.date) -> list[str]:
    """Where the fee of an interval of a contract that rested is not owed as the list says, at the end of a day."""
    found, looked = [], 0
    owed = {
        (row.contract_ident, row.period_start): row.net
        for row in tenant.rows(
            "SELECT c.contract_ident, i.period_start, sum(CASE WHEN i.type = 'CREDIT' THEN -i.total ELSE i.total END) AS net"
            " FROM billable_item i JOIN contract c USING (tenant_id, contract_id) WHERE i.processing_status = 'COMPLETED'"
            " AND i.origin_ident LIKE '%%-fee' GROUP BY 1, 2"
        )
    }
    ends = {row.contract_ident: row for row in tenant.rows("SELECT contract_ident, start_on, end_on, end_kind FROM contract")}
    for ident, rests in pausers.rests.items():
        row, (_, plan) = ends[ident], year.staff.numbers[ident]
        if ident in year.moved or row.end_kind == "CANCELLED":
            continue
        end = row.end_on or dt.date.max
        for start, stop, is_whole in intervals(plan, row.start_on, end, last):
            looked += 1
            is_owed = all(_is_owed(rest, plan, start, stop, end) for rest in rests)
            net = sum((net for (of, day), net in owed.items() if of == ident and start <= day < stop), Decimal(0))
            if is_owed != (net > 0) or net < 0:
                found.append(f"{ident} ({plan}) owes {net} from {start} to {stop}, and rested {rests}")
            wanted = year.staff.fees.get(ident)
            if is_owed and is_whole and wanted is not None and ident not in year.changed and net != wanted:
                found.append(f"{ident} ({plan}) owes {net} instead of {wanted} from {start} to {stop}")
    assert looked > 300, looked
    return found


def intervals(plan: str, start: dt.date, end: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date, bool]]:
    """Those that are due by a day, in date order: first day, day after the last one, whether it is whole."""
    months, found = MONTHS[plan], []
    anchor = start.replace(month=(start.month - 1) // 3 * 3 + 1, day=1) if plan in BY_THE_CALENDAR else start
    for number in range(200):
        first, after = (_months_on(anchor, months * n) for n in (number, number + 1))
        begins, stops = max(first, start), min(after, end)
        if begins >= stops or (stops if plan in AT_THE_END else begins) >= last:
            break
        if start >= FIRST or begins >= FIRST:  # what ran before the year was taken over
            found.append((begins, stops, (begins, stops) == (first, after)))
    return found


def _months_on(day: dt.date, months: int) -> dt.date:
    """On the same day of the month, or on its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _is_owed(rest: Rest, plan: str, start: dt.date, stop: dt.date, end: dt.date) -> bool:
    """What began before it is owed, what was due when it was noted, what holds the day on which it was over, and what is made up."""
    until = rest.until
    if start < rest.since or (until is not None and start >= until):
        return True
    if (stop <= rest.noted_on) if plan in AT_THE_END else (start < rest.noted_on):
        return True
    return until is not None and until < end and (rest.is_made_up or until < stop)
