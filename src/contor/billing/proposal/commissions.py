"""What a partner earns: a percentage of what its related contracts were billed, net, less what was credited of that.

An item of a related contract is counted once for each commission option of the partner's contract, in the first period of it that ends
after the item was billed. A sum that is not positive is carried over: its items are counted by a later period (accounting reference 3,
self-billing).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing import tables
from contor.billing.items import BillableRow, Direction, Item
from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option
from contor.contracts.calendar import instant
from contor.contracts.types import Contract
from contor.documents.judge import row_properties
from contor.documents.queries import documents_by_id
from contor.documents.types import Basis, Property
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL
from contor.settings.queries import days_of_groups, group_terms

BATCH = 500
CommissionKey = tuple[int, str]
"""Contract of a partner, commission option."""


class Wanted(NamedTuple):
    """What is asked: everything billed in [since, until) that the option has not counted."""

    contract_id: int
    contract_ident: str
    option_ident: str
    since: dt.datetime
    until: dt.datetime


class Source(NamedTuple):
    item_id: int
    processed_at: dt.datetime
    net: Decimal
    """Credits are negative."""


class BilledItem(NamedTuple):
    """A billed item and the side on which its amount was agreed."""

    item_id: int
    document_id: int
    total: Decimal
    type: Direction
    basis: Basis


class SourceRow(NamedTuple):
    """A billed item of a related contract, for an option of the partner's."""

    partner_id: int
    option_ident: str
    processed_at: dt.datetime
    item_id: int
    document_id: int
    total: Decimal
    type: Direction
    basis: Basis


class Counted(NamedTuple):
    item_id: int
    key: CommissionKey
    sources: tuple[Source, ...]


class Earned(NamedTuple):
    """All items, those of commissions with their amounts, and what these count."""

    items: list[Item]
    counted: list[Counted]


SOURCES = """
SELECT w.contract_id AS partner_id, w.option_ident, i.processed_at, i.item_id, i.document_id, i.total, i.type,
  i.content ->> 'basis' AS basis
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
  AS w(contract_id, contract_ident, option_ident, since, until)
JOIN contract_relation r ON r.contract_ident = w.contract_ident
JOIN contract c ON c.tenant_id = r.tenant_id AND c.contract_ident = r.related_contract_ident
JOIN billable_item i ON i.tenant_id = c.tenant_id AND i.contract_id = c.contract_id
LEFT JOIN billable_item o ON o.tenant_id = i.tenant_id AND o.item_id = i.related_item_id
WHERE i.processing_status = 'COMPLETED' AND i.document_id IS NOT NULL AND i.processed_at < w.until
  AND coalesce(o.processed_at, i.processed_at) >= greatest(w.since, r.counts_from)
  AND coalesce(o.processed_at, i.processed_at) < coalesce(r.removed_at, 'infinity')
  AND NOT EXISTS (SELECT 1 FROM commission_base b WHERE b.tenant_id = i.tenant_id AND b.contract_id = w.contract_id
    AND b.option_ident = w.option_ident AND b.source_item_id = i.item_id)
ORDER BY i.processed_at, i.item_id
"""
"""A credit counts where the item that it takes back does."""


