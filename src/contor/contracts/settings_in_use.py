"""An operating site that contracts name stays, for their next documents are issued by it; and so does the zone of a billing group that has
contracts, for their periods and usages are dated by it."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.events import SiteLeaves, ZoneChanged

SHOWN = 5


@on(SiteLeaves)
def keep_for_contracts(uow: Uow, fact: SiteLeaves) -> None:
    """Those that have not ended, the first ones by name."""
    used = uow.column(
        str,
        "SELECT contract_ident FROM contract WHERE content ->> 'operating_site_ident' = %s AND (end_on IS NULL OR end_on > %s)"
        " ORDER BY 1 LIMIT %s",
        (fact.ident, uow.ctx.today(), SHOWN + 1),
    )
    if used:
        more = " and others" if len(used) > SHOWN else ""
        message = f"The site is in use: contracts {', '.join(used[:SHOWN])}{more} are billed by it."
        raise Refused(Kind.CONFLICT, Problem("operating_site_in_use", message, "ident", fact.ident))


@on(ZoneChanged)
def keep_zone(uow: Uow, fact: ZoneChanged) -> None:
    sql = "SELECT contract_ident FROM contract WHERE billing_group_ident = %s ORDER BY 1 LIMIT 1"
    used = uow.scalar(str, sql, (fact.billing_group_ident,))
    if used is not None:
        message = f"Contract {used} is billed in the former zone, which stays as it is; contracts of another group may differ."
        raise Refused(Kind.CONFLICT, Problem("time_zone_in_use", message, "timeZone"))
