"""Rate the usages of the items that are due: one item may become several rows, one without usages is billed by that.

Late usages, of a period that was billed before, are carried over: they cost what they add to their own period, by its version of the
option and from where its tiers stood. Where the period is corrected instead, an item of that period says so (accounting reference 9,
"late usage").
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from contor.billing.items import Item, LastSequence, PeriodKey
from contor.billing.proposal.rerate import Terms, billed_anew, key_of
from contor.billing.proposal.usage_corrections import Carried, Corrections, period_of
from contor.billing.proposal.usage_rows import Found, Row, row_of, without_amount
from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option, Plan
from contor.contracts.types import Contract
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL, Days
from contor.settings.queries import days_of_groups, group_terms
from contor.usage.events import EventsCameLate
from contor.usage.measured import Period, collect, measured_by, miscounted
from contor.usage.queries import open_usages
from contor.usage.types import Usage


class Filled(NamedTuple):
    """Items with their amounts, the usages that each bills, and customers whose usages have no price."""

    items: list[Item]
    extra: list[Item]
    """Further rows of the same period, and credits, which are new."""
    usages: list[tuple[int, int]]
    broken: dict[str, str]
    puts_off: bool
    """Whether a correction waits for what is billed anew of its period."""


def fill(
    uow: Uow, items: Sequence[Item], contracts: Mapping[int, Contract], plans: Mapping[int, Plan], next_id: Callable[[], int]
) -> Filled:
    """Rate what is due."""
    due = sorted([item for item in items if _is_rated_now(item)], key=lambda item: (*key_of(item), item.sequence))
    # a period of which an item is billed anew cannot be rated again before that item stands on its document
    waiting_for = billed_anew(uow, {key_of(item): item.period_end for item in due if item.kind == "USAGE_CORRECTION"})
    due = [item for item in due if item.kind != "USAGE_CORRECTION" or key_of(item) not in waiting_for]
    filled = Filled([item for item in items if not _is_rated_now(item)], [], [], {}, puts_off=bool(waiting_for))
    if not due:
        return filled
    options, days = options_by_ident(uow, {item.origin_ident for item in due}), days_of_groups(uow)
    _count_events(uow, due, contracts, options, days)
    usages = open_usages(uow, {item.contract_id for item in due}, max(item.period_end for item in due))
    corrections, groups = Corrections(uow, due, usages), group_terms(uow)
    by_item: dict[int, Terms] = {}
    for item in due:
        contract = contracts[item.contract_id]
        group = groups.get(contract.billing_group_ident, USUAL)
        zone = days.zone(contract.billing_group_ident)
        site = item.header.operating_site_ident
        by_item[item.item_id] = Terms(contract, plans[contract.contract_id], options[item.origin_ident], zone, group, site)
    carried = Carried(uow, due, by_item, usages)
    found: list[tuple[Item, Found]] = []
    for item in due:
        contract, terms = contracts[item.contract_id], by_item[item.item_id]
        waiting = usages.get((item.contract_id, item.origin_ident), [])
        members = [usage for usage in waiting if usage.used_on < item.period_end and corrections.leaves(item, usage)]
        if item.kind == "USAGE_CORRECTION":
            made = corrections.of(item, members, terms, next_id)
        else:
            made = _regular(item, members, terms, carried, next_id)
        if isinstance(made, str):
            filled.broken.setdefault(contract.customer_ident, f"contract {contract.contract_ident}: {made}")
            continue
        taken = {usage.usage_id for usage in members}  # no other item of the option bills them
        usages[item.contract_id, item.origin_ident] = [usage for usage in waiting if usage.usage_id not in taken]
        found.append((item, made))
    _number(uow, found, filled, next_id)
    return filled


def _count_events(
    uow: Uow, due: Sequence[Item], contracts: Mapping[int, Contract], options: Mapping[str, Option], days: Days
) -> None:
    """Make usages of the events of periods that are billed for the first time. Of periods before, some may have been told just while they
    were counted: these are counted again."""
    measurements = measured_by(uow, options.values())
    if not measurements:
        return
    periods = [
        Period(contract, options[item.origin_ident], item.period_start, item.period_end, days.zone(contract.billing_group_ident))
        for item in due
        if item.kind == "USAGE" and not item.sequence
        for contract in [contracts[item.contract_id]]
    ]
    collect(uow, periods, measurements)
    for contract_id, option, start in miscounted(uow, periods, measurements):
        uow.emit(EventsCameLate(contract_id=contract_id, option_ident=option, period_start=start))


def _is_rated_now(item: Item) -> bool:
    """A further item of kind USAGE that takes the place of another one has its amount already."""
    return item.kind == "USAGE_CORRECTION" or (item.kind == "USAGE" and item.business_case == "PURCHASE")


def _regular(item: Item, members: Sequence[Usage], terms: Terms, carried: Carried, next_id: Callable[[], int]) -> Found | str:
    """The rows of a period: what was used in it, then what came late, each by its own period."""
    found = Found([], [])
    by_period = {item.period_start: [usage for usage in members if usage.used_on >= item.period_start]}
    for usage in members:
        if usage.used_on < item.period_start:
            by_period.setdefault(period_of(terms, usage).start, []).append(usage)
    for begin, of_period in by_period.items():
        content = version_at(terms.option, begin).content
        is_late = begin < item.period_start
        if is_late and content.use_pooling:
            late = carried.of(item, begin, of_period, terms, next_id)
            if isinstance(late, str):
                return late
            found.rows.extend(late.rows)
            found.credits.extend(late.credits)
            continue
        priced = carried.alone(item, begin, of_period, terms) if is_late else terms.rated(content, of_period, begin)
        if isinstance(priced, str):
            return priced
        by_usage = content.usage_tax_date == "USAGE_DATE"
        found.rows.extend(Row(row_of(item, one, by_usage, begin, terms.unit), one.usages) for one in priced)
    return found


def _number(uow: Uow, found: Sequence[tuple[Item, Found]], filled: Filled, next_id: Callable[[], int]) -> None:
    """The first row is the item's; further ones are new items of its period, with sequences that no other has."""
    more = [item for item, made in found if len(made.rows) > 1]
    last = {**{key_of(item): item.sequence for item in more}, **_sequences(uow, [item for item in more if not item.is_new])}
    for item, made in found:
        filled.items.append(item._replace(row=made.rows[0].row if made.rows else without_amount(item.row)))
        filled.extra.extend(made.credits)
        for position, one in enumerate(made.rows):
            number = item.item_id if not position else next_id()
            if position:
                sequence = last[key_of(item)] = last[key_of(item)] + 1
                extra = item._replace(item_id=number, sequence=sequence, row=one.row, is_new=True)
                filled.extra.append(extra._replace(related_item_id=one.related_item_id))
            filled.usages.extend((usage.usage_id, number) for usage in one.usages)


def _sequences(uow: Uow, items: Sequence[Item]) -> dict[PeriodKey, int]:
    """The highest sequence of each item's period."""
    if not items:
        return {}
    keys = sorted({key_of(item) for item in items})
    rows = uow.all(
        LastSequence,
        "SELECT i.contract_id, i.origin_ident, i.period_start, max(i.sequence) AS sequence FROM billable_item i"
        " JOIN unnest(%s::bigint[], %s::text[], %s::date[]) AS x(contract, option, start)"
        " ON i.contract_id = x.contract AND i.origin_ident = x.option AND i.period_start = x.start"
        " WHERE i.kind IN ('USAGE', 'USAGE_CORRECTION') GROUP BY 1, 2, 3",
        tuple([list(column) for column in zip(*keys, strict=True)]),
    )
    return {PeriodKey(*row[:3]): row.sequence for row in rows}
