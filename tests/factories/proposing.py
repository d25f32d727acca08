"""What the periods of a contract come to, by the pure rules of proposing."""

import datetime as dt
import itertools
from typing import Any
from zoneinfo import ZoneInfo

from contor.billing.items import Item
from contor.billing.proposal import World, items_of
from contor.catalogue.types import Option, Plan
from contor.contracts.calendar import billing_periods
from contor.contracts.types import Allowance, Contract
from contor.settings.groups import Days

NOON = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


def proposed_items(
    contract: Contract,
    plan: Plan,
    *options: Option,
    until: str = "2026-01-31",
    allowances: tuple[Allowance, ...] = (),
    **world: Any,
) -> list[Item]:
    """The items of the periods that begin before `until`; all options have a price."""
    assert contract.start_on is not None
    last = dt.date.fromisoformat(until)
    periods = billing_periods(plan, contract.start_on, contract.billing_start_on, contract.end_on, contract.start_on, last)
    offered = {option.option_ident: option for option in options}
    days, number = Days(NOON, ZoneInfo("Europe/Berlin")), itertools.count(1).__next__
    made = World(offered, world.pop("indices", {}), days, number, {contract.contract_id: allowances}, **world)
    found = list(items_of(contract, plan, periods, made))
    items = [item for item in found if isinstance(item, Item)]
    assert len(items) == len(found)
    return items
