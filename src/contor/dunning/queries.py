"""Dunning as other packages read it."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.query.reading import streamed
from contor.runtime.rows import columns
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


class Letter(NamedTuple):
    """A letter that went out."""

    letter_ident: str
    run_ident: str
    letter_date: dt.date
    customer_ident: str
    company: str
    level: int
    status: str
    pay_until: dt.date
    currency: str
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    demand: Decimal


def letters_of(uow: Uow, first: dt.date, last: dt.date) -> Iterator[Letter]:
    """The letters of these days that went out, also those that were withdrawn."""
    sql = (
        f"SELECT {columns(Letter)} FROM dunning_letter WHERE letter_date BETWEEN %s AND %s AND status IN ('MADE', 'WITHDRAWN')"
        " ORDER BY letter_date, letter_id"
    )
    return streamed(uow, Letter, sql, (first, last))


class OpenClaim(NamedTuple):
    """A claim of default that is on the customer's account, as it stood on a day."""

    claim_ident: str
    document_ident: str
    customer_ident: str
    kind: str
    currency: str
    claimed_on: dt.date
    amount: Decimal
    balance: Decimal


def open_claims(uow: Uow, day: dt.date, closed: Sequence[tuple[int, dt.date]] = ()) -> list[OpenClaim]:
    """What was open at the end of the day of claims that are booked when they are made. `closed`: from which id on rows came after
    the closing of months up to a day; such a one counts for none of them, but from the first day behind."""

    def counted(date: str, id: str) -> str:
        if not closed:
            return date
        found = "SELECT max(p.through) + 1 FROM unnest(%(marks)s::bigint[], %(through)s::date[]) p(mark, through)"
        return f"greatest({date}, ({found} WHERE p.mark <= {id}))"

    sql = (
        f"SELECT {columns(OpenClaim)} FROM (SELECT c.claim_id, c.claim_ident, c.document_ident, c.customer_ident, c.kind, c.currency,"
        " c.claimed_on, c.amount, c.amount - coalesce((SELECT sum(m.amount) FROM dunning_claim_move m WHERE m.tenant_id = c.tenant_id"
        f" AND m.claim_ident = c.claim_ident AND {counted('m.booked_on', 'm.move_id')} <= %(day)s), 0) AS balance FROM dunning_claim c"
        f" WHERE c.booked AND {counted('c.claimed_on', 'c.claim_id')} <= %(day)s) x WHERE balance <> 0 ORDER BY customer_ident, claim_id"
    )
    values = {"day": day, "marks": [mark for mark, _ in closed], "through": [through for _, through in closed]}
    return uow.all(OpenClaim, sql, values)


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
    status: str
    file_sha256: str | None
    file_size: int | None
    document_id: int | None
    """The first one: they are of one company."""
    document_ids: list[int]
    """In the order of `document_idents`."""


def letters_told(uow: Uow, ids: Collection[int]) -> list[LetterTold]:
    """Letters in the order of their ids, for who tells others of them."""
    return uow.all(
        LetterTold,
        "SELECT l.letter_ident, l.customer_ident, l.currency, l.level, l.letter_date, l.pay_until, l.outstanding, l.demand,"
        " (SELECT coalesce(array_agg(i.document_ident ORDER BY i.document_id), '{}') FROM dunning_item i"
        " WHERE i.tenant_id = l.tenant_id AND i.letter_id = l.letter_id) AS document_idents,"
        " l.status, l.file_sha256, l.file_size, (SELECT min(i.document_id) FROM dunning_item i WHERE i.tenant_id = l.tenant_id"
        " AND i.letter_id = l.letter_id) AS document_id,"
        " (SELECT coalesce(array_agg(i.document_id ORDER BY i.document_id), '{}') FROM dunning_item i WHERE i.tenant_id = l.tenant_id"
        " AND i.letter_id = l.letter_id) AS document_ids FROM dunning_letter l WHERE l.letter_id = ANY (%s) ORDER BY l.letter_id",
        (sorted(ids),),
    )


def demand_of_letter(uow: Uow, letter_ident: str) -> Decimal:
    """What a letter asks for, in its currency."""
    return uow.scalar(Decimal, "SELECT demand FROM dunning_letter WHERE letter_ident = %s", (letter_ident,)) or Decimal(0)


class LetterMailed(NamedTuple):
    letter_ident: str
    is_sent: bool


def letters_mailed(uow: Uow) -> list[LetterMailed]:
    """Letters that a mail has brought, or is to bring, in the order of their ids."""
    sql = "SELECT letter_ident, sent_at IS NOT NULL AS is_sent FROM dunning_letter WHERE recipient IS NOT NULL ORDER BY letter_id"
    return uow.all(LetterMailed, sql)


class Reminder(NamedTuple):
    """A letter that went out about a document, with what it says of that."""

    letter_id: int
    letter_ident: str
    level: int
    fee: Decimal
    letter_date: dt.date
    pay_until: dt.date
    made_at: dt.datetime | None
    has_file: bool


def reminders_about(uow: Uow, document_id: int) -> list[Reminder]:
    """The first letter first; without those that were withdrawn."""
    return uow.all(
        Reminder,
        "SELECT l.letter_id, l.letter_ident, i.level, i.fee, l.letter_date, l.pay_until, l.made_at, l.file_sha256 IS NOT NULL AS has_file"
        " FROM dunning_item i JOIN dunning_letter l ON l.tenant_id = i.tenant_id AND l.letter_id = i.letter_id"
        " WHERE i.document_id = %s AND i.outcome = 'DUNNED' AND l.status = 'MADE' ORDER BY l.letter_id",
        (document_id,),
    )


def letter_numbered(uow: Uow, number: int) -> str | None:
    """The ident of the letter with this number."""
    return uow.scalar(str, "SELECT letter_ident FROM dunning_letter WHERE letter_id = %s", (number,))


class _Numbered(NamedTuple):
    letter_ident: str
    letter_id: int


def letter_ids(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """The numbers of the letters with these idents."""
    sql = "SELECT letter_ident, letter_id FROM dunning_letter WHERE letter_ident = ANY (%s)"
    return dict(uow.all(_Numbered, sql, (sorted(idents),))) if idents else {}


class LastLetter(NamedTuple):
    """The last letter about a document that stands."""

    document_id: int
    letter_id: int
    letter_ident: str
    level: int
    made_at: dt.datetime


def last_letters(uow: Uow, document_ids: Collection[int]) -> dict[int, LastLetter]:
    """By document; without those that were never dunned."""
    sql = (
        "SELECT DISTINCT ON (i.document_id) i.document_id, l.letter_id, l.letter_ident, l.level, l.made_at FROM dunning_item i"
        " JOIN dunning_letter l ON l.tenant_id = i.tenant_id AND l.letter_id = i.letter_id"
        " WHERE i.document_id = ANY (%s) AND i.outcome = 'DUNNED' AND l.status = 'MADE' ORDER BY i.document_id, i.letter_id DESC"
    )
    return {row.document_id: row for row in uow.all(LastLetter, sql, (sorted(document_ids),))} if document_ids else {}