def earn(uow: Uow, items: Sequence[Item], contracts: Mapping[int, Contract]) -> Earned:
    """Give the commissions that are due their amounts."""
    due = sorted(
        [item for item in items if _is_earned_now(item)], key=lambda it: (it.contract_id, it.origin_ident, it.period_start)
    )
    if not due:
        return Earned(list(items), [])
    days = days_of_groups(uow)
    wanted: dict[CommissionKey, Wanted] = {}
    for item in due:  # in the order of periods: the last one of each option asks for what all of them count
        contract = contracts[item.contract_id]
        start_on, zone = contract.start_on, days.zone(contract.billing_group_ident)
        assert start_on is not None
        wanted[item.contract_id, item.origin_ident] = Wanted(
            item.contract_id, item.contract_ident, item.origin_ident, instant(start_on, zone), instant(item.period_end, zone)
        )
    waiting = uncounted(uow, wanted.values())
    options, groups = options_by_ident(uow, {item.origin_ident for item in due}), group_terms(uow)
    earned = Earned([item for item in items if not _is_earned_now(item)], [])
    for item in due:
        zone = days.zone(contracts[item.contract_id].billing_group_ident)
        key, until = (item.contract_id, item.origin_ident), instant(item.period_end, zone)
        sources = tuple(source for source in waiting.get(key, ()) if source.processed_at < until)
        base = sum((source.net for source in sources), ZERO)
        currency = item.header.currency
        unit = groups.get(item.header.billing_group_ident, USUAL).units.get(currency)
        amount = commission(options[item.origin_ident], item.period_start, base, currency, unit)
        if amount:  # else carried over: a later period counts the same sources
            waiting[key] = [source for source in waiting[key] if source.processed_at >= until]
            earned.counted.append(Counted(item.item_id, key, sources))
        earned.items.append(item._replace(row=_row(item.row, options[item.origin_ident], item.period_start, base, amount)))
    return earned


def _is_earned_now(item: Item) -> bool:
    """One that takes the place of another has its amount already."""
    return item.kind == "COMMISSION" and item.related_item_id is None


def keep_counted(uow: Uow, counted: Iterable[Counted], billed: Collection[int]) -> None:
    """Store what the commissions that are billed now have counted: no later one counts it again."""
    uow.insert(
        tables.commission_base,
        [
            {"contract_id": key[0], "option_ident": key[1], "source_item_id": source.item_id, "item_id": item_id, "net": source.net}
            for item_id, key, sources in counted
            if item_id in billed
            for source in sources
        ],
    )


def commission(option: Option, period_start: dt.date, base: Decimal, currency: str, unit: Decimal | None) -> Decimal:
    """What a period earns of a net sum, rounded to `unit`; nothing of one that is not positive."""
    percentage = version_at(option, period_start).content.commission_percentage or ZERO
    return max(round_amount(base * percentage / HUNDRED, currency, unit), ZERO)


def uncounted(uow: Uow, wanted: Iterable[Wanted]) -> dict[CommissionKey, list[Source]]:
    """What was billed of related contracts and not counted, in the order of time."""
    columns = [list(column) for column in zip(*wanted, strict=True)]
    rows = uow.all(SourceRow, SOURCES, columns) if columns else []
    nets = nets_of(uow, [BilledItem(*row[3:]) for row in rows])
    found: dict[CommissionKey, list[Source]] = {}
    for row in rows:
        found.setdefault((row.partner_id, row.option_ident), []).append(Source(row.item_id, row.processed_at, nets[row.item_id]))
    return found


def nets_of(uow: Uow, rows: Iterable[BilledItem]) -> dict[int, Decimal]:
    """The net of billed items as their documents show it; where net was agreed that is the item's amount."""
    found: dict[int, Decimal] = {}
    gross: dict[int, set[int]] = {}
    for item_id, document_id, total, kind, basis in rows:
        if basis == "NET":
            found[item_id] = -total if kind == "CREDIT" else total
        else:
            gross.setdefault(document_id, set()).add(item_id)
    ids = sorted(gross)
    for start in range(0, len(ids), BATCH):
        for number, document in documents_by_id(uow, ids[start : start + BATCH]).items():
            shown = {item.ident: document.sign * item.total.net for item in document.items}
            found.update((item_id, shown[f"i-{item_id}"]) for item_id in gross[number])
    return found


def _row(row: BillableRow, option: Option, period_start: dt.date, base: Decimal, amount: Decimal) -> BillableRow:
    """The row shows of what it is a percentage; one that is carried over shows nothing."""
    if not amount:
        return replace(row, quantity=ZERO, unit_price=ZERO, total=ZERO, properties=())
    percentage = version_at(option, period_start).content.commission_percentage
    shown = (Property(key="commissionBase", value=str(base)), Property(key="commissionPercentage", value=str(percentage)))
    return replace(row, quantity=Decimal(1), unit_price=amount, total=amount, properties=(*row_properties(row.properties), *shown))
