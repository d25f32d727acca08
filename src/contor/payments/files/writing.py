"""Intents that wait go out in files. Attempts, mandates and the file itself are written in one transaction: none is in two files."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contor.kernel.days import next_target_day
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.customer_accounts import mark_presented, payable, paying_accounts
from contor.payments.files import tables
from contor.payments.files.events import PaymentFilesWritten
from contor.payments.files.orders import Waiting, day_of_collection, debit_of, notice_given, transfer_of, why_later
from contor.payments.files.sending import SENDING
from contor.payments.intents import (
    FileAttempt,
    begin_in_file,
    charge_problems,
    fail_unsent,
    give_up_account,
    is_processing,
    say_why,
)
from contor.payments.originals import seal_files
from contor.payments.sepa import Debit, OurAccount, Run, SepaSettings, Transfer, Written, given_by, write_debits, write_transfers
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

MOST = 50_000
"""Transactions of one turn: as many as a file may have."""
AHEAD = dt.timedelta(days=14)
Direction = Literal["DEBITS", "TRANSFERS"]


@shape
class WriteWaiting:
    """`after`: behind which merchant payment account and intent the last turn ended."""

    merchant_account_ident: str
    direction: Direction
    after: str = ""
    limit: int = MOST


@shape
class WroteFiles:
    files: tuple[str, ...]
    transactions: int
    left_out: int
    waiting: int
    """Whose day has not come."""
    after: str
    is_last: bool


class _Account(NamedTuple):
    iban: str | None
    bic: str | None
    sepa: Mapping[str, object] | None


_WAITING = """
SELECT i.ident, i.type, i.document_ident, i.customer_account_ident, i.amount, i.currency, i.statement_descriptor, i.due_on, i.notified_on,
       i.announced_on,
       1 + coalesce((SELECT max(a.number) FROM payment_attempt a WHERE a.tenant_id = i.tenant_id AND a.intent_ident = i.ident), 0)::int
       AS number
  FROM payment_intent i
 WHERE i.status = 'CREATED' AND i.provider = 'SEPA_FILE' AND i.merchant_account_ident = %(account)s AND i.due_on <= %(until)s
   AND (i.type = 'CHARGE') = %(debits)s AND (i.released OR %(on)s) AND i.ident > %(after)s
 ORDER BY i.ident LIMIT %(limit)s FOR UPDATE OF i SKIP LOCKED
"""


@dataclass(slots=True)
class _Turn:
    """What one turn makes of the intents that wait, by the keys of their attempts."""

    intents: dict[str, Waiting] = field(default_factory=dict)
    debits: list[Debit] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Why there is no transaction, by intent."""
    given_up: dict[str, str] = field(default_factory=dict)
    """Why nothing is collected from their accounts, or paid to them, any more."""
    later: dict[str, str] = field(default_factory=dict)
    """Why it waits."""
    moved: dict[str, str] = field(default_factory=dict)
    """Why it is collected on another day than when it is due, by the keys of the attempts."""


@operation("payment_file.write", permission="payments.write")
def write_waiting(uow: Uow, command: WriteWaiting) -> WroteFiles:
    """Write files of what waits for one account. What does not fit is named and fails, without anything else; the rest is written."""
    values = {
        "account": command.merchant_account_ident,
        "until": uow.ctx.today() + AHEAD,
        "debits": command.direction == "DEBITS",
        "on": is_processing(uow),
        "after": command.after,
        "limit": command.limit,
    }
    waiting = uow.all(Waiting, _WAITING, values)
    after, is_last = (waiting[-1].ident if waiting else command.after), len(waiting) < command.limit
    account = _our_account(uow, command.merchant_account_ident)
    if account is None:
        why = f"The merchant payment account {command.merchant_account_ident!r} says no IBAN and SEPA settings."
        say_why(uow, {it.ident: why for it in waiting})
        return WroteFiles(files=(), transactions=0, left_out=0, waiting=len(waiting), after=after, is_last=is_last)
    turn = _turn(uow, waiting, account.settings)
    run = Run(f"C{uow.new_uuid().hex[:19]}", uow.ctx.now(), uow.ctx.now().astimezone(ZoneInfo(account.settings.time_zone)).date())
    written = write_debits(turn.debits, account, run) if turn.debits else Written((), ())
    sent = write_transfers(turn.transfers, account, run) if turn.transfers else Written((), ())
    written = Written(written.files + sent.files, written.left_out + sent.left_out)
    for one in written.left_out:
        turn.refused[turn.intents[one.reference].ident] = _said(one.problems)
    _keep(uow, command.merchant_account_ident, turn, written, account.settings)
    fail_unsent(uow, turn.refused)
    give_up_account(uow, turn.given_up)
    say_why(uow, turn.later)
    return WroteFiles(
        files=tuple(file.ident for file in written.files),
        transactions=sum(file.count for file in written.files),
        left_out=len(turn.refused) + len(turn.given_up),
        waiting=len(turn.later),
        after=after,
        is_last=is_last,
    )


