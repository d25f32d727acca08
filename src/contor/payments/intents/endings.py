"""How attempts end: what their intents, the promises to their cases and the customers' accounts make of it (money 5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from contor.payments.customer_accounts import change_health, mark_settled, revoke_mandate
from contor.payments.intents.events import IntentsFailed, IntentsSucceeded, PromisesReleased
from contor.payments.sepa import RETRIED_AFTER, consequence_of
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

Ending = Literal["SUCCESSFUL", "FAILED", "CANCELLED", "RETURNED"]


_TRIES: Mapping[str, Sequence[int]] = {"RETRY": RETRIED_AFTER, "RETRY_ONCE": RETRIED_AFTER[:1]}
"""Days after each failure at which it is tried again; RETRY_ONCE: what may hide a want of money (MS03)."""


def next_try(code: str | None, failed_on: dt.date, retries: int) -> dt.date | None:
    """When a charge that failed is tried again, after so many retries; None: no more."""
    days = _TRIES.get(consequence_of(code or "").next, ())
    return failed_on + dt.timedelta(days=days[retries]) if retries < len(days) else None


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that ended, and how."""

    key: str
    intent_ident: str
    state: Ending
    reference: str | None = None
    code: str | None = None
    reason: str | None = None
    payment_ident: str | None = None
    """The payment that the bank booked: nothing is promised any more."""
    on: dt.date | None = None
    """The day it ended; default: today."""


class _Intent(NamedTuple):
    ident: str
    type: str
    document_id: int
    customer_account_ident: str
    retries: int
    prebooked: bool


def end_attempts(uow: Uow, ended: Sequence[Ended]) -> None:
    """Write the endings. What failed or was taken back is tried again, or its account is marked, as the code says."""
    if not ended:
        return
    _write_attempts(uow, ended)
    sql = f"SELECT {columns(_Intent)} FROM payment_intent WHERE ident = ANY (%s) ORDER BY ident FOR UPDATE"
    intents = {row.ident: row for row in uow.all(_Intent, sql, ([it.intent_ident for it in ended],))}
    failed = [it for it in ended if it.state in ("FAILED", "RETURNED")]
    _succeed(uow, [it for it in ended if it.state == "SUCCESSFUL"])
    _close(uow, [it for it in ended if it.state == "CANCELLED"], "CANCELLED", {})
    if failed:
        retries = _retries(uow, failed, intents)
        _close(uow, failed, "FAILED", retries)
        uow.emit(
            IntentsFailed(
                intent_idents=tuple(it.intent_ident for it in failed),
                retry_idents=tuple(ident for ident, day in retries.items() if day is not None),
            )
        )
    settled = [intents[it.intent_ident] for it in ended if it.payment_ident is not None and it.state == "SUCCESSFUL"]
    if charged := [it.customer_account_ident for it in settled if it.type == "CHARGE"]:
        mark_settled(uow, charged)
    over = [it.intent_ident for it in ended if it.state != "SUCCESSFUL" or it.payment_ident is not None]
    released = [intents[ident] for ident in over if intents[ident].prebooked]
    if released:
        uow.emit(
            PromisesReleased(
                intent_idents=tuple(it.ident for it in released), document_ids=tuple(it.document_id for it in released)
            )
        )


def _write_attempts(uow: Uow, ended: Sequence[Ended]) -> None:
    uow.run(
        "UPDATE payment_attempt a SET state = x.state, provider_reference = coalesce(x.reference, a.provider_reference),"
        " reason_code = x.code, reason = x.reason, payment_ident = coalesce(a.payment_ident, x.payment), ask_at = NULL, held = false,"
        " ended_at = %s"
        " FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
        " AS x(name, state, reference, code, reason, payment) WHERE a.key = x.name",
        (
            uow.ctx.now(),
            [it.key for it in ended],
            [it.state for it in ended],
            [it.reference for it in ended],
            [it.code for it in ended],
            [it.reason for it in ended],
            [it.payment_ident for it in ended],
        ),
    )


def _succeed(uow: Uow, ended: Sequence[Ended]) -> None:
    if not ended:
        return
    uow.run(
        "UPDATE payment_intent SET status = 'SUCCESSFUL', prebooked = prebooked AND NOT x.booked, reason = NULL, expected_by = NULL,"
        " last_modified_at = %s"
        " FROM unnest(%s::text[], %s::boolean[]) AS x(name, booked) WHERE ident = x.name",
        (uow.ctx.now(), [it.intent_ident for it in ended], [it.payment_ident is not None for it in ended]),
    )
    for it in ended:
        uow.audit("payment_intent", it.intent_ident, {"status": "SUCCESSFUL", "payment": it.payment_ident})
    uow.emit(IntentsSucceeded(intent_idents=tuple(it.intent_ident for it in ended)))


def _close(uow: Uow, ended: Sequence[Ended], status: str, retries: dict[str, dt.date | None]) -> None:
    if not ended:
        return
    uow.run(
        "UPDATE payment_intent SET status = %s, prebooked = false, reason = x.reason, retry_on = x.day, expected_by = NULL,"
        " last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[], %s::date[]) AS x(name, reason, day) WHERE ident = x.name",
        (
            status,
            uow.ctx.now(),
            [it.intent_ident for it in ended],
            [_why(it) for it in ended],
            [retries.get(it.intent_ident) for it in ended],
        ),
    )
    for it in ended:
        uow.audit("payment_intent", it.intent_ident, {"status": status, "code": it.code, "retry_on": retries.get(it.intent_ident)})


def _why(ended: Ended) -> str | None:
    return " ".join(part for part in (ended.code, ended.reason) if part) or None


def _retries(uow: Uow, failed: Sequence[Ended], intents: Mapping[str, _Intent]) -> dict[str, dt.date | None]:
    """When each is tried again; the customers' accounts and mandates are marked as the codes say."""
    found: dict[str, dt.date | None] = {}
    for it in failed:
        intent = intents[it.intent_ident]
        found[intent.ident] = next_try(it.code, it.on or uow.ctx.today(), intent.retries) if intent.type == "CHARGE" else None
        mark_account(uow, intent.customer_account_ident, it.code, _why(it), charged=intent.type == "CHARGE")
    return found


def mark_account(uow: Uow, account: str, code: str | None, why: str | None, *, charged: bool = True) -> None:
    """Whether the account works and may be collected from, by the code with which money came back."""
    follows = consequence_of(code or "")
    if follows.unhealthy:
        change_health(uow, account, "UNHEALTHY", why, code)
    if follows.revoked and charged:
        revoke_mandate(uow, account, why or "revoked")
