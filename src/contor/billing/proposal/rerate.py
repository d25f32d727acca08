"""Rate a period of usages again that was billed: what it costs now less what stands for it. Where usages are rated together the whole
period is, by the prices and tiers of its own, with what was carried over from it into later ones (accounting reference 9, "late usage").
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.billing.items import NO_OWN_PLACE, Item, PeriodKey, Stored, items_where
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option, OptionContent, Plan
from contor.contracts.calendar import Life, part_of, period_at
from contor.contracts.types import Contract, Places
from contor.documents.types import Location
from contor.kernel.money import ZERO, round_amount
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL, GroupTerms
from contor.usage.queries import billed_usages
from contor.usage.rate import Place, RatedUsages, at_least, rate, rates_then, within
from contor.usage.types import Usage


def key_of(item: Item) -> PeriodKey:
    return PeriodKey(item.contract_id, item.origin_ident, item.period_start)


class Family(NamedTuple):
    """What was billed of an option for what was used in one period."""

    items: list[Stored]
    usages: Mapping[int, list[tuple[Usage, bool]]]
    """By item: the usages that it billed, and whether each is cancelled."""

    def sold_by(self, usual: str | None) -> str | None:
        """The site that sold the period, whichever is the default by now."""
        return next((item.content.operating_site_ident for item in self.items if item.content.operating_site_ident), usual)

    def places(self, today: Places) -> Places:
        """Where that was billed of it which states no place: its contract may be supplied elsewhere by now."""
        found: dict[str, Location] = {}
        for name in NO_OWN_PLACE:
            for item in self.items:
                used = self.usages.get(item.row.item_id, ())
                if not used or any(getattr(usage, name) is None for usage, _ in used):
                    found.setdefault(name, getattr(item.content, name))
        return today._replace(**found)


class Terms(NamedTuple):
    """By what usages of an option are rated."""

    contract: Contract
    plan: Plan
    option: Option
    zone: ZoneInfo
    group: GroupTerms = USUAL
    site: str | None = None
    """The site that sells, whose prices hold."""
    then: Places | None = None
    """Of what states no place, where the period was billed elsewhere than its contract is supplied today."""

    @property
    def places(self) -> Places:
        """Of what states no place."""
        return self.then or self.contract.places

    def of(self, family: Family) -> "Terms":
        """By what a period was billed."""
        return self._replace(site=family.sold_by(self.site), then=family.places(self.places))

    @property
    def unit(self) -> Decimal | None:
        """To what amounts are rounded; None: to the currency's smallest."""
        return self.group.units.get(self.plan.content.currency)

    def content_of(self, used_on: dt.date) -> OptionContent:
        """The version of the option for the period of a day."""
        assert self.contract.start_on is not None
        period = period_at(self.plan.content, self.contract.start_on, None, used_on, self.contract.life)
        return version_at(self.option, period.start if period else used_on).content

    def rated(
        self, content: OptionContent, usages: Iterable[Usage], start: dt.date, *, is_whole: bool = True
    ) -> list[RatedUsages] | str:
        """The rows of the period that begins at `start`, which together cost what it may."""
        rows = self.priced(content, usages, is_whole=is_whole)
        return rows if isinstance(rows, str) else self.bounded(content, rows, [ZERO] * len(rows), start)

    def priced(self, content: OptionContent, usages: Iterable[Usage], *, is_whole: bool = True) -> list[RatedUsages] | str:
        """Each row at what it costs by itself."""
        home = self.places
        performed = home.performance_location if self.group.by_performance_location else None
        rows = rate(content, usages, home.tax_location, self.site, self.zone, performed, is_whole=is_whole)
        if isinstance(rows, str):
            return rows
        if (life := self.contract.life) is not None and life.trial is not None:
            rows = [self.given_free(one, life) for one in rows]
        return rows

    @staticmethod
    def given_free(one: RatedUsages, life: Life) -> RatedUsages:
        """What is used in a trial that charges no usages is shown, and costs nothing. A period ends with the trial."""
        if not one.usages or not life.is_usage_free(one.usages[0].used_on):
            return one
        return one._replace(rated=one.rated._replace(amount=ZERO))

    def place_of(self, item: Stored, content: OptionContent) -> Place:
        """Where an item's usages were rated together."""
        row = item.content
        performed = row.performance_location if self.group.by_performance_location else None
        return row.tax_location, performed, rates_then(content, row.tax_location, row.tax_date)

    def cost(self, one: RatedUsages) -> Decimal:
        """Rounded, as a row shows it."""
        return round_amount(one.rated.amount, self.plan.content.currency, self.unit)

    def share(self, price: Decimal, start: dt.date) -> Decimal:
        """Of a price of the whole interval what falls to the period that begins at `start`: of a part of an interval its share by days."""
        terms, begin = self.plan.content, self.contract.start_on
        period = period_at(terms, begin, self.contract.end_on, start, self.contract.life) if begin else None
        if period is None or period.is_whole:
            return price
        interval = self.plan.phase(period.phase_ident).billing_config.billing_interval
        return part_of(price, period, interval, terms.day_count, terms.currency, self.unit)

    def bounded(
        self, content: OptionContent, rows: Sequence[RatedUsages], stood: Sequence[Decimal], start: dt.date
    ) -> list[RatedUsages]:
        """The rows of a period, which together cost no more than its cap and no less than its minimum; `stood`: what stands for each
        already."""
        costs = [self.cost(one) for one in rows]
        whole = sum(costs, ZERO)
        most = whole if content.usage_cap is None else min(whole, self.share(content.usage_cap, start))
        if content.usage_minimum is not None and rows:
            least = round_amount(self.share(content.usage_minimum, start), self.plan.content.currency, self.unit)
            parts = at_least(max(most, least), costs, stood)
        elif most < whole:
            parts = within(most, costs, stood)
        else:
            return list(rows)
        return [one._replace(rated=one.rated._replace(amount=part)) for one, part in zip(rows, parts, strict=True)]


