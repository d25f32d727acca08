"""Read how far a tenant's companies are from the threshold of distance sales: three statements, and two more where it is still counted."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.places import alpha2
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import Site, registrations, sites
from contor.tax.oss.rules import OssStatus, Waiver, state_on
from contor.tax.territories import territory_of


class _Waived(NamedTuple):
    legal_entity: str
    valid_from: dt.date
    valid_until: dt.date | None


class _Summed(NamedTuple):
    legal_entity: str
    year: int
    net: Decimal


class _Crossed(NamedTuple):
    legal_entity: str
    year: int
    crossed_on: dt.date


class OssStatuses(NamedTuple):
    """Of the tenant's companies, by legal entity."""

    by_entity: Mapping[str, OssStatus]
    entities: Mapping[str, str]
    """By operating site."""

    def of(self, operating_site_ident: str) -> OssStatus:
        """That of the company of a site."""
        return self.by_entity[self.entities[operating_site_ident]]


def member_state_of(site: Site) -> str | None:
    """Under whose law of value added tax a site lies; None: outside the Union's territory of it."""
    address = site.address
    country = alpha2(address.get("country") or "DE") or "DE"
    return territory_of(country, address.get("zip"), None, address.get("city")).member_state(is_goods=False)


def oss_status(uow: Uow, years: Collection[int] | None = None, *, lock: bool = False) -> OssStatuses:
    """Each company's status as of now. `years`: those of the supplies that are asked about; None: this year and the last one. `lock`: for
    who goes on to issue: until the end of the transaction nobody else counts what could cross the threshold of a company that is still
    below it, so its sum is exact; who registered, waived or crossed is not locked."""
    today = uow.ctx.today()
    asked = sorted(set(years or (today.year - 1, today.year)))
    wanted = sorted({year for one in asked for year in (one - 1, one)})
    known = sites(uow)
    entities = {ident: site.legal_entity for ident, site in known.items()}
    states = frozenset(state for site in known.values() if (state := member_state_of(site)) is not None)
    registered = _registered(uow, entities)
    waived: dict[str, list[Waiver]] = {}
    for row in uow.all(_Waived, f"SELECT {columns(_Waived)} FROM oss_waiver ORDER BY valid_from"):
        waived.setdefault(row.legal_entity, []).append(Waiver(row.valid_from, row.valid_until))
    bare = {
        entity: OssStatus(states, registered.get(entity), tuple(waived.get(entity, ())))
        for entity in sorted(set(entities.values()))
    }
    # who is taxed where it goes on every day of these years has nothing to count
    first = dt.date(asked[0], 1, 1)
    counting = [entity for entity, status in bare.items() if not _always(status, first)]
    if not counting:
        return OssStatuses(bare, entities)
    crossed = _crossings(uow, counting, wanted)
    if lock and (open_ones := [one for one in counting if not crossed.get(one, {}).keys() >= set(asked)]):
        uow.lock("oss", open_ones)
        crossed = _crossings(uow, counting, wanted)  # who was waited for may have crossed it
    sums = _sums(uow, counting, wanted)
    counted = {entity: bare[entity]._replace(sums=sums.get(entity, {}), crossed=crossed.get(entity, {})) for entity in counting}
    return OssStatuses({**bare, **counted}, entities)


def _always(status: OssStatus, first: dt.date) -> bool:
    """Whether it is decided for every day from `first` on, whatever is counted."""
    endless = status._replace(waivers=tuple(one for one in status.waivers if one.valid_until is None))
    return state_on(endless, first) != "BELOW"


def _registered(uow: Uow, entities: Mapping[str, str]) -> dict[str, dt.date]:
    """Since when each company declares by the union scheme."""
    found: dict[str, dt.date] = {}
    for entry in registrations(uow):
        entity = entities.get(entry.operating_site_ident)
        if entry.scheme == "OSS" and entity is not None:
            since = entry.valid_from or dt.date.min
            found[entity] = min(since, found.get(entity, since))
    return found


