"""Dunning as other packages read it."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.uow import Uow

BOOKED_CLAIMS = (
    "SELECT customer_ident AS party, sum(amount - paid - waived) AS balance FROM dunning_claim WHERE booked AND status = 'OPEN'"
    " GROUP BY customer_ident"
)
"""SQL: what stands on the customers' accounts of claims that are booked when they are made."""
PAID_CLAIMS = (
    "(SELECT coalesce(sum(v.amount), 0) FROM dunning_claim_move v WHERE v.tenant_id = p.tenant_id AND v.payment_ident = p.ident)"
)
"""SQL: what a payment `p` paid of claims."""


class LetterTold(NamedTuple):
    """A letter, and the documents that it is about."""

    letter_ident: str
    customer_ident: str
    currency: str
    level: int
    letter_date: dt.date
    pay_until: dt.date
    outstanding: Decimal
    demand: Decimal
    document_idents: list[str]
    file_sha256: str | None
    file_size: int | None


def letters_told(uow: Uow, ids: Collection[int]) -> list[LetterTold]:
    """Letters in the order of their ids, for who tells others of them."""
    return uow.all(
        LetterTold,
        "SELECT l.letter_ident, l.customer_ident, l.currency, l.level, l.letter_date, l.pay_until, l.outstanding, l.demand,"
        " (SELECT coalesce(array_agg(i.document_ident ORDER BY i.document_id), '{}') FROM dunning_item i"
        " WHERE i.tenant_id = l.tenant_id AND i.letter_id = l.letter_id) AS document_idents,"
        " l.file_sha256, l.file_size FROM dunning_letter l WHERE l.letter_id = ANY (%s) ORDER BY l.letter_id",
        (sorted(ids),),
    )