class Difference(NamedTuple):
    """Usages that make one price, and what they cost beyond what stands for them."""

    amount: Decimal
    """Negative: to be given back."""
    rated: RatedUsages | None
    """None: all of them are cancelled."""
    items: tuple[Stored, ...]
    """Billed before."""
    new: tuple[Usage, ...]
    root: int | None = None
    """The item that billed them apart from the others of the period."""


def families_of(uow: Uow, periods: Mapping[PeriodKey, dt.date]) -> dict[PeriodKey, Family]:
    """What was billed for each of these periods (with their ends, exclusive): by its own items, and by rows of later ones into which it
    was carried over. One that was never billed itself, because billing began later, has only these."""
    if not periods:
        return {}
    ordered = sorted(periods)
    columns = [list(column) for column in zip(*ordered, strict=True)]
    stored = items_where(uow, _OF_PERIODS, (sorted({key.contract_id for key in ordered}), *columns))
    usages = billed_usages(uow, [item.row.item_id for item in stored])
    found: dict[PeriodKey, Family] = {key: Family([], usages) for key in ordered}
    by_option: dict[tuple[int, str], list[PeriodKey]] = defaultdict(list)
    for key in ordered:
        by_option[key[:2]].append(key)
    for item in stored:
        used_on = _carried_from(item)
        key = _key_of_row(item)
        if used_on is None:
            if key in found:
                found[key].items.append(item)
            continue
        of_period = [own for own in by_option[key[:2]] if own.period_start <= used_on < periods[own]]
        if of_period:
            found[of_period[0]].items.append(item)
    return found


_OF_PERIODS = """
i.contract_id = ANY (%s) AND i.kind IN ('USAGE', 'USAGE_CORRECTION') AND i.processing_status = 'COMPLETED' AND EXISTS (
  SELECT 1 FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS x(number, option, start)
  WHERE i.contract_id = x.number AND i.origin_ident = x.option AND (i.period_start = x.start
    OR (i.period_start > x.start AND (i.content ->> 'service_start')::date < i.period_start
      AND (i.content ->> 'service_start')::date >= x.start)))
"""
"""Rows of later periods that say they are of an earlier day were carried over. The contracts are named by themselves, so that their index
is used whatever is known of the tenant: the periods alone would be compared with every item."""


def _key_of_row(item: Stored) -> PeriodKey:
    return PeriodKey(item.row.contract_id, item.row.origin_ident, item.row.period_start)


def _carried_from(item: Stored) -> dt.date | None:
    """A day of the period from which the item was carried over; None: it is of its own period."""
    start = item.content.service_start
    return start if start is not None and start < item.row.period_start else None


