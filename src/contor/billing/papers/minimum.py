"""Documents that are too small to be issued yet wait for what is billed next. Pure.

Source: accounting reference 9 ("minimum amount"); section 14 (2) UStG: an invoice is due within six months of the supply, whatever its
amount. A document waits as a whole and is made anew by each run; only invoices wait. What was given back, what corrects, what partners
earn, deposits, and everything of orders (which have no billing periods) never does, nor does a row whose tax date would move because it
is the day on which it is billed.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from contor.billing.items import BELOW_MINIMUM, CORRECTIONS, CREDIT_CARRIED, Code, Item
from contor.billing.papers.types import Minimum, Paper, Switches
from contor.contracts.types import Contract
from contor.documents.types import DocumentType
from contor.kernel.context import add_months
from contor.kernel.money import ZERO
from contor.settings.groups import Days

MONTHS_TO_INVOICE = 6


def hold_small(
    papers: list[Paper], switches: Mapping[str, Switches], contracts: Mapping[int, Contract], days: Days
) -> tuple[list[Paper], Mapping[int, Code]]:
    """The documents that are issued today, and the items of the others with why they wait."""
    if not any(group.minimums or group.carry_credits for group in switches.values()):
        return papers, {}
    why = {number: code for number, paper in enumerate(papers) if (code := _waits(paper, switches, contracts, days)) is not None}
    held = set(why)
    # rows by which one period of usages was rated are issued together: the tiers hold for all of them, and a row that waits would be
    # rated again without the others. Each document that is freed may free another one
    while True:
        issued = {
            _period(item) for number, paper in enumerate(papers) if number not in held for item in paper.items if _is_rated(item)
        }
        freed = {number for number in held if any(_is_rated(item) and _period(item) in issued for item in papers[number].items)}
        if not freed:
            break
        held -= freed
    waiting = {item.item_id: why[number] for number in held for item in papers[number].items}
    return [paper for number, paper in enumerate(papers) if number not in held], waiting


def as_proposed(new: list[Item], proposed: Sequence[Item], waiting: Collection[int]) -> list[Item]:
    """The new items, of those that wait only what was proposed: their usages are rated again when they are due again."""
    if not waiting:
        return new
    known = {item.item_id: item for item in proposed}
    kept = [known.get(item.item_id) if item.item_id in waiting else item for item in new]
    return [item for item in kept if item is not None]


def _waits(
    paper: Paper, switches: Mapping[str, Switches], contracts: Mapping[int, Contract], days: Days
) -> Literal["BELOW_MINIMUM", "CREDIT_CARRIED"] | None:
    if _is_small(paper, switches, contracts, days):
        return BELOW_MINIMUM
    return CREDIT_CARRIED if _is_carried(paper, switches, contracts, days) else None


def _is_small(paper: Paper, switches: Mapping[str, Switches], contracts: Mapping[int, Contract], days: Days) -> bool:
    header = paper.items[0].header
    minimum = switches[header.billing_group_ident].minimums.get(header.currency)
    if minimum is None or paper.document_type is not DocumentType.INVOICE or not all(map(_may_wait, paper.items)):
        return False
    value = sum([-item.row.total if item.type == "CREDIT" else item.row.total for item in paper.items], ZERO)
    if value >= minimum.amount:
        return False
    return days.today(header.billing_group_ident) < _waits_until(
        paper.items, minimum, contracts, days.zone(header.billing_group_ident)
    )


def _is_carried(paper: Paper, switches: Mapping[str, Switches], contracts: Mapping[int, Contract], days: Days) -> bool:
    """What changed contracts are owed, as long as they have intervals to be billed; for six months at most, as for what they owe."""
    header = paper.items[0].header
    if not switches[header.billing_group_ident].carry_credits or paper.document_type is not DocumentType.CREDIT_MEMO:
        return False
    if not any(item.row.stands_beside for item in paper.items) or any(item.of_order for item in paper.items):
        return False
    today = days.today(header.billing_group_ident)
    supplied = [add_months(item.row.tax_date, MONTHS_TO_INVOICE) for item in paper.items if item.row.tax_date is not None]
    ends = [contracts[item.contract_id].end_on for item in paper.items if _goes_on(contracts[item.contract_id])]
    if not ends:
        return False
    return today < min([*supplied, *[end for end in ends if end is not None]], default=dt.date.min)


def _goes_on(contract: Contract) -> bool:
    """Whether it has intervals that were not billed yet."""
    return contract.end_on is None or contract.proposed_through is None or contract.proposed_through < contract.end_on


def _may_wait(item: Item) -> bool:
    return not (
        item.of_order or item.row.pays or item.kind == "CREDIT" or item.business_case in CORRECTIONS or item.row.tax_date is None
    )


def _waits_until(items: Sequence[Item], minimum: Minimum, contracts: Mapping[int, Contract], zone: ZoneInfo) -> dt.date:
    """The first day on which the document is issued for any amount."""
    periodic = [item for item in items if item.origin_type != "LINE_ITEM"]
    if not periodic:
        return dt.date.min
    oldest = min(periodic, key=lambda item: (item.processing_at, item.period_start, item.item_id))
    due = oldest.processing_at.astimezone(zone).date()
    days = [periods_later(due, oldest.period_start, oldest.period_end, minimum.most_periods)]
    # whatever the group says: an invoice is due within six months of the supply (section 14 (2) UStG)
    days += [add_months(item.row.tax_date, MONTHS_TO_INVOICE) for item in items if item.row.tax_date is not None]
    ends = [contracts[item.contract_id].end_on for item in periodic]
    return min([*days, *[end for end in ends if end is not None]])


def periods_later(day: dt.date, start: dt.date, end: dt.date, count: int) -> dt.date:
    """`count` times as long after a day as the period [start, end) is; in months where it is some, else in days."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and add_months(start, months) == end:
        return add_months(day, months * count)
    return day + (end - start) * count


def _is_rated(item: Item) -> bool:
    return item.kind == "USAGE"


def _period(item: Item) -> tuple[int, str, dt.date]:
    return item.contract_id, item.origin_ident, item.period_start
