"""Intents as other packages read them."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.payments.intents.types import AttemptState, IntentStatus, Promised
from contor.payments.providers import IntentType
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Failed(NamedTuple):
    """An intent that failed, or was not handed on yet, as far as it can be tried again or given up."""

    ident: str
    type: IntentType
    status: IntentStatus
    document_id: int
    customer_account_ident: str
    provider: str
    amount: Decimal
    currency: str
    statement_descriptor: str | None
    refunds_intent_ident: str | None
    retry_on: dt.date | None


class ForReference(NamedTuple):
    """The document that a reference of ours stands for; `reference`: our end-to-end ident, or what the provider calls the attempt."""

    reference: str
    document_id: int
    document_ident: str
    type: IntentType
    payment_ident: str | None
    """By which the attempt was booked."""


def promises_of(uow: Uow, document_ids: Sequence[int]) -> list[Promised]:
    """What is under way for these documents: created, handed on, or reported by the provider and not booked yet."""
    sql = f"SELECT {columns(Promised)} FROM payment_intent WHERE document_id = ANY (%s) AND prebooked ORDER BY ident"
    return uow.all(Promised, sql, (list(document_ids),)) if document_ids else []


class Unsettled(NamedTuple):
    """An intent that waits, is under way, or is to be tried again by itself."""

    ident: str
    type: IntentType
    status: IntentStatus
    document_id: int
    document_ident: str
    amount: Decimal
    handed_on: dt.datetime | None
    """When its last attempt was; None: there was none."""


def unsettled(uow: Uow, after: str, limit: int) -> list[Unsettled]:
    """The next of them behind an ident; for who checks."""
    sql = (
        "SELECT i.ident, i.type, i.status, i.document_id, i.document_ident, i.amount, (SELECT max(a.created_at) FROM payment_attempt a"
        " WHERE a.tenant_id = i.tenant_id AND a.intent_ident = i.ident) AS handed_on FROM payment_intent i"
        " WHERE i.ident > %s AND (i.prebooked OR i.retry_on IS NOT NULL) ORDER BY i.ident LIMIT %s"
    )
    return uow.all(Unsettled, sql, (after, limit))


class UnderWay(NamedTuple):
    """When the money of a document moves, and for what that waits."""

    document_id: int
    on: dt.date
    """The day of collection that a file says, else the earliest."""
    reason: str | None
    held: bool
    """It was not handed on, and is not while the tenant's processing is switched off."""


def under_way(uow: Uow, document_ids: Sequence[int]) -> dict[int, UnderWay]:
    """Of these documents those of which something is under way."""
    sql = (
        'SELECT DISTINCT ON (i.document_id) i.document_id, coalesce(a.collected_on, i.due_on) AS "on", i.reason,'
        " i.status = 'CREATED' AND NOT i.released AS held FROM payment_intent i"
        " LEFT JOIN payment_attempt a ON a.tenant_id = i.tenant_id AND a.intent_ident = i.ident"
        " AND a.state IN ('PROCESSING', 'SUBMITTED', 'SUCCESSFUL') WHERE i.document_id = ANY (%s) AND i.prebooked"
        " ORDER BY i.document_id, a.number DESC NULLS LAST"
    )
    return {row.document_id: row for row in uow.all(UnderWay, sql, (list(document_ids),))} if document_ids else {}


_HANDED_ON = "EXISTS (SELECT 1 FROM payment_attempt a WHERE a.tenant_id = i.tenant_id AND a.intent_ident = i.ident)"


def with_intents(uow: Uow, document_ids: Sequence[int]) -> set[int]:
    """Those of these documents for which money was to be moved before, but for what was cancelled before it was handed on."""
    sql = f"SELECT DISTINCT document_id FROM payment_intent i WHERE document_id = ANY (%s) AND (status <> 'CANCELLED' OR {_HANDED_ON})"
    return set(uow.column(int, sql, (list(document_ids),))) if document_ids else set()


class TriedBefore(NamedTuple):
    """How the last intent of a document stands."""

    document_id: int
    status: IntentStatus
    reason: str | None
    retry_on: dt.date | None
    prebooked: bool
    handed_on: bool
    """It was with the bank or provider."""


def charges_before(uow: Uow, document_ids: Sequence[int]) -> dict[int, TriedBefore]:
    """The last charge of each of these documents: one that is to be tried again before the others, a cancelled one behind them."""
    return _tried_before(uow, document_ids, "type = 'CHARGE'")


def transfers_before(uow: Uow, document_ids: Sequence[int]) -> dict[int, TriedBefore]:
    """The last refund or payout of each of these documents, a cancelled one behind the others."""
    return _tried_before(uow, document_ids, "type <> 'CHARGE'")


