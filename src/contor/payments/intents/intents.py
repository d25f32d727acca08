"""Intents: listed, read, and stopped by people: cancelled before anything was handed on. Transfers whose payee's name does not fit are
held: the bank has them, and a person says whether they go on (money 2.7)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.intents import tables
from contor.payments.intents.create import cancel_unsent
from contor.payments.intents.endings import Ended, end_attempts
from contor.payments.intents.events import HeldReleased
from contor.payments.intents.processing import is_processing
from contor.payments.intents.types import AttemptState, AttemptView, IntentStatus, IntentView, Standing, is_late, reason_of
from contor.payments.providers import IntentType
from contor.payments.sepa import Check, Verification
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

INTENTS = searchable(
    tables.payment_intent,
    IntentView,
    (
        "ident",
        "type",
        "status",
        "document_ident",
        "customer_ident",
        "provider",
        "amount",
        "currency",
        "prebooked",
        "retries",
        "expected_by",
        "created_at",
        "last_modified_at",
    ),
    default_sort="created_at,desc",
    places={
        "payment_intent_ident": "ident",
        "customer_payment_account_ident": "customer_account_ident",
        "merchant_payment_account_ident": "merchant_account_ident",
        "due_date": "due_on",
        "retry_date": "retry_on",
        "refunds_payment_intent_ident": "refunds_intent_ident",
        "late": worked_out("payment_intent.expected_by IS NOT NULL", bool),  # `list_intents` says by which day
    },
)


@dataclass(frozen=True, slots=True)
class ListIntents:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneIntent:
    payment_intent_ident: str


class _IntentRow(NamedTuple):
    ident: str
    type: IntentType
    status: IntentStatus
    document_ident: str
    document_id: int
    customer_ident: str
    customer_account_ident: str
    merchant_account_ident: str
    provider: str
    amount: Decimal
    currency: str
    statement_descriptor: str | None
    due_on: dt.date
    refunds_intent_ident: str | None
    prebooked: bool
    released: bool
    reason: str | None
    moved_because: str | None
    expected_by: dt.date | None
    retry_on: dt.date | None
    retries: int
    created_at: dt.datetime
    last_modified_at: dt.datetime


class _AttemptRow(NamedTuple):
    intent_ident: str
    number: int
    state: AttemptState
    end_to_end_ident: str
    message_ident: str | None
    mandate_reference: str | None
    collected_on: dt.date | None
    provider_reference: str | None
    payment_ident: str | None
    reason_code: str | None
    reason: str | None
    created_at: dt.datetime
    ended_at: dt.datetime | None
    payee_check: Check | None
    payee_name: str | None
    held: bool


@operation("payment_intent.list", permission="payments.read", reads=True)
def list_intents(uow: Uow, command: ListIntents) -> Page:
    """All intents, ended ones too."""
    late = f"payment_intent.status = 'PROCESSING' AND coalesce(payment_intent.expected_by < DATE '{uow.ctx.today().isoformat()}', false)"
    intents = INTENTS.with_field("late", worked_out(late, bool)) if "late" in command.query.fields() else INTENTS
    return listed_by_key(uow, tables.payment_intent, command.query, intents, "ident", lambda idents: views_of(uow, idents))


@operation("payment_intent.get", permission="payments.read", reads=True)
def get_intent(uow: Uow, command: OneIntent) -> IntentView:
    """One intent with its attempts and what became of them."""
    return view_of(uow, command.payment_intent_ident)


def view_of(uow: Uow, ident: str) -> IntentView:
    """Raises NOT_FOUND."""
    found = views_of(uow, [ident])
    if ident not in found:
        raise not_found("payment_intent", ident)
    return found[ident]


def views_of(uow: Uow, idents: Sequence[str]) -> dict[str, IntentView]:
    """Intents as they are answered, by ident."""
    named = (list(idents),)
    attempts: dict[str, list[AttemptView]] = {}
    sql = f"SELECT {columns(_AttemptRow)} FROM payment_attempt WHERE intent_ident = ANY (%s) ORDER BY intent_ident, number"
    for row in uow.all(_AttemptRow, sql, named):
        attempts.setdefault(row.intent_ident, []).append(_attempt(row))
    rows = uow.all(_IntentRow, f"SELECT {columns(_IntentRow)} FROM payment_intent WHERE ident = ANY (%s)", named)
    today, processing = uow.ctx.today(), is_processing(uow)
    return {row.ident: _view(row, tuple(attempts.get(row.ident, ())), today, processing) for row in rows}


def _attempt(row: _AttemptRow) -> AttemptView:
    values = row._asdict()
    del values["intent_ident"]
    return AttemptView(**values)


def _view(row: _IntentRow, attempts: tuple[AttemptView, ...], today: dt.date, processing: bool) -> IntentView:
    standing = Standing(
        row.status, row.provider, row.due_on, row.prebooked, row.released, row.reason, row.moved_because, row.expected_by
    )
    return IntentView(
        payment_intent_ident=row.ident,
        type=row.type,
        status=row.status,
        document_ident=row.document_ident,
        document_id=row.document_id,
        customer_ident=row.customer_ident,
        customer_payment_account_ident=row.customer_account_ident,
        merchant_payment_account_ident=row.merchant_account_ident,
        provider=row.provider,
        amount=row.amount,
        currency=row.currency,
        statement_descriptor=row.statement_descriptor,
        due_date=row.due_on,
        refunds_payment_intent_ident=row.refunds_intent_ident,
        prebooked=row.prebooked,
        reason=reason_of(standing, attempts[-1] if attempts else None, today, processing=processing),
        expected_by=row.expected_by,
        late=row.status == "PROCESSING" and is_late(row.expected_by, today),
        retry_date=row.retry_on,
        retries=row.retries,
        attempts=attempts,
        created_at=row.created_at,
        last_modified_at=row.last_modified_at,
    )


_WORDS: Mapping[str, str] = {
    "CLOSE_MATCH": "The payee's bank knows the account by a similar name: it waits until somebody releases or cancels it.",
    "NO_MATCH": "The payee's bank knows the account by another name: it waits until somebody releases or cancels it.",
    "NOT_POSSIBLE": "Nobody could say whether the payee's name fits: it waits until somebody releases or cancels it.",
}


class _Held(NamedTuple):
    intent_ident: str
    check: str


def hold(uow: Uow, verified: Mapping[str, Verification]) -> int:
    """Write down what the bank said of the payees, by the attempts' keys; how many of them are held by it. What was said before and
    released stays so."""
    if not verified:
        return 0
    sql = (
        "UPDATE payment_attempt a SET payee_check = x.said, payee_name = x.name, held = x.holds"
        " FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[]) AS x(key, said, name, holds)"
        " WHERE a.key = x.key AND a.state = 'SUBMITTED' AND coalesce(a.payee_check, 'MATCH') = 'MATCH'"
        " RETURNING CASE WHEN a.held THEN a.intent_ident ELSE '' END AS intent_ident, a.payee_check AS check"
    )
    said = list(verified.values())
    values = (list(verified), [it.check for it in said], [it.name for it in said], [it.holds for it in said])
    held = {it.intent_ident: it.check for it in uow.all(_Held, sql, values) if it.intent_ident}
    _status(uow, "HELD", {ident: _WORDS[check] for ident, check in held.items()})
    for ident, check in held.items():
        uow.audit("payment_intent", ident, {"status": "HELD", "payee_check": check})
    return len(held)


@operation("payment_intent.release", permission="payments.write")
def release_intent(uow: Uow, command: OneIntent) -> IntentView:
    """Somebody looked at the payee's name and lets the transfer go on: the bank is told by its own ways."""
    ident = command.payment_intent_ident
    if not held_of(uow, ident):
        message = f"It is {view_of(uow, ident).status}: only what is held because of its payee's name can be released."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_intent_not_held", message))
    _let_go(uow, [ident])
    return view_of(uow, ident)


