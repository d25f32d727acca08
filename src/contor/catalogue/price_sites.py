"""Operating sites that prices name: they exist, and stay as long as a price holds for them. A site that is none has no price at all."""

from collections.abc import Iterable, Sequence

from contor.catalogue.types import OptionContent, Price, PricingGroup, UsagePrice
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import Reference
from contor.runtime.uow import Uow
from contor.settings.events import SiteLeaves
from contor.settings.queries import known_sites

Prices = Sequence[Price | UsagePrice | PricingGroup]


def sites_referred(path: str, *kinds: str) -> tuple[Reference, ...]:
    """What a body refers to by the prices that stand at `path`, each kind of them."""
    places = (f"{path}{kind}.criteria.operatingSiteIdent" for kind in kinds or ("prices", "usagePrices", "pricingGroups"))
    return tuple(Reference(place, "operating_site_unknown", known_sites) for place in places)


def prices_of(content: OptionContent) -> list[tuple[str, Prices]]:
    """All prices of an option, of each kind under its name."""
    return [("prices", content.prices), ("usagePrices", content.usage_prices), ("pricingGroups", content.pricing_groups)]


def site_findings(uow: Uow, prices: Iterable[tuple[str, Prices]]) -> list[Problem]:
    """A finding for each price, by the path of its list, that holds at a site which does not exist."""
    named = [
        (f"{path}[{index}].criteria.operatingSiteIdent", price.criteria.operating_site_ident)
        for path, given in prices
        for index, price in enumerate(given)
        if price.criteria is not None and price.criteria.operating_site_ident is not None
    ]
    known = known_sites(uow, {ident for _, ident in named}) if named else frozenset()
    return [Problem("operating_site_unknown", "does not exist", path, ident) for path, ident in named if ident not in known]


@on(SiteLeaves)
def keep_for_prices(uow: Uow, fact: SiteLeaves) -> None:
    """Former versions count as well: what is late is priced by them."""
    names = "jsonb_path_exists(content, '$.**.operating_site_ident ? (@ == $site)', jsonb_build_object('site', %s::text))"
    sql = f"SELECT DISTINCT option_ident FROM plan_option_version WHERE {names} ORDER BY 1 LIMIT 1"
    option = uow.scalar(str, sql, (fact.ident,))
    if option is not None:
        message = f"The site is in use: option {option} has a price for it."
        raise Refused(Kind.CONFLICT, Problem("operating_site_in_use", message, "ident", fact.ident))
