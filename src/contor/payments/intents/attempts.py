"""Attempts: written before the provider is called, and ended by what it answers. Between the two lies a commit, so that whoever dies
leaves a key by which the provider is asked."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.customer_accounts import payable, paying_accounts
from contor.payments.intents import tables
from contor.payments.intents.create import give_up_account
from contor.payments.intents.endings import Ended, end_attempts
from contor.payments.intents.processing import is_processing
from contor.payments.intents.types import AttemptState
from contor.payments.intents.ways import charge_problems
from contor.payments.providers import IntentType, Outcome
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

AT_ONCE = 16
"""Attempts that are handed over beside each other."""


@shape
class TakeAttempts:
    limit: int = AT_ONCE


class Taken(NamedTuple):
    """An attempt that a provider is to be called for."""

    key: str
    intent_ident: str
    state: AttemptState
    is_new: bool
    """It was never handed over: else the provider is asked first."""
    type: IntentType
    amount: Decimal
    currency: str
    provider: str
    provider_id: int
    customer_account_ident: str
    statement_descriptor: str | None
    refunds_reference: str | None
    provider_reference: str | None
    created_at: dt.datetime


class _Waiting(NamedTuple):
    ident: str
    document_ident: str
    amount: Decimal
    currency: str
    number: int
    type: IntentType
    provider: str
    customer_account_ident: str
    due_on: dt.date


_WAITING = """
SELECT i.ident, i.document_ident, i.amount, i.currency,
       1 + coalesce((SELECT max(a.number) FROM payment_attempt a WHERE a.tenant_id = i.tenant_id AND a.intent_ident = i.ident), 0)::int
       AS number, i.type, i.provider, i.customer_account_ident, i.due_on
  FROM payment_intent i
 WHERE i.status = 'CREATED' AND i.provider <> 'SEPA_FILE' AND i.due_on <= %(today)s AND (i.released OR %(on)s)
 ORDER BY i.due_on, i.ident LIMIT %(limit)s FOR UPDATE OF i SKIP LOCKED
"""
_TAKEN = """
SELECT a.key, a.intent_ident, a.state, a.key = ANY (%(new)s) AS is_new, i.type, a.amount, a.currency, i.provider,
       m.payment_service_provider_id AS provider_id, i.customer_account_ident, i.statement_descriptor,
       (SELECT c.provider_reference FROM payment_attempt c WHERE c.tenant_id = i.tenant_id AND c.intent_ident = i.refunds_intent_ident
           AND c.state = 'SUCCESSFUL' LIMIT 1) AS refunds_reference, a.provider_reference, a.created_at
  FROM payment_attempt a
  JOIN payment_intent i ON i.tenant_id = a.tenant_id AND i.ident = a.intent_ident
  JOIN merchant_payment_account m ON m.tenant_id = i.tenant_id AND m.ident = i.merchant_account_ident
 WHERE a.key = ANY (%(keys)s) ORDER BY a.created_at, a.key
"""


@operation("payment_attempt.take", permission="payments.write")
def take_attempts(uow: Uow, command: TakeAttempts) -> list[Taken]:
    """What providers are to be called for: attempts of which nobody knows what became of them, those that are to be asked for, and new ones
    of intents that wait. The caller is the tenant's only one (`worker.look`), so what is PROCESSING belongs to somebody who died."""
    limit, now = command.limit, uow.ctx.now()
    unknown = "SELECT key FROM payment_attempt WHERE state = 'PROCESSING' ORDER BY created_at, key LIMIT %s"
    keys = uow.column(str, unknown, (limit,))
    asked = "SELECT key FROM payment_attempt WHERE ask_at <= %s ORDER BY ask_at, key LIMIT %s"
    keys += [key for key in uow.column(str, asked, (now, limit)) if key not in keys]
    new: list[str] = []
    values = {"today": uow.ctx.today(), "on": is_processing(uow)}
    while (left := limit - len(keys) - len(new)) > 0 and (waiting := uow.all(_Waiting, _WAITING, {**values, "limit": left})):
        new += begin_attempts(uow, _collectable(uow, waiting))
    return uow.all(Taken, _TAKEN, {"keys": keys + new, "new": new}) if keys or new else []


def _collectable(uow: Uow, waiting: Sequence[_Waiting]) -> list[_Waiting]:
    """Those that can be handed on; the others are given up. Their accounts stay as they are until it is written."""
    accounts, today = paying_accounts(uow, [it.customer_account_ident for it in waiting], lock=True), uow.ctx.today()
    broken = {}
    for it in waiting:
        account = accounts[it.customer_account_ident]
        found = charge_problems(account, it.provider, it.due_on, today) if it.type == "CHARGE" else payable(account.state)
        if found:
            broken[it.ident] = " ".join(problem.message for problem in found)
    give_up_account(uow, broken)
    return [it for it in waiting if it.ident not in broken]


