"""An operating site by which something is still to be billed stays, whether an order names it or one of its lines."""

from contor.billing.items.due import holders
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.events import SiteLeaves

SHOWN = 5


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