def release_held(uow: Uow, message_ident: str) -> int:
    """Let all transfers of a file go on that are held because of their payees' names; how many those are."""
    sql = (
        "SELECT i.ident FROM payment_intent i JOIN payment_attempt a ON a.tenant_id = i.tenant_id AND a.intent_ident = i.ident"
        " WHERE a.message_ident = %s AND a.held AND i.status = 'HELD' ORDER BY i.ident FOR UPDATE OF i"
    )
    idents = uow.column(str, sql, (message_ident,))
    _let_go(uow, idents)
    return len(idents)


def _let_go(uow: Uow, idents: Sequence[str]) -> None:
    """The bank goes on with them, and has as long from now on as it had from the day of the file."""
    uow.emit(HeldReleased(intent_idents=tuple(idents)))
    uow.run(
        "UPDATE payment_intent i SET expected_by = greatest(i.expected_by, %s + (i.expected_by - a.collected_on)) FROM payment_attempt a"
        " WHERE a.tenant_id = i.tenant_id AND a.intent_ident = i.ident AND a.held AND i.ident = ANY (%s)",
        (uow.ctx.today(), list(idents)),
    )
    uow.run("UPDATE payment_attempt SET held = false WHERE held AND intent_ident = ANY (%s)", (list(idents),))
    _status(uow, "PROCESSING", dict.fromkeys(idents))
    for ident in idents:
        uow.audit("payment_intent", ident, {"status": "PROCESSING", "released": True})


@operation("payment_intent.cancel", permission="payments.write")
def cancel_intent(uow: Uow, command: OneIntent) -> IntentView:
    """Give an intent up before it is handed to the provider, or while it is held because of its payee's name: nothing is under way for its
    case any more."""
    ident = command.payment_intent_ident
    if not _cancelled_held(uow, ident) and not cancel_unsent(uow, {ident: "It was cancelled."}):
        status = view_of(uow, ident).status
        message = f"It is {status}: only what was not handed to the provider, or is held, can be cancelled."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_intent_submitted", message))
    return view_of(uow, ident)


def _cancelled_held(uow: Uow, ident: str) -> bool:
    keys = held_of(uow, ident)
    end_attempts(uow, [Ended(key, ident, "CANCELLED", reason="It was cancelled because of its payee's name.") for key in keys])
    return bool(keys)


def held_of(uow: Uow, ident: str) -> Sequence[str]:
    """The attempt of an intent that is held, with the intent locked."""
    if uow.scalar(str, "SELECT status FROM payment_intent WHERE ident = %s FOR UPDATE", (ident,)) != "HELD":
        return ()
    return uow.column(str, "SELECT key FROM payment_attempt WHERE intent_ident = %s AND held FOR UPDATE", (ident,))


def _status(uow: Uow, status: str, reasons: Mapping[str, str | None]) -> None:
    sql = (
        "UPDATE payment_intent SET status = %s, reason = x.reason, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[]) AS x(name, reason) WHERE ident = x.name"
    )
    uow.run(sql, (status, uow.ctx.now(), list(reasons), list(reasons.values())))
