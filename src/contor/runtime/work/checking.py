"""The invariants of every package, run over a tenant: at once for `contor check`, each night by the workers, which keep what they found."""

import datetime as dt
import logging
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import CHECKS, ON_DEMAND
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime import tables
from contor.runtime.execute import Runtime
from contor.runtime.integrity import SEALING, End, seal_through, trail_end
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller, described, each, tenant_ids

log = logging.getLogger("contor.checks")
KEPT = 1000
"""Findings of one tenant that are kept; all are counted."""


class Finding(NamedTuple):
    """A sentence that does not hold in a tenant."""

    tenant_id: int
    check: str
    finding: str


class LastCheck(NamedTuple):
    """The last nightly check of a tenant (real time)."""

    ran_at: dt.datetime
    seconds: Decimal
    found: int
    findings: list[list[str]]


@shape
class KeepFindings:
    ran_at: dt.datetime
    seconds: Decimal
    findings: tuple[tuple[str, str], ...]


@operation("check_run.keep", permission="settings.write")
def keep_findings(uow: Uow, command: KeepFindings) -> None:
    """Keep what the nightly check found, in place of what it found before."""
    uow.run("DELETE FROM check_run")
    row = {
        "ran_at": command.ran_at,
        "seconds": command.seconds,
        "found": len(command.findings),
        "findings": command.findings[:KEPT],
    }
    uow.insert(tables.check_run, [row])
    if command.findings:
        uow.audit("check_run", command.ran_at.isoformat(), {"found": len(command.findings)})


@shape
class SealTrail:
    last: int
    """The last entry that was seen."""
    next_transaction: int
    """What came next when it was seen."""


@operation(SEALING, permission="settings.write")
def seal(uow: Uow, command: SealTrail) -> bool:
    """Link what the trail told up to an entry; whether everyone who told before has come to his end."""
    return seal_through(uow, End(command.last, command.next_transaction))


def end_of_trail(runtime: Runtime, tenant: int) -> End | None:
    """Up to where the trail can be sealed later on; None: all of it is."""
    with runtime.transaction(caller("check", tenant), reads=True) as uow:
        return trail_end(uow)


def seal_trail(runtime: Runtime, tenant: int, end: End | None) -> bool:
    """Seal the trail up to there, if nobody who was there then is still at work; the next night will, otherwise."""
    return end is not None and bool(runtime.execute(seal, SealTrail(**end._asdict()), caller("check", tenant)))


def check_tenant(runtime: Runtime, tenant: int, *, thorough: bool = False) -> list[Finding]:
    """All checks of one tenant, each over one moment of its data; with `thorough` those that take long as well. A check that fails itself
    is a finding: it hides no other one."""
    names = sorted([*CHECKS, *ON_DEMAND]) if thorough else sorted(CHECKS)
    return [found for name in names for found in _findings(runtime, tenant, name)]


def _findings(runtime: Runtime, tenant: int, name: str) -> list[Finding]:
    try:
        # sums of two statements must be of one moment
        with runtime.transaction(caller("check", tenant), reads=True, snapshot=True) as uow:
            return [Finding(tenant, name, sentence) for sentence in (CHECKS.get(name) or ON_DEMAND[name])(uow)]
    except Exception as error:
        log.exception("check %s of tenant %s failed", name, tenant)
        return [Finding(tenant, name, f"the check itself failed: {described(error)}")]


def check_all(runtime: Runtime, tenant: int | None = None, *, thorough: bool = False) -> Iterator[Finding]:
    """The findings of one tenant or of all. A tenant that cannot be looked into is a finding."""
    for number, found in each(tenant_ids(runtime, tenant), lambda one: check_tenant(runtime, one, thorough=thorough)):
        yield from [Finding(number, "tenant", described(found))] if isinstance(found, Exception) else found


def last_check(runtime: Runtime, tenant: int) -> LastCheck | None:
    """What the last night found in a tenant."""
    with runtime.transaction(caller("check", tenant), reads=True) as uow:
        return uow.first(LastCheck, "SELECT ran_at, seconds, found, findings FROM check_run")


def look(runtime: Runtime, tenant: int) -> None:
    """The nightly check: findings are kept for `contor check --last`, and each is an error in the log. Then what the trail told before it
    gets its links."""
    began, ran_at = time.monotonic(), runtime.clock()
    end = end_of_trail(runtime, tenant)
    found = check_tenant(runtime, tenant)
    for one in found[:KEPT]:
        log.error("tenant %s: %s: %s", *one)
    seconds = Decimal(int((time.monotonic() - began) * 1000)) / 1000
    command = KeepFindings(ran_at=ran_at, seconds=seconds, findings=tuple((one.check, one.finding) for one in found))
    runtime.execute(keep_findings, command, caller("check", tenant))
    seal_trail(runtime, tenant, end)


NIGHTLY = work(Work(name="check", look=look, place="files"))
every_tenant(NIGHTLY, every=dt.timedelta(days=1), at=dt.timedelta(hours=1, minutes=30))
