"""What of open items is overdue, how far it is dunned, and what is not dunned any more."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import dunning_levels, set_dunning_levels
from contor.documents.matters import lock_matters
from contor.kernel.shapes import shape
from contor.openitems.collection import HANDED_OVER, collecting_of
from contor.openitems.queries import blocked_on
from contor.runtime.db import ENCODER
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_OURS = "document_type NOT IN ('SELF_BILLING_INVOICE', 'SELF_BILLING_INVOICE_CORRECTION')"
"""What we owe partners, and its corrections, is not dunned."""


class Overdue(NamedTuple):
    """An open item whose due date has passed, or a credit of the same customer."""

    document_id: int
    ident: str
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    balance: Decimal
    is_memo: bool
    doubtful: bool
    prebooked: Decimal
    dunning_level: int
    announced_on: dt.date | None
    """The day of collection that its document announces."""
    opened_on: dt.date | None
    """Of what another system issued, the day on which it was carried forward."""
    is_blocked: bool
    """Today: a block that is over is none."""


_STORED = ", ".join(Overdue._fields[:-1])


class MovedOn(NamedTuple):
    """What moved an open item, on the day from which it counts."""

    document_id: int
    day: dt.date
    amount: Decimal


class NamedBy(NamedTuple):
    """A customer with an open item that a key names."""

    key: str
    customer_ident: str


@shape
class Standing:
    """How an open item stood when a person looked at it."""

    document_id: int
    balance: Decimal
    dunning_level: int


def debtors_behind(uow: Uow, after: str, day: dt.date, limit: int, only: Sequence[str] | None = None) -> list[str]:
    """The next customers with something whose due date lies before the day."""
    return uow.column(
        str,
        "SELECT DISTINCT customer_ident FROM opos_case WHERE status = 'OPEN' AND customer_ident > %(after)s AND due_date < %(day)s"
        f" AND balance > 0 AND {_OURS} AND (%(only)s::text[] IS NULL OR customer_ident = ANY (%(only)s))"
        " ORDER BY customer_ident LIMIT %(limit)s",
        {"after": after, "day": day, "limit": limit, "only": None if only is None else list(only)},
    )


def overdue_of(uow: Uow, customers: Collection[str], day: dt.date) -> list[Overdue]:
    """What of these customers was due before the day, and their credits, the oldest first."""
    return uow.all(
        Overdue,
        f"SELECT {_STORED}, {blocked_on(uow.ctx.today())} AS is_blocked FROM opos_case"
        f" WHERE status = 'OPEN' AND customer_ident = ANY (%s) AND {_OURS}"
        " AND (due_date < %s OR balance < 0) ORDER BY customer_ident, due_date, document_id",
        (list(customers), day),
    )


def moved_by_day(uow: Uow, ids: Collection[int]) -> list[MovedOn]:
    """What moved these open items; a payment counts from its value day."""
    return uow.all(
        MovedOn,
        "SELECT document_id, coalesce((movement ->> 'paid_on')::date, booked_on) AS day, amount FROM opos_movement"
        " WHERE document_id = ANY (%s) ORDER BY id",
        (list(ids),),
    )


def customers_named(uow: Uow, keys: Collection[str]) -> list[NamedBy]:
    """Whose open items have one of these keys (`keys.compact`), of number or printed payment reference."""
    if not keys:
        return []
    wanted = sorted(keys)
    return uow.all(
        NamedBy,
        "SELECT number_key AS key, customer_ident FROM opos_case WHERE number_key = ANY (%s) AND status = 'OPEN'"
        " UNION SELECT reference_key AS key, customer_ident FROM opos_case WHERE reference_key = ANY (%s) AND status = 'OPEN'",
        (wanted, wanted),
    )


def still_standing(uow: Uow, wanted: Sequence[Standing]) -> set[int]:
    """Those that are as they were seen, and that nothing keeps from being dunned since; nobody else moves them until the commit."""
    if not wanted:
        return set()
    lock_matters(uow, {one.document_id for one in wanted})
    standing = set(
        uow.column(
            int,
            "SELECT opos_case.document_id FROM opos_case JOIN jsonb_to_recordset(%s) AS"
            " x(document_id bigint, balance numeric, dunning_level integer) ON x.document_id = opos_case.document_id"
            " WHERE opos_case.balance = x.balance AND opos_case.dunning_level = x.dunning_level AND opos_case.status = 'OPEN'"
            f" AND (opos_case.balance < 0 OR NOT ({blocked_on(uow.ctx.today())})) AND NOT opos_case.doubtful AND opos_case.prebooked = 0"
            " ORDER BY opos_case.document_id FOR NO KEY UPDATE OF opos_case",
            (ENCODER.encode(list(wanted)).decode(),),
        )
    )
    owed = [one.document_id for one in wanted if one.document_id in standing and one.balance > 0]
    return standing - {number for number, found in collecting_of(uow, owed).items() if found.pending}


def set_levels(uow: Uow, levels: Mapping[int, int]) -> None:
    """How far open items and their documents are dunned from now on."""
    if not levels:
        return
    rows = [{"id": number, "level": level} for number, level in levels.items()]
    uow.run(
        "UPDATE opos_case c SET dunning_level = x.level FROM jsonb_to_recordset(%s) AS x(id bigint, level integer)"
        " WHERE c.document_id = x.id",
        (ENCODER.encode(rows).decode(),),
    )
    set_dunning_levels(uow, levels)


class _CaseLevel(NamedTuple):
    document_id: int
    ident: str
    dunning_level: int


def dunned_otherwise(uow: Uow, wanted: Mapping[int, int]) -> Iterator[tuple[str, int, int, int]]:
    """(ident, level of the open item, of its document, wanted) of what is not dunned as far as it should be; what is not named should be
    at level 0. For who checks."""
    last = 0
    while rows := uow.all(
        _CaseLevel,
        "SELECT document_id, ident, dunning_level FROM opos_case WHERE document_id > %s ORDER BY document_id LIMIT 10000",
        (last,),
    ):
        last = rows[-1].document_id
        documents = dunning_levels(uow, [row.document_id for row in rows])
        for row in rows:
            found, due = (row.dunning_level, documents[row.document_id]), wanted.get(row.document_id, 0)
            if found != (due, due):
                yield row.ident, *found, due


class NotAtCollection(NamedTuple):
    """An open item that nobody else collects."""

    document_id: int
    ident: str


def not_at_collection(uow: Uow, ids: Collection[int]) -> list[NotAtCollection]:
    """Those of these that no block of a hand-over keeps from being dunned."""
    sql = f"SELECT {columns(NotAtCollection)} FROM opos_case WHERE document_id = ANY (%s) AND NOT ({HANDED_OVER}) ORDER BY document_id"
    return uow.all(NotAtCollection, sql, (sorted(ids),))
