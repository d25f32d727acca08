"""Payments of all accounts, with what they may be for and what was made of them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.tables import open_suggestions
from contor.kernel.operations import operation
from contor.openitems.standing import documents_of_assignments
from contor.payments.payments import PAYMENTS, payments_of_all_accounts
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.answered import any_named
from contor.runtime.query.filterable import Filterable
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

ALL_PAYMENTS = Filterable(
    {
        **PAYMENTS.fields,
        "suggested": any_named(PAYMENTS.fields["payment_ident"].expression, open_suggestions, "payment_ident", "status"),
    },
    default_sort=PAYMENTS.default_sort,
)
"""`suggested`: OPEN where a document is suggested."""


@dataclass(frozen=True, slots=True)
class ListAllPayments:
    query: ListQuery


@operation("payment.list_all", permission="payments.read", reads=True)
def list_all_payments(uow: Uow, command: ListAllPayments) -> Page:
    """What moved on accounts of ours, the latest first; without what others stand in the place of."""
    return payments_of_all_accounts(uow, command.query, ALL_PAYMENTS)


class Likeliest(NamedTuple):
    """What a payment is likeliest for."""

    payment_ident: str
    document_id: int
    customer_ident: str


def likeliest_of(uow: Uow, payments: Collection[str]) -> dict[str, Likeliest]:
    """By payment, the first of what is suggested; without those of which nothing is."""
    sql = (
        "SELECT DISTINCT ON (payment_ident) payment_ident, document_id, customer_ident FROM payment_suggestion"
        " WHERE payment_ident = ANY (%s) AND status = 'OPEN' ORDER BY payment_ident, created_at DESC, rank, ident"
    )
    return {row.payment_ident: row for row in uow.all(Likeliest, sql, (sorted(payments),))}


class Made(NamedTuple):
    """An assignment, as who shows a payment needs it."""

    ident: str
    payment_ident: str
    target_type: str
    target_ident: str
    document_id: int | None
    """None: it is for no document."""
    amount: Decimal
    """Signed: positive is money that came in."""
    currency: str
    status: str
    created_at: dt.datetime


class _Row(NamedTuple):
    ident: str
    payment_ident: str
    target_type: str
    target_ident: str
    amount: Decimal
    currency: str
    status: str
    created_at: dt.datetime


_ASSIGNMENT = f"SELECT {columns(_Row)} FROM payment_assignment WHERE "


def made_of(uow: Uow, payments: Collection[str]) -> dict[str, list[Made]]:
    """By payment, what stands of it."""
    found: dict[str, list[Made]] = {}
    sql = _ASSIGNMENT + "payment_ident = ANY (%s) AND status = 'PROCESSED' ORDER BY payment_ident, created_at, ident"
    for made in _with_documents(uow, uow.all(_Row, sql, (sorted(payments),))):
        found.setdefault(made.payment_ident, []).append(made)
    return found


def made_named(uow: Uow, ident: str) -> Made | None:
    """One of them, also one that was taken back; None: there is none."""
    return next(iter(_with_documents(uow, uow.all(_Row, _ASSIGNMENT + "ident = %s", (ident,)))), None)


def _with_documents(uow: Uow, rows: Sequence[_Row]) -> list[Made]:
    documents = documents_of_assignments(uow, [row.ident for row in rows])
    return [Made(**row._asdict(), document_id=documents.get(row.ident)) for row in rows]