def _crossings(uow: Uow, entities: Collection[str], years: Collection[int]) -> dict[str, dict[int, dt.date]]:
    sql = f"SELECT {columns(_Crossed)} FROM oss_crossing WHERE legal_entity = ANY (%s) AND year = ANY (%s)"
    found: dict[str, dict[int, dt.date]] = {}
    for row in uow.all(_Crossed, sql, (list(entities), list(years))):
        found.setdefault(row.legal_entity, {})[row.year] = row.crossed_on
    return found


def _sums(uow: Uow, entities: Collection[str], years: Collection[int]) -> dict[str, dict[int, Decimal]]:
    """What is issued, and what was said of before: by company and calendar year, in EUR net."""
    found: dict[str, dict[int, Decimal]] = {}
    for row in uow.all(
        _Summed,
        "SELECT legal_entity, year, sum(net) AS net FROM ("
        " SELECT y.entity AS legal_entity, y.year, (SELECT coalesce(sum(s.net), 0) FROM oss_supply s WHERE s.legal_entity = y.entity"
        " AND s.supplied_on >= make_date(y.year, 1, 1) AND s.supplied_on < make_date(y.year + 1, 1, 1)) AS net"
        " FROM (SELECT e AS entity, n AS year FROM unnest(%(entities)s::text[]) e, unnest(%(years)s::int[]) n) y"
        " UNION ALL SELECT legal_entity, year, net FROM oss_opening WHERE legal_entity = ANY (%(entities)s) AND year = ANY (%(years)s)"
        ") x GROUP BY legal_entity, year",
        {"entities": list(entities), "years": list(years)},
    ):
        found.setdefault(row.legal_entity, {})[row.year] = row.net
    return found


class Crossing(NamedTuple):
    """When and by what the threshold of a year was crossed."""

    legal_entity: str
    year: int
    crossed_on: dt.date
    document_ident: str | None
    net: Decimal
    noticed_at: dt.datetime


class Opening(NamedTuple):
    legal_entity: str
    year: int
    net: Decimal


def crossings(uow: Uow) -> list[Crossing]:
    """Every year's, the latest first."""
    return uow.all(Crossing, f"SELECT {columns(Crossing)} FROM oss_crossing ORDER BY year DESC, legal_entity")


def openings(uow: Uow) -> list[Opening]:
    """What was said of years, or parts of them, that are not billed here."""
    return uow.all(Opening, f"SELECT {columns(Opening)} FROM oss_opening ORDER BY year DESC, legal_entity")


def waivers_of(uow: Uow, legal_entity: str) -> tuple[Waiver, ...]:
    """The oldest first."""
    sql = "SELECT legal_entity, valid_from, valid_until FROM oss_waiver WHERE legal_entity = %s ORDER BY valid_from"
    return tuple(Waiver(row.valid_from, row.valid_until) for row in uow.all(_Waived, sql, (legal_entity,)))


class YearSum(NamedTuple):
    legal_entity: str
    year: int
    net: Decimal


def sums_of_years(uow: Uow) -> list[YearSum]:
    """What was issued of such, by company and calendar year, EUR net; without what was said of before."""
    sql = (
        "SELECT legal_entity, extract(year FROM supplied_on)::int AS year, sum(net) AS net FROM oss_supply"
        " GROUP BY 1, 2 ORDER BY 2 DESC, 1"
    )
    return uow.all(YearSum, sql)


class _Counted(NamedTuple):
    document_id: int
    net: Decimal


def counted_of(uow: Uow, document_ids: Collection[int]) -> dict[int, Decimal]:
    """What each of the documents counts, of those that count something; EUR net."""
    sql = "SELECT document_id, sum(net) AS net FROM oss_supply WHERE document_id = ANY (%s) GROUP BY document_id"
    return {row.document_id: row.net for row in uow.all(_Counted, sql, (sorted(document_ids),))} if document_ids else {}


def late_position(uow: Uow) -> int | None:
    """Behind which document those may be that a release before did not count; None: there are none any more."""
    found = uow.first(_Late, "SELECT document_id, done FROM oss_late")
    return 0 if found is None else None if found.done else found.document_id


class _Late(NamedTuple):
    document_id: int
    done: bool
