"""Open items that are closed, as clearings of a customer's account: for who keeps the books."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from contor.openitems import tables
from contor.runtime.query import Filterable, FilterField, ListQuery, Page, size, worked_out
from contor.runtime.query.filterable import BOOLEAN, CODE, DECIMAL, INSTANT, INTEGER, TEXT
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_CASE = tables.opos_case.c


def _searched(account: int, currency: str) -> Filterable:
    """As the clearings of other accounts are searched. The account and its currency, which is the ledger's, are those of every row."""
    return Filterable(
        {
            "clearing_id": FilterField(_CASE.document_id, INTEGER),
            "amount": FilterField(size(_CASE.opening), DECIMAL),
            "created_at": FilterField(_CASE.closed_at, INSTANT),
            "opened_at": FilterField(_CASE.created_at, INSTANT),  # by which an index sorts
            "account_number": FilterField(worked_out(f"{account}::bigint", int), INTEGER),
            "currency": FilterField(worked_out(f"'{currency}'::text", str), CODE),
            "automatic": FilterField(worked_out("true::boolean", bool), BOOLEAN),
            "opos_case_ident": FilterField(_CASE.ident, TEXT),
        },
        default_sort="opened_at,desc",
    )


class Closed(NamedTuple):
    """A closed open item."""

    document_id: int
    ident: str
    customer_ident: str
    opening: Decimal
    created_at: dt.datetime
    closed_at: dt.datetime


_SELECT = f"SELECT {columns(Closed)} FROM opos_case WHERE status = 'CLOSED' AND "


def closed_cases(uow: Uow, customer: str, account: tuple[int, str], query: ListQuery, view: Callable[[Closed], object]) -> Page:
    """Those of a customer. `account`: his own, and the ledger's currency."""

    def read(ids: list[int]) -> dict[int, object]:
        return {row.document_id: view(row) for row in uow.all(Closed, _SELECT + "document_id = ANY (%s)", (ids,))}

    scope = {"customer_ident": customer, "status": "CLOSED"}
    return listed_by_key(uow, tables.opos_case, query, _searched(*account), "document_id", read, scope)


def closed_case(uow: Uow, customer: str, document_id: int) -> Closed | None:
    return uow.first(Closed, _SELECT + "document_id = %s AND customer_ident = %s", (document_id, customer))