def begin_attempts(uow: Uow, waiting: Sequence[_Waiting]) -> list[str]:
    """Write an attempt of each; their keys."""
    if not waiting:
        return []
    keys = [uow.new_ident().replace("-", "") for _ in waiting]
    rows = [
        {
            "key": key,
            "intent_ident": it.ident,
            "number": it.number,
            "state": "PROCESSING",
            "document_ident": it.document_ident,
            "amount": it.amount,
            "currency": it.currency,
            "end_to_end_ident": key,
            "created_at": uow.ctx.now(),
        }
        for key, it in zip(keys, waiting, strict=True)
    ]
    uow.insert(tables.payment_attempt, rows)
    sql = "UPDATE payment_intent SET status = 'PROCESSING', reason = NULL, last_modified_at = %s WHERE ident = ANY (%s)"
    uow.run(sql, (uow.ctx.now(), [it.ident for it in waiting]))
    for it in waiting:
        uow.audit("payment_intent", it.ident, {"status": "PROCESSING", "attempt": it.number})
    return keys


class FileAttempt(NamedTuple):
    """An attempt that goes out in a file."""

    key: str
    intent_ident: str
    number: int
    message_ident: str
    group_ident: str
    mandate_reference: str | None
    counterpart_name: str
    collected_on: dt.date
    expected_by: dt.date
    """The day by which the bank has booked or refused it."""
    moved_because: str | None
    """Why it is moved on another day than when it is due, or was announced."""


_IN_FILE = (
    "key",
    "intent_ident",
    "number",
    "state",
    "document_ident",
    "amount",
    "currency",
    "end_to_end_ident",
    "message_ident",
    "group_ident",
    "mandate_reference",
    "counterpart_name",
    "collected_on",
    "created_at",
)


class _Moved(NamedTuple):
    ident: str
    document_ident: str
    amount: Decimal
    currency: str


def begin_in_file(uow: Uow, attempts: Sequence[FileAttempt]) -> None:
    """Write attempts that a file carries: with it they are handed on."""
    sql = (
        "UPDATE payment_intent SET status = 'PROCESSING', reason = NULL, expected_by = x.day,"
        " moved_because = coalesce(x.because, payment_intent.moved_because), last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[], %s::date[]) AS x(name, because, day)"
        f" WHERE ident = x.name AND status = 'CREATED' RETURNING {columns(_Moved)}"
    )
    said = ([it.intent_ident for it in attempts], [it.moved_because for it in attempts], [it.expected_by for it in attempts])
    moved = {row.ident: row for row in uow.all(_Moved, sql, (uow.ctx.now(), *said))}
    rows = []
    for it in attempts:
        intent = moved[it.intent_ident]
        what = (intent.document_ident, intent.amount, intent.currency, it.key)
        where = (it.message_ident, it.group_ident, it.mandate_reference, it.counterpart_name, it.collected_on)
        rows.append((it.key, it.intent_ident, it.number, "SUBMITTED", *what, *where, uow.ctx.now()))
        uow.audit("payment_intent", it.intent_ident, {"status": "PROCESSING", "attempt": it.number, "file": it.message_ident})
    uow.copy(tables.payment_attempt, _IN_FILE, rows)


@shape
class Heard:
    """What a provider said of an attempt."""

    key: str
    outcome: Outcome
    reference: str | None = None
    code: str | None = None
    reason: str | None = None
    ask_in: int | None = None


@shape
class KeepHeard:
    heard: tuple[Heard, ...]


class _Known(NamedTuple):
    key: str
    intent_ident: str
    state: AttemptState


@operation("payment_attempt.keep", permission="payments.write")
def keep_heard(uow: Uow, command: KeepHeard) -> None:
    """Write down what providers said. Heard twice it changes nothing more; what a bank booked meanwhile stands."""
    keys = [it.key for it in command.heard]
    # the intents first: in this order everyone locks them
    intents = "SELECT intent_ident FROM payment_attempt WHERE key = ANY (%s)"
    uow.run(f"SELECT 1 FROM payment_intent WHERE ident = ANY (ARRAY({intents})) ORDER BY ident FOR UPDATE", (keys,))
    sql = f"SELECT {columns(_Known)} FROM payment_attempt WHERE key = ANY (%s) ORDER BY key FOR UPDATE"
    known = {row.key: row for row in uow.all(_Known, sql, (keys,))}
    ended = []
    for it in command.heard:
        row = known.get(it.key)
        if row is None or row.state not in ("PROCESSING", "SUBMITTED"):
            continue
        if it.outcome == "SUBMITTED":
            _wait(uow, row, it)
        else:
            ended.append(Ended(it.key, row.intent_ident, it.outcome, it.reference, it.code, it.reason))
    end_attempts(uow, ended)


def _wait(uow: Uow, row: _Known, heard: Heard) -> None:
    ask_at = None if heard.ask_in is None else uow.ctx.now() + dt.timedelta(seconds=heard.ask_in)
    uow.run(
        "UPDATE payment_attempt SET state = %s, provider_reference = coalesce(%s, provider_reference), reason = %s, ask_at = %s"
        " WHERE key = %s",
        (heard.outcome, heard.reference, heard.reason, ask_at, heard.key),
    )
    uow.audit("payment_intent", row.intent_ident, {"attempt": heard.outcome})
