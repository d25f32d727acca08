"""What happens to accounts and mandates: their health, their revocation, collections that are presented, rejected or settled."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.customer_accounts.accounts import one_view
from contor.payments.customer_accounts.stored import accounts_by_ident, mandates_by_account
from contor.payments.customer_accounts.types import CustomerAccountView, HealthBody, HealthStatus, RevocationBody
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ChangeHealth:
    customer_payment_account_ident: str
    body: HealthBody


@dataclass(frozen=True, slots=True)
class RevokeMandate:
    customer_payment_account_ident: str
    body: RevocationBody


@operation("customer_payment_account.change_health", permission="payments.write")
def change_health_status(uow: Uow, command: ChangeHealth) -> CustomerAccountView:
    """Say that an account works, or that it does not and why: then nothing is collected from it."""
    ident, body = command.customer_payment_account_ident, command.body
    if body.health_status == "UNHEALTHY" and body.reason is None:
        message = "is required: why can nothing be collected from the account?"
        raise Refused(Kind.INVALID, Problem("health_reason_missing", message, "reason"))
    change_health(uow, ident, body.health_status, body.reason)
    return one_view(uow, ident)


@operation("customer_payment_account.revoke_mandate", permission="payments.write")
def revoke_mandate_of(uow: Uow, command: RevokeMandate) -> CustomerAccountView:
    """The customer withdraws the mandate: nothing is collected by it from now on."""
    ident = command.customer_payment_account_ident
    view = one_view(uow, ident)
    if view.mandate is None:
        raise Refused(Kind.ILLEGAL_STATE, Problem("mandate_missing", "The account has no mandate."))
    revoke_mandate(uow, ident, command.body.reason or "revoked by the customer")
    return one_view(uow, ident)


def change_health(uow: Uow, ident: str, status: HealthStatus, reason: str | None, code: str | None = None) -> None:
    """How well an account works from now on. `code`: with which a bank or provider says it. Raises NOT_FOUND."""
    before = accounts_by_ident(uow, [ident], lock=True).get(ident)
    if before is None:
        raise not_found("customer_payment_account", ident)
    if (before.health_status, before.health_reason, before.health_code) != (status, reason, code):
        uow.run(
            "UPDATE customer_payment_account SET health_status = %s, health_reason = %s, health_code = %s, last_modified_at = %s"
            " WHERE ident = %s",
            (status, reason, code, uow.ctx.now(), ident),
        )
    uow.audit("customer_payment_account", ident, {"health_status": status, "health_reason": reason})


def revoke_mandate(uow: Uow, ident: str, reason: str) -> None:
    """Nothing is collected any more by the mandate of this account; one that has ended already stays as it is."""
    mandate = mandates_by_account(uow, [ident], lock=True).get(ident)
    if mandate is None or mandate.status != "ACTIVE":
        uow.audit("customer_payment_account", ident, {"mandate": "ended before"})
        return
    uow.run(
        "UPDATE sepa_mandate SET status = 'REVOKED', status_reason = %s, last_modified_at = %s WHERE key = %s",
        (reason, uow.ctx.now(), mandate.key),
    )
    uow.audit("sepa_mandate", mandate.reference, {"status": "REVOKED", "status_reason": reason})


def mark_presented(uow: Uow, presented: Iterable[tuple[str, dt.date]]) -> None:
    """Collections from these accounts, each with the due date of the file, go to the bank: their mandates run for 36 months from then, and
    what was amended is told."""
    latest: dict[str, dt.date] = {}
    for ident, due in presented:
        latest[ident] = max(due, latest.get(ident, due))
    idents = sorted(latest)
    uow.run(
        "UPDATE sepa_mandate m SET last_presented_on = greatest(m.last_presented_on, p.due), amendment_pending = false,"
        " last_modified_at = %s FROM unnest(%s::text[], %s::date[]) AS p (ident, due)"
        " WHERE m.account_ident = p.ident AND m.is_current",
        (uow.ctx.now(), idents, [latest[ident] for ident in idents]),
    )
    for ident in idents:
        uow.audit("customer_payment_account", ident, {"last_presented_on": latest[ident]})


def mark_rejected(uow: Uow, idents: Sequence[str]) -> None:
    """Collections from these accounts were rejected before the money moved: what was amended is told again by the next one."""
    uow.run(
        "UPDATE sepa_mandate SET amendment_pending = true, last_modified_at = %s"
        " WHERE account_ident = ANY (%s) AND is_current AND amendment IS NOT NULL",
        (uow.ctx.now(), sorted(set(idents))),
    )
    for ident in sorted(set(idents)):
        uow.audit("customer_payment_account", ident, {"collection": "rejected"})


def mark_settled(uow: Uow, idents: Sequence[str]) -> None:
    """Collections from these accounts were booked: a mandate for a single one is used up, and the accounts work."""
    named = sorted(set(idents))
    uow.run(
        "UPDATE sepa_mandate SET status = 'LAPSED', status_reason = 'used up: it was for one collection', last_modified_at = %s"
        " WHERE account_ident = ANY (%s) AND is_current AND kind = 'ONE_OFF' AND status = 'ACTIVE'",
        (uow.ctx.now(), named),
    )
    worked = uow.column(
        str,
        "UPDATE customer_payment_account SET health_status = 'HEALTHY', health_reason = NULL, last_modified_at = %s"
        " WHERE ident = ANY (%s) AND health_status = 'UNKNOWN' RETURNING ident",
        (uow.ctx.now(), named),
    )
    well = frozenset(worked)
    for ident in named:
        said = {"health_status": "HEALTHY"} if ident in well else {}
        uow.audit("customer_payment_account", ident, {"collection": "settled", **said})