def _our_account(uow: Uow, ident: str) -> OurAccount | None:
    row = uow.first(_Account, f"SELECT {columns(_Account)} FROM merchant_payment_account WHERE ident = %s", (ident,))
    if row is None or row.iban is None or row.sepa is None:
        return None
    return OurAccount(row.iban, msgspec.convert(row.sepa, SepaSettings), row.bic)


def _turn(uow: Uow, waiting: Sequence[Waiting], settings: SepaSettings) -> _Turn:
    accounts = paying_accounts(uow, [it.customer_account_ident for it in waiting], lock=True)
    turn, now, today = _Turn(), uow.ctx.now(), uow.ctx.today()
    for it in waiting:
        key, account = uow.new_ident().replace("-", ""), accounts[it.customer_account_ident]
        turn.intents[key] = it
        made: Debit | Transfer | Problem
        if it.type == "CHARGE":
            if broken := charge_problems(account, "SEPA_FILE", it.due_on, today):
                turn.given_up[it.ident] = _said(broken)
                continue
            day = day_of_collection(it, account, now, settings)
            why = why_later(it, day, notice_given(it, account, settings), settings)
            if day.waits(today):
                said = why or f"It is collected on {day.on}."
                turn.later[it.ident] = f"{said} A file may say so from {day.send_from} on."
                continue
            if why is not None:
                turn.moved[key] = why
            made = debit_of(it, account, key, day.on, settings)
        elif broken := payable(account.state):
            turn.given_up[it.ident] = _said(broken)
            continue
        else:
            made = transfer_of(it, account, key, now, settings)
        if isinstance(made, Debit):
            turn.debits.append(made)
        elif isinstance(made, Transfer):
            turn.transfers.append(made)
        else:
            turn.refused[it.ident] = made.message
    return turn


def _keep(uow: Uow, account: str, turn: _Turn, written: Written, settings: SepaSettings) -> None:
    """The files, and the attempts that go out in them."""
    if not written.files:
        return
    orders = {it.reference: it for it in (*turn.debits, *turn.transfers)}
    kept = seal_files(uow, [file.content for file in written.files])
    rows, attempts, presented = [], [], []
    for file, sealed in zip(written.files, kept, strict=True):
        rows.append(
            {
                "ident": file.ident,
                "merchant_account_ident": account,
                "kind": file.kind,
                "version": file.version,
                "status": "CREATED",
                "sha256": sealed.sha256,
                "blob": sealed.blob,
                "size": len(file.content),
                "transactions": file.count,
                "total": file.total,
                "verification": file.verification,
                "rejected": 0,
                "created_at": uow.ctx.now(),
                "expected_by": given_by(
                    min(group.on for group in file.groups), settings.lead_days if file.verification == "NONE" else 0
                ),
            }
        )
        for group in file.groups:
            for key in group.references:
                intent, order = turn.intents[key], orders[key]
                mandate = order.mandate_reference if isinstance(order, Debit) else None
                where = (file.ident, group.ident, mandate, order.name, group.on)
                booked_by = next_target_day(group.on, settings.booking_days)
                attempts.append(FileAttempt(key, intent.ident, intent.number, *where, booked_by, turn.moved.get(key)))
                if mandate is not None:
                    presented.append((intent.customer_account_ident, group.on))
    uow.insert(tables.payment_file, rows)
    for row in rows:
        uow.audit("payment_file", str(row["ident"]), {"status": "CREATED", "sha256": row["sha256"], "total": row["total"]})
    begin_in_file(uow, attempts)
    if presented:
        mark_presented(uow, presented)
    uow.mark(SENDING)
    uow.emit(PaymentFilesWritten(file_idents=tuple(file.ident for file in written.files)))


def _said(problems: Sequence[Problem]) -> str:
    return " ".join(f"{problem.field or ''} {problem.message}".strip() for problem in problems)[:1000]
