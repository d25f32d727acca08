"""Reading a bank's file: what it says of each account of ours is stored whole, or kept aside with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import after
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.accounts import ACCOUNTS
from contor.payments.files import Heard, StatusReportView, hear_report
from contor.payments.ibans import key_of
from contor.payments.statements.bookings import given_bookings, known_bookings
from contor.payments.statements.events import StatementsRead, StatementsWait
from contor.payments.statements.files import (
    FILE,
    FileRow,
    OneStatement,
    State,
    StatementView,
    added,
    reasons_of,
    view_of,
)
from contor.payments.statements.judged import OwnAccount, Plan, Proved, Spread, planned, spread
from contor.payments.statements.kept import Kept, original, payment_findings, payments_for, store
from contor.payments.statements.mappings import forms_of
from contor.payments.statements.read import read_file, reports_in
from contor.payments.statements.types import Statement
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@shape
class ReadFile:
    statement_ident: str


@dataclass(frozen=True, slots=True)
class ReadAgain(OneStatement):
    force: bool = False


class _Outcome(NamedTuple):
    """What became of a file, or of what it says of one account."""

    state: State
    problems: Sequence[Problem] = ()
    counts: dict[str, int] = {}
    statements: Sequence[Statement] = ()
    forced: bool = False
    reports: Sequence[StatusReportView] = ()


def _waiting(fact: StatementsWait) -> Iterator[ReadFile]:
    for ident in fact.idents:
        yield ReadFile(statement_ident=ident)


@operation("statement.give_up", permission="payments.write")
def give_up(uow: Uow, command: ReadFile) -> StatementView:
    """Reading failed again and again by a fault that is not the file's own: it is kept aside, for a person to have it read again."""
    row = _locked(uow, command.statement_ident)
    if row.state != "RECEIVED":
        return view_of(row)
    message = "Reading the file failed and was given up, though nothing wrong was found in it; the log of the server says why."
    return view_of(_settled(uow, row, row.account_ident, _Outcome("KEPT_ASIDE", (Problem("reading_failed", message),))))


@after(StatementsWait, batches=_waiting, given_up=give_up)
@operation("statement.read", permission="payments.write")
def read_statement(uow: Uow, command: ReadFile) -> StatementView:
    """Read a file that waits, or was kept aside; what is read or refused stays so."""
    row = _locked(uow, command.statement_ident)
    return view_of(_read(uow, row, force=False) if row.state in ("RECEIVED", "KEPT_ASIDE") else row)


@operation("statement.read_again", permission="payments.write")
def read_again(uow: Uow, command: ReadAgain) -> StatementView:
    """Read what was kept aside once more; with `force` although balances or days do not agree, which the trail keeps."""
    row = _locked(uow, command.statement_ident)
    if row.account_ident != command.merchant_payment_account_ident:
        ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
        raise not_found("statement", command.statement_ident)
    if row.state == "READ":
        problem = Problem("statement_read_already", "The statement was read already: there is nothing to be done again.")
        raise Refused(Kind.ILLEGAL_STATE, problem)
    return view_of(_read(uow, row, force=command.force))


def _locked(uow: Uow, ident: str) -> FileRow:
    row = uow.first(FileRow, FILE + "ident = %s FOR UPDATE", (ident,))
    if row is None:
        raise not_found("statement", ident)
    return row


def _read(uow: Uow, row: FileRow, *, force: bool) -> FileRow:
    content = original(uow, Kept(row.sha256, row.blob))
    try:
        statements = read_file(content, forms_of(uow, row.account_ident))
        reports = reports_in(content)
    except Refused as refused:
        return _settled(uow, row, row.account_ident, _Outcome("REFUSED", refused.problems))
    if reports and (row.state == "RECEIVED" or not statements):
        own = added(uow, row.file_name, Kept(row.sha256, row.blob), row.size, row.way, row.account_ident) if statements else row
        heard = _listened(uow, own, reports)
        if not statements:
            return heard
    accounts = uow.all(OwnAccount, f"SELECT {columns(OwnAccount)} FROM merchant_payment_account ORDER BY ident")
    found = spread(statements, accounts, row.account_ident)
    uow.lock("payments", found.by_account)  # what is found known stays all there is until the commit
    if row.state != "RECEIVED":  # the others of the file have rows of their own by now
        found = Spread({ident: own for ident, own in found.by_account.items() if ident == row.account_ident}, found.problems)
    done = row
    first = row.account_ident if row.account_ident in found.by_account else None
    if first is None and row.account_ident is None:
        first = min(found.by_account, default=None)
    for account_ident in sorted(found.by_account):
        kept = Kept(row.sha256, row.blob)
        own = row if account_ident == first else added(uow, row.file_name, kept, row.size, row.way, account_ident)
        outcome = _taken(uow, account_ident, found.by_account[account_ident], own.ident, force=force)
        if own is row:
            done = _settled(uow, row, account_ident, outcome._replace(problems=(*outcome.problems, *found.problems)))
        else:
            _settled(uow, own, account_ident, outcome)
    if first is None:
        elsewhere = [
            Problem("account_other", f"The file is of the account {ident!r} of ours, where it was read.", "file", ident)
            for ident in sorted(found.by_account)
        ]
        done = _settled(uow, row, row.account_ident, _Outcome("REFUSED", (*elsewhere, *found.problems)))
    return done


