"""Settings that what is billed depends on stay.

A billing group rounds the periods of its contracts in one way: else a period that is computed again, because its contract ends or to check
it, would differ from what was billed by what was rounded. An operating site by which something is still to be billed stays, whether an
order names it or one of its lines. An index gets no value by which a period that was proposed would have another price.
"""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items.due import holders
from contor.catalogue.adaptation import adapted
from contor.catalogue.events import IndexValueJoins
from contor.catalogue.queries import adaptation_values
from contor.contracts.queries import followers_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.events import RoundingChanged, SiteLeaves

SHOWN = 5


@on(RoundingChanged)
def keep_rounding(uow: Uow, fact: RoundingChanged) -> None:
    """Refuse another rounding of a currency in which periods of the group's contracts were proposed."""
    used = uow.column(
        str,
        "SELECT c AS currency FROM unnest(%s::text[]) c WHERE EXISTS (SELECT 1 FROM billable_item i"
        " WHERE i.billing_group_ident = %s AND i.currency = c AND NOT i.of_order AND i.kind <> 'LINE_ITEM') ORDER BY 1",
        (list(fact.currencies), fact.billing_group_ident),
    )
    if used:
        message = (
            "Periods of contracts were computed with the former rounding: it stays as it is; contracts of another group may differ."
        )
        problems = [Problem("rounding_in_use", message, "currencyRoundingOverrides", currency) for currency in used]
        raise Refused(Kind.CONFLICT, *problems)


@on(SiteLeaves)
def keep_for_items(uow: Uow, fact: SiteLeaves) -> None:
    """What is not billed yet, the first orders and contracts by name. A line's own site counts before its order's."""
    waiting = "processing_status NOT IN ('COMPLETED', 'TERMINATED')"
    sql = f"SELECT DISTINCT holder_ident FROM billable_item WHERE {waiting} AND content ->> 'operating_site_ident' = %s"
    used = set(uow.column(str, sql, (fact.ident,)))
    sql = f"SELECT DISTINCT contract_id FROM billable_item WHERE {waiting} AND of_order"
    orders = holders(uow, uow.column(int, sql))
    used |= {holder.ident for holder in orders.values() if holder.header.operating_site_ident == fact.ident}
    if used:
        more = " and others" if len(used) > SHOWN else ""
        message = f"The site is in use: {', '.join(sorted(used)[:SHOWN])}{more} has something that is still to be billed by it."
        raise Refused(Kind.CONFLICT, Problem("operating_site_in_use", message, "ident", fact.ident))


class _Priced(NamedTuple):
    """The start of a contract, and of a period that was priced."""

    start_on: dt.date
    period_start: dt.date


@on(IndexValueJoins)
def keep_prices(uow: Uow, fact: IndexValueJoins) -> None:
    """Refuse a value that would change the price of a period that was proposed (ADR 11)."""
    ident = fact.price_adaptation_ident
    contracts = followers_of(uow, ident)
    periods = uow.all(
        _Priced,
        # before its day a value changes nothing: what an index says of the time before its first value is one and the same
        "SELECT DISTINCT x.start_on, i.period_start FROM unnest(%s::bigint[], %s::date[]) AS x(id, start_on)"
        " JOIN billable_item i ON i.contract_id = x.id WHERE i.period_start >= %s AND i.kind IN ('ONETIME', 'RECURRING')"
        " AND i.processing_status <> 'TERMINATED' ORDER BY 2, 1",
        ([one.contract_id for one in contracts], [one.start_on for one in contracts], fact.valid_from),
    )
    before = adaptation_values(uow, [ident]).get(ident, ())
    after = sorted([*before, (fact.valid_from, fact.value)])
    one = Decimal(1)
    changed = [row.period_start for row in periods if adapted(one, before, *row) != adapted(one, after, *row)]
    if changed:
        message = (
            f"A value counts for future periods only: periods of contracts that begin on {changed[0]}"
            f"{' and later' if changed[-1] > changed[0] else ''} were priced without it."
        )
        raise Refused(Kind.INVALID, Problem("price_adaptation_value_in_use", message, "date", fact.valid_from))
