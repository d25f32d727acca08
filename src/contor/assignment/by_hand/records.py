"""Payments that people recorded, with the documents that they are for."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Final, NamedTuple

from contor.assignment.by_hand.overview import made_of
from contor.openitems.collection import collectable_cases
from contor.openitems.standing import ASSIGNED_TO_CUSTOMERS
from contor.payments.moved import BY_HAND
from contor.payments.queries import published_payments
from contor.runtime.uow import Uow

OF_CUSTOMERS: Final = (
    f"p.ident IN (SELECT a.payment_ident FROM payment_assignment a WHERE a.ident = ANY (ARRAY({ASSIGNED_TO_CUSTOMERS})))"
)
"""SQL: whether a payment `p` is or was for a document of one of `customers`, a parameter."""


class Recorded(NamedTuple):
    """A payment that a person recorded."""

    ident: str
    amount: Decimal
    """Positive."""
    currency: str
    came_in: bool
    stands: bool
    """False: it was taken off its document again, and names none."""
    document_ident: str | None
    customer_ident: str | None
    paid_on: dt.date
    said: str
    """The method and the note that were named."""
    created_at: dt.datetime


def recorded(uow: Uow, idents: Collection[str]) -> dict[str, Recorded]:
    """These payments, by ident; what does not exist or was not recorded by a person is left out."""
    payments = {ident: it for ident, it in published_payments(uow, sorted(idents)).items() if it.external_ident.startswith(BY_HAND)}
    made = made_of(uow, payments)
    documents = {ident: its[0].document_id for ident, its in made.items() if its[0].document_id is not None}
    cases = collectable_cases(uow, sorted(set(documents.values())))
    found = {}
    for ident, it in payments.items():
        case, sent = cases.get(documents.get(ident, 0)), it.original_amount
        found[ident] = Recorded(
            ident=ident,
            amount=sent.amount,
            currency=sent.currency,
            came_in=it.credit_debit_indicator == "CREDIT",
            stands=ident in made,
            document_ident=case.ident if case is not None else None,
            customer_ident=case.customer_ident if case is not None else None,
            paid_on=it.booking_date,
            said=it.description,
            created_at=it.creation_date,
        )
    return found
