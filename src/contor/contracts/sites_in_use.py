"""An operating site that contracts name stays: their next documents are issued by it."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.events import SiteLeaves

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