def _tried_before(uow: Uow, document_ids: Sequence[int], of: str) -> dict[int, TriedBefore]:
    sql = (
        "SELECT DISTINCT ON (document_id) document_id, status, reason, retry_on, prebooked,"
        f" {_HANDED_ON} AS handed_on FROM payment_intent i WHERE document_id = ANY (%s)"
        f" AND {of} ORDER BY document_id, retry_on NULLS LAST, status = 'CANCELLED', created_at DESC, ident"
    )
    return {row.document_id: row for row in uow.all(TriedBefore, sql, (list(document_ids),))} if document_ids else {}


_CHARGED_ON = (
    "SELECT ARRAY[CASE i.status WHEN 'FAILED' THEN i.retry_on ELSE coalesce((SELECT a.collected_on FROM payment_attempt a"
    " WHERE a.tenant_id = i.tenant_id AND a.intent_ident = i.ident AND a.state IN ('PROCESSING', 'SUBMITTED', 'SUCCESSFUL')"
    " ORDER BY a.number DESC LIMIT 1), i.due_on) END] FROM payment_intent i"
    " WHERE i.tenant_id = opos_case.tenant_id AND i.document_id = opos_case.document_id AND i.type = 'CHARGE'"
    " AND {which} ORDER BY i.retry_on NULLS LAST, i.created_at DESC, i.ident LIMIT 1"
)
CHARGED_ON = _CHARGED_ON.format(which="i.status <> 'CANCELLED'")
"""SQL: the day on which a row of `opos_case` is collected by its last charge, or was, in an array: {NULL} where that failed and is not
tried again, and no array where there was none."""
CHARGE_UNDER_WAY_ON = _CHARGED_ON.format(which="(i.prebooked OR i.retry_on IS NOT NULL)")
"""SQL: likewise, by a charge that is under way or is tried again."""


def waiting_of(uow: Uow, document_ids: Sequence[int]) -> list[Failed]:
    """What of these documents was not handed on yet, or is to be tried again by itself."""
    sql = (
        f"SELECT {columns(Failed)} FROM payment_intent WHERE document_id = ANY (%s) AND (status = 'CREATED' OR retry_on IS NOT NULL)"
        " ORDER BY ident"
    )
    return uow.all(Failed, sql, (list(document_ids),)) if document_ids else []


def intents_by_ident(uow: Uow, idents: Sequence[str], *, lock: bool = False) -> dict[str, Failed]:
    """Intents, by ident; those that do not exist are left out."""
    sql = f"SELECT {columns(Failed)} FROM payment_intent WHERE ident = ANY (%s) ORDER BY ident{' FOR UPDATE' if lock else ''}"
    return {row.ident: row for row in uow.all(Failed, sql, (list(idents),))}


def due_retries(uow: Uow, day: dt.date, limit: int) -> list[Failed]:
    """Failed intents whose day to be tried again has come, the longest waiting first."""
    sql = f"SELECT {columns(Failed)} FROM payment_intent WHERE retry_on <= %s ORDER BY retry_on, ident LIMIT %s"
    return uow.all(Failed, sql, (day, limit))


def documents_of_references(uow: Uow, references: Sequence[str]) -> list[ForReference]:
    """Which document an attempt's own references stand for, whatever became of it: for who reads them on a bank statement."""
    if not references:
        return []
    named = list(references)
    sql = (
        "SELECT x.reference, i.document_id, i.document_ident, i.type, x.payment_ident FROM ("
        "SELECT tenant_id, end_to_end_ident AS reference, intent_ident, payment_ident FROM payment_attempt"
        " WHERE end_to_end_ident = ANY (%s) UNION"
        " SELECT tenant_id, provider_reference, intent_ident, payment_ident FROM payment_attempt WHERE provider_reference = ANY (%s)) x"
        " JOIN payment_intent i ON i.tenant_id = x.tenant_id AND i.ident = x.intent_ident ORDER BY x.reference, i.document_id"
    )
    return uow.all(ForReference, sql, (named, named))


def charges_of(uow: Uow, document_ids: Sequence[int]) -> dict[int, str]:
    """The last charge of each of these documents that succeeded at a provider which gives back what it charged."""
    sql = (
        "SELECT DISTINCT ON (document_id) document_id, ident FROM payment_intent"
        " WHERE document_id = ANY (%s) AND type = 'CHARGE' AND status = 'SUCCESSFUL'"
        " AND provider <> 'SEPA_FILE' ORDER BY document_id, created_at DESC, ident"
    )
    return {row.document_id: row.ident for row in uow.all(_Charge, sql, (list(document_ids),))} if document_ids else {}


