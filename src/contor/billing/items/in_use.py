"""Settings that what is billed depends on stay.

A billing group rounds the periods of its contracts in one way: else a period that is computed again, because its contract ends or to check
it, would differ from what was billed by what was rounded. An operating site by which something is still to be billed stays, whether an
order names it or one of its lines.
"""

from contor.billing.items.due import holders
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
