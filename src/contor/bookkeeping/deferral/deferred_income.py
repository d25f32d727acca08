"""Deferred income, row by row: what was deferred, and which month releases how much of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping import tables
from contor.bookkeeping.periods import closed_through, last_day
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class ListDeferredIncome:
    query: ListQuery


@shape
class ReleasedPart:
    period: str
    """The month, YYYY-MM."""
    amount: Money
    released: bool
    """Whether its closing has posted it."""


@shape
class DeferredRow:
    """A row of a document of which something was deferred, in the ledger's currency. Below zero: it takes back what was."""

    document_id: int
    document_ident: str
    position: int
    """Of the row in its document, from 1."""
    customer_ident: str
    account: int
    """The account of revenue."""
    cost_centre: str | None = None
    currency: str
    net: Money
    """Of the row, as it is booked."""
    period_start: dt.date
    period_end: dt.date
    """The service period, by whose days the net is spread."""
    deferred_in: str
    """The month whose closing deferred it."""
    deferred: Money
    """What belongs to later months."""
    released: Money
    """What closings have released of it."""
    remaining: Money
    """What still stands on the account of deferred income."""
    released_through: str
    """The last month of the schedule."""
    credited_document_id: int | None = None
    """Of a credit: the document and row that it takes back."""
    credited_position: int | None = None
    schedule: tuple[ReleasedPart, ...]


DEFERRED = searchable(tables.deferred_row, DeferredRow, default_sort="document_id")


class Stored(NamedTuple):
    document_id: int
    position: int
    document_ident: str
    customer_ident: str
    account: int
    cost_centre: str | None
    currency: str
    net: Decimal
    period_start: dt.date
    period_end: dt.date
    deferred_in: str
    deferred: Decimal
    released_through: str
    credited_document_id: int | None
    credited_position: int | None


class _Part(NamedTuple):
    document_id: int
    position: int
    month: str
    amount: Decimal


@operation("deferred_income.list", permission="bookkeeping.read", reads=True)
def list_deferred_income(uow: Uow, command: ListDeferredIncome) -> Page:
    """What was deferred, in the order of documents; `search=releasedThrough=ge=2026-12` finds what that month still releases."""
    return listed(uow, tables.deferred_row, command.query, DEFERRED, Stored, lambda rows: views(uow, rows))


def views(uow: Uow, rows: Sequence[Stored]) -> Iterable[DeferredRow]:
    """The rows with their schedules, in their order."""
    parts: dict[tuple[int, int], list[_Part]] = defaultdict(list)
    found = uow.all(
        _Part,
        "SELECT p.document_id, p.position, p.month, p.amount FROM unnest(%s::bigint[], %s::int[]) k(document_id, position)"
        " JOIN deferred_part p ON p.document_id = k.document_id AND p.position = k.position ORDER BY p.document_id, p.position, p.month",
        ([row.document_id for row in rows], [row.position for row in rows]),
    )
    for part in found:
        parts[part.document_id, part.position].append(part)
    through = closed_through(uow) or dt.date.min
    return [_view(row, parts[row.document_id, row.position], through) for row in rows]


def _view(row: Stored, parts: Sequence[_Part], through: dt.date) -> DeferredRow:
    schedule = tuple(ReleasedPart(period=it.month, amount=it.amount, released=last_day(it.month) <= through) for it in parts)
    released = sum((it.amount for it in schedule if it.released), ZERO)
    return DeferredRow(**row._asdict(), released=released, remaining=row.deferred - released, schedule=schedule)
