"""Intents: listed, read, cancelled as long as nothing was handed on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.intents import tables
from contor.payments.intents.create import cancel_unsent
from contor.payments.intents.types import AttemptState, AttemptView, IntentStatus, IntentView
from contor.payments.providers import IntentType
from contor.runtime.query import ListQuery, Page, searchable
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
    reason: str | None
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


@operation("payment_intent.list", permission="payments.read", reads=True)
def list_intents(uow: Uow, command: ListIntents) -> Page:
    """All intents, ended ones too."""
    return listed_by_key(uow, tables.payment_intent, command.query, INTENTS, "ident", lambda idents: views_of(uow, idents))


@operation("payment_intent.get", permission="payments.read", reads=True)
def get_intent(uow: Uow, command: OneIntent) -> IntentView:
    """One intent with its attempts and what became of them."""
    return view_of(uow, command.payment_intent_ident)


@operation("payment_intent.cancel", permission="payments.write")
def cancel_intent(uow: Uow, command: OneIntent) -> IntentView:
    """Give an intent up before it is handed to the provider: nothing is under way for its case any more."""
    ident = command.payment_intent_ident
    if not cancel_unsent(uow, [ident], "It was cancelled."):
        status = view_of(uow, ident).status
        message = f"It is {status}: only what was not handed to the provider can be cancelled."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_intent_submitted", message))
    return view_of(uow, ident)


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
    return {row.ident: _view(row, tuple(attempts.get(row.ident, ()))) for row in rows}


def _attempt(row: _AttemptRow) -> AttemptView:
    values = row._asdict()
    del values["intent_ident"]
    return AttemptView(**values)


def _view(row: _IntentRow, attempts: tuple[AttemptView, ...]) -> IntentView:
    return IntentView(
        payment_intent_ident=row.ident,
        type=row.type,
        status=row.status,
        document_ident=row.document_ident,
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
        reason=row.reason,
        retry_date=row.retry_on,
        retries=row.retries,
        attempts=attempts,
        created_at=row.created_at,
        last_modified_at=row.last_modified_at,
    )
