"""Banks are asked twice a day, and when somebody wants it. What they say is taken in as any file of a bank: each booking once, whoever is
killed in between."""

import datetime as dt
import hashlib
import logging
from typing import NamedTuple

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.files import FileContent
from contor.kernel.work import Elsewhere, Work, work
from contor.payments.open_banking.banks import Access, BankRefused, ConsentEnded, Fetched, Unreachable, bank_of
from contor.payments.open_banking.stored import LINK, LinkRow, access_of
from contor.payments.open_banking.synced import Synced, SyncState, ask_files, mark_synced, tell_end
from contor.payments.open_banking.types import AGAIN, EVERY, FIRST_LOOK, INFORM_BEFORE, LOOKED_BACK
from contor.payments.statements import ReadFile, ReceiveFile, read_statement, receive_statement
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant

log = logging.getLogger("contor.statements")
SYNC = "open_banking"
"""The work of asking banks."""


class _Due(NamedTuple):
    row: LinkRow
    access: Access


def sync_due(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Ask each bank of the tenant that is due; one that gives no answer holds up no other. When to look again. One worker at a time: a bank
    that is asked by two at once counts that against its user."""
    with runtime.transaction(_caller(tenant_id), reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('open_banking'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        return _sync_due(runtime, tenant_id)


def _sync_due(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    with runtime.transaction(_caller(tenant_id), reads=True) as uow:
        rows = uow.all(LinkRow, LINK + "status = 'LINKED' ORDER BY ident")
        now, stands = uow.ctx.now(), uow.ctx.is_test_clock
        due = [_Due(row, access_of(uow, row)) for row in rows if _due_at(row, now) <= now]
        ends = [row.ident for row in rows if _is_told(row, now)]
        later = [at for row in rows for at in _next(row, now)]
    for ident in ends:
        runtime.execute(tell_end, SyncState(ident=ident), _caller(tenant_id, ident))
    for one in due:
        runtime.go_on()
        _sync(runtime, tenant_id, one, now)
    return None if stands else min(later, default=None)  # a clock that stands still comes to nothing by itself


def _due_at(row: LinkRow, now: dt.datetime) -> dt.datetime:
    if row.asked_at is not None or row.tried_at is None or (row.valid_until is not None and row.valid_until <= now):
        return now
    return row.tried_at + (AGAIN if row.failing_since is not None else EVERY)


def _next(row: LinkRow, now: dt.datetime) -> list[dt.datetime]:
    """What comes next of a link."""
    at = _due_at(row, now)
    found = [at if at > now else now + EVERY]
    if row.valid_until is not None:
        found += [one for one in (row.valid_until - INFORM_BEFORE, row.valid_until) if one > now]
    return found


def _is_told(row: LinkRow, now: dt.datetime) -> bool:
    return row.valid_until is not None and row.last_informed_at is None and row.valid_until - INFORM_BEFORE <= now < row.valid_until


def _sync(runtime: Runtime, tenant_id: int, due: _Due, now: dt.datetime) -> None:
    who = _caller(tenant_id, due.row.ident)
    runtime.execute(mark_synced, _asked(runtime, tenant_id, due, now, who), who)


def _asked(runtime: Runtime, tenant_id: int, due: _Due, now: dt.datetime, who: Caller) -> Synced:
    """Ask one bank, and take in what it says; what became of it."""
    row, access = due
    said = Synced(ident=row.ident, asked_at=row.asked_at)
    bank = bank_of(runtime, tenant_id, row.provider)
    if bank is None:
        problem = runtime.execute(ask_files, SyncState(ident=row.ident), who)
        return said.but(answered=problem is None, problem=problem)
    if row.valid_until is not None and row.valid_until <= now:
        return said.but(status="EXPIRED", problem="The consent of 90 days has ended: connect the account again.")
    today = now.date() + dt.timedelta(days=1)  # whatever the zone: a bank knows no bookings of later days
    since = today - FIRST_LOOK if row.last_accessed_at is None else row.last_accessed_at.date() - LOOKED_BACK
    try:
        fetched = bank.fetch(access, max(since, today - FIRST_LOOK), today - dt.timedelta(days=1))
    except ConsentEnded:
        return said.but(status="EXPIRED", problem="The bank wants a confirmation: connect the account again.")
    except BankRefused as refused:
        return said.but(status="FAILED", problem=refused.message)
    except Unreachable as error:
        log.warning("the open banking account %s: %s", row.ident, error)
        return said.but(problem=str(error)[:500])
    problem = _taken(runtime, who, row.account_ident, fetched)
    return said.but(answered=True, known=fetched.known, problem=problem)


def _taken(runtime: Runtime, who: Caller, account_ident: str, fetched: Fetched) -> str | None:
    """Take in what a bank said; what is wrong with it, in words."""
    problems = []
    for file in fetched.files:
        with runtime.transaction(who, reads=True) as uow:
            if _is_read(uow, account_ident, file.content):
                continue  # the same as before: nothing was booked meanwhile
        command = ReceiveFile(FileContent(file.content, "application/octet-stream", file.name), "BANK", account_ident)
        try:
            made = runtime.execute(receive_statement, command, who)
            # whoever dies here leaves a file that waits, which a job reads
            read = runtime.execute(read_statement, ReadFile(statement_ident=made.statement_ident), who)
        except Refused as refused:
            problems.append(f"What the bank sent is not taken: {refused.problems[0].message}")
            continue
        if read.state != "READ":
            problems += [f"What the bank sent is {read.state}: {reason.message}" for reason in read.reasons[:1]]
    return " ".join(problems)[:500] or None


def _is_read(uow: Uow, account_ident: str, content: bytes) -> bool:
    sql = "SELECT 1 FROM statement_file WHERE sha256 = %s AND account_ident = %s AND state = 'READ' LIMIT 1"
    return uow.scalar(int, sql, (hashlib.sha256(content).hexdigest(), account_ident)) is not None


def _caller(tenant_id: int, link: str = "all") -> Caller:
    return Caller(f"open_banking:{link}", "open-banking", tenant_id, permissions=frozenset({EVERYTHING}))


every_tenant(work(Work(name=SYNC, look=sync_due, by_clock=True, place="files")), every=dt.timedelta(hours=1))
