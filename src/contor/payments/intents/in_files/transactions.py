"""Transactions of files for banks, each an attempt at an intent: listed, with what is known of its intent."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.payments.intents import tables
from contor.payments.intents.types import AttemptState
from contor.runtime.query import ListQuery, Page, searchable, when
from contor.runtime.query.listed import listed_by_key
from contor.runtime.query.rsql import All, AnyOf, Comparison, Node
from contor.runtime.uow import Uow


@shape
class SepaTransaction:
    """A debit or transfer that went out in a file."""

    key: str
    type: Literal["DEBIT", "CREDIT"]
    state: AttemptState
    payment_intent_ident: str
    payment_file_ident: str
    """The file that it went out in (MsgId)."""
    document_ident: str
    customer_ident: str
    amount: Money
    currency: str
    end_to_end_ident: str
    mandate_reference: str | None = None
    statement_descriptor: str | None = None
    """What the customer reads; without it, the document's number."""
    due_on: dt.date
    collected_on: dt.date | None = None
    """The day that the file says."""
    notified_on: dt.date | None = None
    """When the customer was told of it."""
    payment_ident: str | None = None
    """The booked payment."""
    booked_on: dt.date | None = None
    created_at: dt.datetime
    ended_at: dt.datetime | None = None


_ATTEMPT = tables.payment_attempt
SEPA_TRANSACTIONS = searchable(
    _ATTEMPT,
    SepaTransaction,
    ("key", "state", "document_ident", "end_to_end_ident", "mandate_reference", "amount", "currency", "created_at"),
    default_sort="created_at,desc",
    places={
        "payment_intent_ident": "intent_ident",
        "payment_file_ident": "message_ident",
        "type": when(_ATTEMPT.c.mandate_reference.isnot(None), "DEBIT", "CREDIT"),
    },
)
_READ = """
SELECT a.key, CASE i.type WHEN 'CHARGE' THEN 'DEBIT' ELSE 'CREDIT' END AS type, a.state, a.intent_ident AS payment_intent_ident,
       a.message_ident AS payment_file_ident, a.document_ident, i.customer_ident, a.amount, a.currency, a.end_to_end_ident,
       a.mandate_reference, i.statement_descriptor, i.due_on, a.collected_on, i.notified_on, a.payment_ident, p.booking_date AS booked_on,
       a.created_at, a.ended_at
  FROM payment_attempt a JOIN payment_intent i ON i.tenant_id = a.tenant_id AND i.ident = a.intent_ident
  LEFT JOIN LATERAL (SELECT x.booking_date FROM payment x WHERE x.ident = a.payment_ident OFFSET 0) p ON true
 WHERE a.key = ANY (%s) AND a.message_ident IS NOT NULL
"""
"""Each payment by its key, whatever is known of the tables."""
_IN_FILES = Comparison.of("payment_file_ident", ">", "")
"""Not what a provider was called for."""


@dataclass(frozen=True, slots=True)
class ListTransactions:
    query: ListQuery


@operation("payment_attempt.list_in_files", permission="payments.read", reads=True)
def list_transactions(uow: Uow, command: ListTransactions) -> Page:
    """What went to banks in files, the latest first."""
    asked = command.query
    where = All((_by_mandate(asked.where), _IN_FILES)) if asked.where is not None else _IN_FILES
    query = replace(asked, where=where)
    return listed_by_key(uow, _ATTEMPT, query, SEPA_TRANSACTIONS, "key", lambda keys: sepa_transactions(uow, keys))


def sepa_transactions(uow: Uow, keys: Iterable[str]) -> dict[str, SepaTransaction]:
    """Those that exist and went out in files, by key."""
    rows = uow.records(_READ, (sorted(set(keys)),))
    return {row["key"]: SepaTransaction(**row) for row in rows}


def _by_mandate(node: Node) -> Node:
    """Debits are what has a mandate. Said so an index finds what was paid out, which is little among many debits."""
    if isinstance(node, (All, AnyOf)):
        return type(node)(tuple([_by_mandate(term) for term in node.terms]))
    words = {value.text.upper() for value in node.values}
    if node.field != "type" or node.operator != "==" or not words <= {"DEBIT", "CREDIT"}:
        return node
    return Comparison.of("mandate_reference", "=null=", "true" if words == {"CREDIT"} else "false")