class _Charge(NamedTuple):
    document_id: int
    ident: str


class InFile(NamedTuple):
    """An attempt that went out in a file."""

    key: str
    intent_ident: str
    state: AttemptState
    end_to_end_ident: str
    group_ident: str
    type: IntentType
    customer_account_ident: str


def attempts_in_file(uow: Uow, message_ident: str) -> list[InFile]:
    """The attempts of a file (MsgId), held."""
    sql = (
        "SELECT a.key, a.intent_ident, a.state, a.end_to_end_ident, a.group_ident, i.type, i.customer_account_ident"
        " FROM payment_attempt a JOIN payment_intent i ON i.tenant_id = a.tenant_id AND i.ident = a.intent_ident"
        " WHERE a.message_ident = %s ORDER BY a.intent_ident FOR UPDATE OF i"
    )
    return uow.all(InFile, sql, (message_ident,))


class GivenUp(NamedTuple):
    """The transactions of a file of which a person said that nothing comes, before the bank said anything of it."""

    message_ident: str
    many: int
    others: int
    """How many of its transactions are still under way, or were booked."""
    document_idents: list[str]
    """What the first of them are for."""


def given_up_in_files(uow: Uow, idents: Sequence[str]) -> list[GivenUp]:
    """Of each of these files (MsgId) of which something is given up."""
    sql = (
        "SELECT message_ident, (count(*) FILTER (WHERE state = 'FAILED'))::int AS many,"
        " (count(*) FILTER (WHERE state <> 'FAILED'))::int AS others,"
        " (array_agg(document_ident ORDER BY document_ident) FILTER (WHERE state = 'FAILED'))[1:10] AS document_idents"
        " FROM payment_attempt WHERE message_ident = ANY (%s) GROUP BY 1 HAVING bool_or(state = 'FAILED') ORDER BY 1"
    )
    return uow.all(GivenUp, sql, (list(idents),)) if idents else []


HELD_OF_FILE = (
    "SELECT count(*)::int FROM payment_attempt a WHERE a.tenant_id = payment_file.tenant_id AND a.message_ident = payment_file.ident"
    " AND a.held"
)
"""SQL: how many transfers of a row of `payment_file` are held because of their payees' names."""


class _HeldIn(NamedTuple):
    message_ident: str
    many: int


def held_in_files(uow: Uow, idents: Sequence[str]) -> dict[str, int]:
    """By file (MsgId) how many of its transfers are held; without those of which none is."""
    sql = "SELECT message_ident, count(*)::int AS many FROM payment_attempt WHERE message_ident = ANY (%s) AND held GROUP BY 1"
    return dict(uow.all(_HeldIn, sql, (list(idents),))) if idents else {}


def accounts_with_waiting(uow: Uow) -> list[str]:
    """The merchant payment accounts for which something waits to go out in a file."""
    sql = (
        "SELECT DISTINCT merchant_account_ident FROM payment_intent WHERE status = 'CREATED' AND provider = 'SEPA_FILE'"
        " ORDER BY merchant_account_ident"
    )
    return uow.column(str, sql)


class Refundable(NamedTuple):
    """A charge, and how much of it was given back or is about to be."""

    ident: str
    type: IntentType
    status: IntentStatus
    customer_account_ident: str
    amount: Decimal
    currency: str
    given_back: Decimal


def refundable(uow: Uow, ident: str) -> Refundable | None:
    """The charge that a refund names; None: there is no such intent."""
    sql = (
        "SELECT i.ident, i.type, i.status, i.customer_account_ident, i.amount, i.currency, coalesce((SELECT sum(r.amount)"
        " FROM payment_intent r WHERE r.tenant_id = i.tenant_id AND r.refunds_intent_ident = i.ident"
        " AND r.status NOT IN ('FAILED', 'CANCELLED')), 0) AS given_back FROM payment_intent i WHERE i.ident = %s FOR UPDATE OF i"
    )
    return uow.first(Refundable, sql, (ident,))


def intent_of_payment(uow: Uow, document_id: int, payment_ident: str) -> str | None:
    """The intent for a document whose money came by this payment."""
    sql = (
        "SELECT i.ident FROM payment_intent i JOIN payment_attempt a ON a.tenant_id = i.tenant_id AND a.intent_ident = i.ident"
        " WHERE i.document_id = %s AND a.payment_ident = %s ORDER BY i.ident LIMIT 1"
    )
    return uow.scalar(str, sql, (document_id, payment_ident))
