"""What must hold of the threshold of distance sales."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.oss.rules import BINDING_YEARS, THRESHOLD


class _Crossing(NamedTuple):
    legal_entity: str
    year: int
    net: Decimal
    document_ident: str | None
    supplied: bool


@check("tax.the_threshold_is_crossed_by_a_supply_of_its_year")
def crossed(uow: Uow) -> Iterable[str]:
    """What crossed it came to more than the threshold, by a document that supplies of such on that day, and is named."""
    rows = uow.all(
        _Crossing,
        "SELECT c.legal_entity, c.year, c.net, c.document_ident, EXISTS (SELECT 1 FROM oss_supply s WHERE s.document_id = c.document_id"
        " AND s.supplied_on = c.crossed_on AND s.legal_entity = c.legal_entity AND extract(year FROM s.supplied_on) = c.year) AS supplied"
        " FROM oss_crossing c",
    )
    for row in rows:
        if row.net <= THRESHOLD or not row.supplied or not row.document_ident:
            yield f"the threshold of {row.year} is crossed at {row.net} by {row.document_ident}, which supplies nothing of such that day"


class _Waiver(NamedTuple):
    valid_from: dt.date
    valid_until: dt.date | None


@check("tax.waivers_bind_and_do_not_overlap")
def waivers(uow: Uow) -> Iterable[str]:
    """A waiver is ended after two calendar years at the earliest, and none holds beside another one."""
    rows = uow.all(
        _Waiver,
        f"SELECT {columns(_Waiver, 'w')} FROM oss_waiver w WHERE w.valid_until < make_date("
        f"extract(year FROM w.valid_from)::int + {BINDING_YEARS - 1}, 12, 31) OR EXISTS (SELECT 1 FROM oss_waiver o"
        " WHERE o.legal_entity = w.legal_entity AND o.valid_from > w.valid_from"
        " AND o.valid_from <= coalesce(w.valid_until, 'infinity'::date))",
    )
    yield from (
        f"the waiver of {row.valid_from} until {row.valid_until} ends too early, or holds beside another one" for row in rows
    )
