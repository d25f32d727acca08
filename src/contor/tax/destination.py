"""What is taxed where it goes, because the threshold of distance sales is crossed or waived, as far as that is known before it is issued.

Source: section 3a (5) sentences 3 to 5, section 3c (4) UStG."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.runtime.uow import Uow
from contor.tax.all_rates import rate_problem
from contor.tax.oss import ELECTRONIC, GOODS, OssSupply, concerns, decided, oss_status
from contor.tax.supply import Determined, Supply

OSS = "OSS"


def at_destination(uow: Uow, documents: Sequence[Mapping[int, tuple[Supply, Decimal]]]) -> list[dict[int, Supply]]:
    """The supplies of each document, here with their nets in EUR, with the scheme OSS where that holds. Every document is looked at as if
    it were the next one to be issued: of its own supplies the very one that crosses is taxed where it goes."""
    found = [{place: supply for place, (supply, _) in supplies.items()} for supplies in documents]
    concerned = [[place for place, (supply, _) in supplies.items() if _concerns(supply)] for supplies in documents]
    years = {supplies[place][0].day.year for supplies, places in zip(documents, concerned, strict=True) for place in places}
    if not years:
        return found
    statuses = oss_status(uow, years)
    for supplies, places, made in zip(documents, concerned, found, strict=True):
        for site in dict.fromkeys(made[place].operating_site for place in places):
            ours = [place for place in places if made[place].operating_site == site]
            asked = [OssSupply(supplies[place][0].day, supplies[place][1]) for place in ours]
            for place, is_taxed_there in zip(ours, decided(statuses.of(site or ""), asked), strict=True):
                if is_taxed_there:
                    made[place] = made[place]._replace(tax_scheme=OSS)
    return found


def taxed_at_home(found: Determined, supply: Supply) -> bool:
    """Whether what goes abroad bears the seller's tax: then it is taxed in the seller's country, and its document says so. What only the
    place has, by a rule, is a rate of the place."""
    here, there = supply.home or supply.seller_country, supply.state or supply.country
    if found.category_code not in ("S", "Z", "E") or supply.tax_scheme == OSS or here == there:
        return False
    return not found.rate or rate_problem(found.rate, {here}, {supply.day}) is None


def _concerns(supply: Supply) -> bool:
    if supply.category not in GOODS and supply.category not in ELECTRONIC:
        return False
    if supply.tax_scheme == OSS or supply.tax_code in ("EXEMPT", "NOT_TAXABLE") or supply.small_business:
        return False
    is_business = supply.customer_type != "B2C" and supply.has_vat_id
    return concerns(supply.category, is_business, supply.home, supply.state)
