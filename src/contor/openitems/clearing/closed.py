"""Open items that are closed, as clearings of a customer's account: for who keeps the books."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from contor.openitems import tables
from contor.runtime.query import Filterable, FilterField, ListQuery, Page, size
from contor.runtime.query.filterable import DECIMAL, INSTANT, INTEGER
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_CASE = tables.opos_case.c
_CLOSED = Filterable(
    {
        "clearing_id": FilterField(_CASE.document_id, INTEGER),
        "amount": FilterField(size(_CASE.opening), DECIMAL),
        "created_at": FilterField(_CASE.created_at, INSTANT),
    },
    default_sort="created_at,desc",
)
"""As the clearings of other accounts are searched."""


class Closed(NamedTuple):
    """A closed open item."""

    document_id: int
    ident: str
    customer_ident: str
    opening: Decimal
    created_at: dt.datetime
    closed_at: dt.datetime


_SELECT = f"SELECT {columns(Closed)} FROM opos_case WHERE status = 'CLOSED' AND "


def closed_cases(uow: Uow, customer: str, query: ListQuery, view: Callable[[Closed], object]) -> Page:
    """Those of a customer."""

    def read(ids: list[int]) -> dict[int, object]:
        return {row.document_id: view(row) for row in uow.all(Closed, _SELECT + "document_id = ANY (%s)", (ids,))}

    scope = {"customer_ident": customer, "status": "CLOSED"}
    return listed_by_key(uow, tables.opos_case, query, _CLOSED, "document_id", read, scope)


def closed_case(uow: Uow, customer: str, document_id: int) -> Closed | None:
    return uow.first(Closed, _SELECT + "document_id = %s AND customer_ident = %s", (document_id, customer))