def billed_anew(uow: Uow, periods: Mapping[PeriodKey, dt.date]) -> set[PeriodKey]:
    """Those of these periods (with their ends, exclusive) of which items wait that take the place of others, also in a later period into
    which they were carried over: before they are billed nothing stands that could be compared or given back."""
    if not periods:
        return set()
    found = uow.all(
        PeriodKey,
        "SELECT DISTINCT x.contract_id, x.origin_ident, x.period_start FROM billable_item i"
        " JOIN unnest(%s::bigint[], %s::text[], %s::date[], %s::date[]) AS x(contract_id, origin_ident, period_start, period_end)"
        " ON i.contract_id = x.contract_id AND i.origin_ident = x.origin_ident AND (i.period_start = x.period_start"
        " OR (i.period_start >= x.period_end AND (i.content ->> 'service_start')::date >= x.period_start"
        " AND (i.content ->> 'service_start')::date < x.period_end))"
        " WHERE i.kind = 'USAGE' AND i.related_item_id IS NOT NULL AND i.processing_status NOT IN ('COMPLETED', 'TERMINATED')",
        tuple([list(column) for column in zip(*[(*key, end) for key, end in sorted(periods.items())], strict=True)]),
    )
    return set(found)


def differences(family: Family, start: dt.date, new: Sequence[Usage], terms: Terms) -> list[Difference] | str:
    """Of a period that begins at `start`, with usages that came late (`new`); or why something has no price."""
    terms, content = terms.of(family), terms.content_of(start)
    found: list[Difference] = []
    own: list[Stored] = []
    for root, items in _by_root(family).items():
        members = family.usages.get(root, [])
        if content.use_pooling:
            own += items
            continue
        used = terms.content_of(members[0][0].used_on) if members else content
        # what bills no usage bills the period; where all usages are cancelled nothing is left
        rows = terms.priced(used, [usage for usage, is_cancelled in members if not is_cancelled], is_whole=not members)
        if isinstance(rows, str):
            return rows
        found.append(_difference(rows[0] if rows else None, items, (), terms, root))
    members_now = [usage for item in own for usage, is_cancelled in family.usages.get(item.row.item_id, ()) if not is_cancelled]
    all_now = sorted([*members_now, *new], key=lambda usage: (usage.started_at, usage.usage_id))
    rows = (
        terms.rated(content, all_now, start, is_whole=bool(own))
        if content.use_pooling
        else terms.priced(content, all_now, is_whole=False)
    )
    if isinstance(rows, str):
        return rows
    late = {usage.usage_id for usage in new}
    by_place: dict[Place, list[Stored]] = {}
    for item in own:
        by_place.setdefault(terms.place_of(item, content), []).append(item)
    for row in rows:
        came = tuple([usage for usage in row.usages if usage.usage_id in late])
        found.append(_difference(row, by_place.pop(row.place, []), came, terms))
    found += [_difference(None, items, (), terms) for items in by_place.values()]
    return found if content.use_pooling else _bounded(found, content, terms, start)


def _bounded(found: Sequence[Difference], content: OptionContent, terms: Terms, start: dt.date) -> list[Difference]:
    """Of usages that were rated one by one: together they cost what their period may. What was billed stays as it is."""
    rows = [one.rated for one in found if one.rated is not None]
    stood = [sum((item.left + item.granted for item in one.items), ZERO) for one in found if one.rated is not None]
    parts = iter(terms.bounded(content, rows, stood, start))
    return [one if one.rated is None else _difference(next(parts), one.items, one.new, terms, one.root) for one in found]


def _by_root(family: Family) -> dict[int, list[Stored]]:
    """Items with the corrections that refer to them, by the number of the item that was there first."""
    related = {item.row.item_id: item.row.related_item_id for item in family.items}
    found: dict[int, list[Stored]] = {}
    for item in family.items:
        root = item.row.item_id
        while (before := related.get(root)) is not None:
            root = before
        found.setdefault(root, []).append(item)
    return found


def _difference(
    row: RatedUsages | None, items: Sequence[Stored], new: tuple[Usage, ...], terms: Terms, root: int | None = None
) -> Difference:
    cost = terms.cost(row) if row is not None else ZERO
    amount = cost - sum((item.left for item in items), ZERO)
    if amount > ZERO:  # what was credited by hand is not billed again
        amount = max(amount - sum((item.granted for item in items), ZERO), ZERO)
    return Difference(amount, row, tuple(items), new, root)
