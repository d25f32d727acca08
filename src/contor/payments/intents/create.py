"""Intents are written, tried again, and given up before anything was handed on. Whoever calls has judged them and holds their cases."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.payments.intents import tables
from contor.payments.intents.events import AccountsFailed, IntentsCreated, IntentsFailed, PromisesReleased
from contor.payments.intents.processing import SUBMITTING
from contor.payments.intents.types import NewIntent
from contor.runtime.uow import Uow


class Cancelled(NamedTuple):
    """An intent that was given up before it was handed on."""

    ident: str
    document_id: int


_COLUMNS = (
    "ident",
    "type",
    "status",
    "document_id",
    "document_ident",
    "customer_ident",
    "customer_account_ident",
    "merchant_account_ident",
    "provider",
    "amount",
    "currency",
    "statement_descriptor",
    "due_on",
    "refunds_intent_ident",
    "notified_on",
    "announced_on",
    "moved_because",
    "prebooked",
    "created_at",
    "last_modified_at",
)


def create_intents(uow: Uow, wanted: Sequence[NewIntent]) -> None:
    """Write intents; each is a promise of money until it ends. The database takes no second promise for a document."""
    now = uow.ctx.now()
    rows = [
        (
            it.ident,
            it.type,
            "CREATED",
            it.document_id,
            it.document_ident,
            it.customer_ident,
            it.customer_account_ident,
            it.merchant_account_ident,
            it.provider,
            it.amount,
            it.currency,
            it.statement_descriptor,
            it.due_on,
            it.refunds_intent_ident,
            it.notified_on,
            it.announced_on,
            it.moved_because,
            True,
            now,
            now,
        )
        for it in wanted
    ]
    uow.copy(tables.payment_intent, _COLUMNS, rows)
    for it in wanted:
        uow.audit("payment_intent", it.ident, {"status": "CREATED", "amount": it.amount, "document": it.document_ident})
    if wanted:
        uow.emit(IntentsCreated(intent_idents=tuple(it.ident for it in wanted)))
        uow.mark(SUBMITTING)


def renew_intents(uow: Uow, due_on: Mapping[str, dt.date]) -> None:
    """Let failed intents be tried again, each not before a day."""
    sql = (
        "UPDATE payment_intent SET status = 'CREATED', prebooked = true, reason = NULL, retry_on = NULL, retries = retries + 1,"
        " due_on = x.due_on, moved_because = 'It failed before and is tried again' || coalesce(': ' || rtrim(reason, '.'), '') || '.',"
        " last_modified_at = %s FROM unnest(%s::text[], %s::date[]) AS x(name, due_on)"
        " WHERE ident = x.name AND status = 'FAILED'"
    )
    uow.run(sql, (uow.ctx.now(), list(due_on), list(due_on.values())))
    for ident in due_on:
        uow.audit("payment_intent", ident, {"status": "CREATED"})
    uow.mark(SUBMITTING)


def give_up_retry(uow: Uow, reasons: Mapping[str, str]) -> None:
    """Failed intents are not tried again by themselves: why."""
    sql = (
        "UPDATE payment_intent SET retry_on = NULL, reason = x.reason, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[]) AS x(name, reason) WHERE ident = x.name AND retry_on IS NOT NULL"
    )
    uow.run(sql, (uow.ctx.now(), list(reasons), list(reasons.values())))
    for ident, reason in reasons.items():
        uow.audit("payment_intent", ident, {"reason": reason})


def fail_unsent(uow: Uow, reasons: Mapping[str, str]) -> None:
    """What cannot be handed on fails, and says why: nothing is promised any more."""
    if not reasons:
        return
    sql = (
        "UPDATE payment_intent SET status = 'FAILED', prebooked = false, reason = x.reason, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[]) AS x(name, reason) WHERE ident = x.name AND status = 'CREATED' RETURNING ident, document_id"
    )
    done = uow.all(Cancelled, sql, (uow.ctx.now(), list(reasons), list(reasons.values())))
    for row in done:
        uow.audit("payment_intent", row.ident, {"status": "FAILED", "reason": reasons[row.ident]})
    uow.emit(IntentsFailed(intent_idents=tuple(it.ident for it in done), retry_idents=()))
    uow.emit(PromisesReleased(intent_idents=tuple(it.ident for it in done), document_ids=tuple(it.document_id for it in done)))


def say_why(uow: Uow, reasons: Mapping[str, str]) -> None:
    """Why intents wait, where it was not said before."""
    if not reasons:
        return
    sql = (
        "UPDATE payment_intent SET reason = x.reason, last_modified_at = %s FROM unnest(%s::text[], %s::text[]) AS x(name, reason)"
        " WHERE ident = x.name AND status = 'CREATED' AND payment_intent.reason IS DISTINCT FROM x.reason RETURNING ident"
    )
    for ident in uow.column(str, sql, (uow.ctx.now(), list(reasons), list(reasons.values()))):
        uow.audit("payment_intent", ident, {"reason": reasons[ident]})


def cancel_unsent(uow: Uow, reasons: Mapping[str, str]) -> list[Cancelled]:
    """Cancel those that were not handed on yet, and say why; which those were. The others stay as they are."""
    sql = (
        "UPDATE payment_intent SET status = 'CANCELLED', prebooked = false, reason = x.reason, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[]) AS x(name, reason) WHERE ident = x.name AND status = 'CREATED' RETURNING ident, document_id"
    )
    done = uow.all(Cancelled, sql, (uow.ctx.now(), list(reasons), list(reasons.values())))
    for row in done:
        uow.audit("payment_intent", row.ident, {"status": "CANCELLED", "reason": reasons[row.ident]})
    if done:
        uow.emit(PromisesReleased(intent_idents=tuple(it.ident for it in done), document_ids=tuple(it.document_id for it in done)))
    return done


def give_up_account(uow: Uow, reasons: Mapping[str, str]) -> None:
    """Since these were made something happened to the customers' accounts, by which they can be handed on no more: they are cancelled and
    say why. What they were to collect is still wanted."""
    done = cancel_unsent(uow, reasons) if reasons else []
    if done:
        uow.emit(AccountsFailed(intent_idents=tuple(it.ident for it in done)))


def carry_over(uow: Uow, old_id: int, document_id: int, document_ident: str, not_before: dt.date) -> list[str]:
    """All intents of a document that were handed on are those of another one from now on, which stands in its place: what is under way,
    failed, or may come back. What is tried again is not before `not_before`. Where one was not handed on, somebody had begun anew, and all
    stay as they are. Answers which they are."""
    # locked before it is decided: one that waits may be handed on just now
    held = "SELECT status FROM payment_intent WHERE document_id = %s AND status <> 'CANCELLED' ORDER BY ident FOR UPDATE"
    if "CREATED" in uow.column(str, held, (old_id,)):
        return []
    sql = (
        "UPDATE payment_intent SET document_id = %s, document_ident = %s, last_modified_at = %s,"
        " retry_on = CASE WHEN retry_on IS NOT NULL THEN greatest(retry_on, %s::date) END"
        " WHERE document_id = %s AND status <> 'CANCELLED' RETURNING ident"
    )
    moved = uow.column(str, sql, (document_id, document_ident, uow.ctx.now(), not_before, old_id))
    if moved:
        uow.run("UPDATE payment_attempt SET document_ident = %s WHERE intent_ident = ANY (%s)", (document_ident, moved))
    for ident in moved:
        uow.audit("payment_intent", ident, {"document": document_ident})
    return moved
