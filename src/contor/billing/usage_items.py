"""Rate the usages of the items that are due: one item may become several rows, one without usages is billed by that.

Late usages, of a period that was billed before, are carried over: they are priced by the version of their own period, and its tiers
are not opened again (accounting reference 9, "late usage", CARRY_OVER).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.billing.proposal import DAY
from contor.billing.types import BillableRow, Item
from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option, Plan
from contor.contracts.timeline import billing_periods
from contor.contracts.types import Contract
from contor.kernel.money import round_amount
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.usage.rate import RatedUsages, open_usages, rate
from contor.usage.types import Usage


class Filled(NamedTuple):
    """Items with their amounts, the usages that each bills, and customers whose usages have no price."""

    items: list[Item]
    extra: list[Item]
    """Further rows of the same period, which are new."""
    usages: list[tuple[int, int]]
    broken: dict[str, str]


def fill(
    uow: Uow, items: Sequence[Item], contracts: Mapping[int, Contract], plans: Mapping[int, Plan], next_id: Callable[[], int]
) -> Filled:
    """Rate what is due."""
    due = [item for item in items if item.kind == "USAGE"]
    filled = Filled([item for item in items if item.kind != "USAGE"], [], [], {})
    if not due:
        return filled
    usages = open_usages(uow, {item.contract_id for item in due}, max(item.period_end for item in due))
    options = options_by_ident(uow, {item.origin_ident for item in due})
    for item in sorted(due, key=lambda it: (it.contract_id, it.origin_ident, it.period_start)):
        contract = contracts[item.contract_id]
        waiting = usages.get((item.contract_id, item.origin_ident), [])
        members = [usage for usage in waiting if usage.used_on < item.period_end]
        usages[item.contract_id, item.origin_ident] = [usage for usage in waiting if usage.used_on >= item.period_end]
        rows = _rows(item, contract, plans[contract.plan_id], options[item.origin_ident], members, uow.ctx.zone)
        if isinstance(rows, str):
            filled.broken.setdefault(contract.customer_ident, f"contract {contract.contract_ident}: {rows}")
            continue
        filled.items.append(item._replace(row=rows[0][0]) if rows else item)
        for sequence, (row, billed) in enumerate(rows):
            number = item.item_id if not sequence else next_id()
            if sequence:
                filled.extra.append(item._replace(item_id=number, sequence=sequence, row=row, is_new=True))
            filled.usages.extend((usage.usage_id, number) for usage in billed)
    return filled


def _rows(
    item: Item, contract: Contract, plan: Plan, option: Option, members: Sequence[Usage], zone: ZoneInfo
) -> list[tuple[BillableRow, tuple[Usage, ...]]] | str:
    """The rows of a period: what was used in it, then what came late, each by its own period."""
    found: list[tuple[BillableRow, tuple[Usage, ...]]] = []
    for begin, of_period in _by_period(item, contract, plan, members).items():
        content = version_at(option, begin).content
        priced = rate(content, of_period, contract.content.tax_location, contract.content.operating_site_ident, zone)
        if isinstance(priced, str):
            return priced
        by_usage = content.usage_tax_date == "USAGE_DATE"
        found += [(_row(item, one, by_usage, begin), one.usages) for one in priced]
    return found


def _by_period(item: Item, contract: Contract, plan: Plan, members: Iterable[Usage]) -> dict[dt.date, list[Usage]]:
    assert contract.start_on is not None
    found: dict[dt.date, list[Usage]] = {item.period_start: []}
    for usage in members:
        begin = item.period_start
        if usage.used_on < begin:
            earlier = billing_periods(plan, contract.start_on, None, None, contract.start_on, usage.used_on + DAY)
            begin = earlier[-1].start
        found.setdefault(begin, []).append(usage)
    return found


def _row(item: Item, one: RatedUsages, by_usage: bool, begin: dt.date) -> BillableRow:
    """A row of the document. Its quantity is what was used where one price holds for all of it; else the basis shows it."""
    rated, row, currency = one.rated, item.row, item.header.currency
    total = round_amount(rated.amount, currency)
    prices = {tier.price for tier in getattr(one.price, "price_tiers", ()) if tier.type == "PER_UNIT"}
    single = rated.basis.type == "TIER_SINGLE" and rated.quantity and len(prices) == 1
    unit = next(iter(prices)) if single and round_amount(next(iter(prices)) * rated.quantity, currency) == total else None
    late = begin < item.period_start
    return replace(
        row,
        quantity=rated.quantity if unit is not None else Decimal(1),
        quantity_type=row.quantity_type if unit is not None else "PC",
        unit_price=unit if unit is not None else total,
        total=total,
        basis=one.price.net_gross_indicator,
        service_start=one.usages[0].used_on if late else row.service_start,
        service_end=one.usages[-1].used_on + DAY if late else row.service_end,
        tax_date=one.usages[-1].used_on if by_usage or late else row.tax_date,
        tax_location=one.tax_location,
        tax_code=one.price.tax_code,
        tax_scheme=one.price.tax_scheme,
        price_calculation_basis=rated.basis,
    )