def _listened(uow: Uow, row: FileRow, reports: Sequence[bytes]) -> FileRow:
    """What the file says of our own files: each report by itself, so that one that is about nothing of ours keeps no other one off."""
    heard, problems = list[Heard](), list[Problem]()
    for content in reports:
        try:
            heard.append(hear_report(uow, content, row.account_ident))
        except Refused as refused:
            problems += refused.problems
    account = row.account_ident or next((it.merchant_account_ident for it in heard), None)
    counts = {"reports": len(heard), "rejected": sum(it.view.rejected for it in heard if not it.view.read_before)}
    views = tuple([it.view for it in heard])
    return _settled(uow, row, account, _Outcome("READ" if heard else "REFUSED", problems, counts, reports=views))


def _taken(uow: Uow, account_ident: str, statements: Sequence[Statement], file_ident: str, *, force: bool) -> _Outcome:
    """What a file says of one account, stored or kept aside."""
    account = ACCOUNTS.require(uow, (account_ident,))
    known, ends = known_bookings(uow, account_ident, statements), _ends(uow, account_ident)
    given = given_bookings(uow, account_ident, statements, known)
    ibans = {part.iban for one in statements for entry in one.entries for part in entry.parts if part.iban}
    keys = {iban: key_of(uow, iban) for iban in ibans}
    plan = planned(statements, known, ends, keys, uow.new_ident, given=given, force=force)
    if plan.problems:
        return _Outcome("KEPT_ASIDE", plan.problems, statements=statements)
    payments = payments_for(uow, account, plan)
    if problems := payment_findings(uow, account, payments):
        return _Outcome("KEPT_ASIDE", problems, statements=statements)
    stored = store(uow, account, file_ident, plan, payments)
    if plan.fresh or plan.proofs:
        _look_again(uow, account_ident, file_ident)
    counts = {**_counted(plan, statements), **stored}
    return _Outcome("READ", plan.overruled, counts, statements, bool(plan.overruled))


def _counted(plan: Plan, statements: Sequence[Statement]) -> dict[str, int]:
    return {
        "statements": len(statements),
        "bookings": sum(len(one.booked) for one in statements),
        "new": sum(one.payment is None for one, _ in plan.fresh),
        "known": plan.known,
        "information": plan.information,
    }


def _look_again(uow: Uow, account_ident: str, ident: str) -> None:
    """What was kept aside of this account may follow now."""
    sql = "SELECT ident FROM statement_file WHERE account_ident = %s AND state = 'KEPT_ASIDE' AND ident <> %s ORDER BY id LIMIT 100"
    if waiting := uow.column(str, sql, (account_ident, ident)):
        uow.emit(StatementsWait(idents=tuple(waiting)))


def _settled(uow: Uow, row: FileRow, account_ident: str | None, outcome: _Outcome) -> FileRow:
    """Say of a file what became of it."""
    shown = [_content(one) for one in outcome.statements[:100]]
    shown += [{"format": "pain.002", "number": one.ident, "bookings": 0} for one in outcome.reports[:100]]
    reasons, now = reasons_of(outcome.problems), uow.ctx.now()
    done = row._replace(
        account_ident=account_ident,
        state=outcome.state,
        reasons=reasons,
        counts=outcome.counts,
        statements=shown,
        forced=outcome.forced,
        read_at=now,
    )
    uow.run(
        "UPDATE statement_file SET account_ident = %s, state = %s, reasons = %s::json, counts = %s::json, statements = %s::json,"
        " forced = %s, read_at = %s WHERE ident = %s",
        (account_ident, outcome.state, *map(_json, (reasons, outcome.counts, shown)), outcome.forced, now, row.ident),
    )
    change = {"state": outcome.state, "reasons": [one["code"] for one in reasons], "forced": outcome.forced, **outcome.counts}
    uow.audit("statement_file", row.ident, change)
    if outcome.state == "READ":
        uow.emit(StatementsRead(idents=(row.ident,)))
    return done


def _content(statement: Statement) -> dict[str, object]:
    opening, closing = statement.opening, statement.closing
    return {
        "format": statement.form,
        "number": statement.number,
        "opening": str(opening.amount) if opening else None,
        "closing": str(closing.amount) if closing else None,
        "closed_on": closing.on.isoformat() if closing else None,
        "bookings": len(statement.booked),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _ends(uow: Uow, account_ident: str) -> tuple[Proved, Proved] | None:
    """The first and the last statement of the account."""
    sql = f"SELECT {columns(Proved)} FROM bank_statement WHERE account_ident = %s ORDER BY position"
    first, last = uow.first(Proved, f"{sql} LIMIT 1", (account_ident,)), uow.first(Proved, f"{sql} DESC LIMIT 1", (account_ident,))
    return None if first is None or last is None else (first, last)
