"""Deferred income at the end of a month, row by row."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.chart import chart_of
from contor.bookkeeping.roles import Role
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class Deferred(NamedTuple):
    """A row of a document, of which something was deferred by then. Below zero: it takes back what was."""

    document_ident: str
    position: int
    customer_ident: str
    account: int
    cost_centre: str | None
    currency: str
    net: Decimal
    period_start: dt.date
    period_end: dt.date
    deferred_in: str
    deferred: Decimal
    released_before: Decimal
    released: Decimal
    """In the month itself."""
    remaining: Decimal
    released_through: str


_DEFERRED = """
SELECT r.document_ident, r.position, r.customer_ident, r.account, r.cost_centre, r.currency, r.net, r.period_start, r.period_end,
       r.deferred_in, r.deferred, p.released_before, p.released, r.deferred - p.released_before - p.released AS remaining,
       r.released_through
  FROM deferred_row r CROSS JOIN LATERAL (
       SELECT coalesce(sum(amount) FILTER (WHERE month < %(month)s), 0) AS released_before,
              coalesce(sum(amount) FILTER (WHERE month = %(month)s), 0) AS released
         FROM deferred_part WHERE tenant_id = r.tenant_id AND document_id = r.document_id AND position = r.position) p
 WHERE r.deferred_in <= %(month)s AND r.released_through >= %(month)s ORDER BY r.document_id, r.position
"""


def deferred_at(uow: Uow, month: str) -> Iterator[Deferred]:
    """What had been deferred by the end of the month and was not all released before it."""
    return streamed(uow, Deferred, _DEFERRED, {"month": month})


def deferred_account(uow: Uow) -> int:
    """The number of the account of deferred income."""
    return chart_of(uow)[Role.DEFERRED_INCOME].number
