"""Show how far a tenant's companies are from the threshold of distance sales."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contor.kernel.money import ZERO, shown
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.tax.oss.queries import Crossing, crossings, openings, oss_status, sums_of_years, waivers_of
from contor.tax.oss.rules import THRESHOLD, OssStatus, State, state_on


@dataclass(frozen=True, slots=True)
class OwnThreshold:
    """No input: the caller's tenant."""


@shape
class OssYear:
    """What a calendar year came to."""

    year: int
    net: Decimal
    """EUR: what is issued, and what was said of before."""
    opening: Decimal
    """What was said of before."""
    crossed_on: dt.date | None = None
    """The day of the supply that crossed the threshold."""
    crossed_by: str | None = None
    """The number of its document."""


@shape
class OssWaiver:
    valid_from: dt.date
    valid_until: dt.date | None = None


@shape
class OssCompany:
    """One company of the tenant."""

    operating_site_idents: tuple[str, ...]
    state: State
    """Of today."""
    since: dt.date | None
    """From which day on supplies are taxed where they go; none: they are not, or always were."""
    left: Decimal | None
    """EUR net that may be supplied this year until the threshold is reached; none: it does not count any more."""
    registered_from: dt.date | None
    waivers: tuple[OssWaiver, ...]
    years: tuple[OssYear, ...]
    """The latest first."""


@shape
class OssThreshold:
    """The threshold of distance sales and electronic services to consumers in other member states."""

    threshold: Decimal
    currency: str
    member_states: tuple[str, ...]
    """Those in which the tenant has places of business: the threshold holds for who has them in one."""
    companies: tuple[OssCompany, ...]


@operation("oss_threshold.get", permission="tax.read", reads=True)
def get_threshold(uow: Uow, command: OwnThreshold) -> OssThreshold:
    """How much was supplied in each year, and where it is taxed by that."""
    return threshold_of(uow)


def threshold_of(uow: Uow) -> OssThreshold:
    """As of now."""
    statuses, today = oss_status(uow), uow.ctx.today()
    issued = {(row.legal_entity, row.year): row.net for row in sums_of_years(uow)}
    before = {(row.legal_entity, row.year): row.net for row in openings(uow)}
    crossed = {(row.legal_entity, row.year): row for row in crossings(uow)}
    companies = []
    states: frozenset[str] = frozenset()
    for entity, status in statuses.by_entity.items():
        states |= status.states
        years = {year for one, year in (*issued, *before, *crossed) if one == entity} | {today.year}
        state = state_on(status, today)
        waivers = waivers_of(uow, entity)
        companies.append(
            OssCompany(
                operating_site_idents=tuple(sorted(site for site, of in statuses.entities.items() if of == entity)),
                state=state,
                since=_since(state, status, today, crossed.get((entity, today.year))),
                left=shown(max(ZERO, THRESHOLD - status.sums.get(today.year, ZERO)), "EUR") if state == "BELOW" else None,
                registered_from=status.registered_from if status.registered_from != dt.date.min else None,
                waivers=tuple(OssWaiver(valid_from=one.valid_from, valid_until=one.valid_until) for one in waivers),
                years=tuple(_year(entity, year, issued, before, crossed) for year in sorted(years, reverse=True)),
            )
        )
    return OssThreshold(threshold=THRESHOLD, currency="EUR", member_states=tuple(sorted(states)), companies=tuple(companies))


def _since(state: State, status: OssStatus, today: dt.date, crossing: Crossing | None) -> dt.date | None:
    match state:
        case "CROSSED":
            return crossing.crossed_on if crossing is not None else None
        case "CROSSED_LAST_YEAR":
            return today.replace(month=1, day=1)
        case "WAIVED":
            return max(one.valid_from for one in status.waivers if one.valid_from <= today)
        case "REGISTERED":
            return status.registered_from if status.registered_from != dt.date.min else None
    return None


def _year(
    entity: str,
    year: int,
    issued: Mapping[tuple[str, int], Decimal],
    before: Mapping[tuple[str, int], Decimal],
    crossed: Mapping[tuple[str, int], Crossing],
) -> OssYear:
    crossing, opening = crossed.get((entity, year)), before.get((entity, year), ZERO)
    return OssYear(
        year=year,
        net=shown(issued.get((entity, year), ZERO) + opening, "EUR"),
        opening=shown(opening, "EUR"),
        crossed_on=crossing.crossed_on if crossing is not None else None,
        crossed_by=crossing.document_ident if crossing is not None else None,
    )
