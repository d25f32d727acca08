"""Bugs planted one at a time into the engine: random days of business, and the checks must find each."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.books import sound
from tests.factories.tenants import Tenant
from tests.factories.years import FIRST, Year

from contor.billing.corrections import changes
from contor.billing.proposal import commissions, due_items, rated_items, usage_corrections, usage_items
from contor.billing.runs import bill, run_tenant
from contor.kernel.shapes import replace


def _a_period_is_lost(plant: pytest.MonkeyPatch) -> None:
    """Now and then a contract moves on without its items."""
    honest, chance = due_items.items_of, random.Random(1)
    plant.setattr(due_items, "items_of", lambda *given: [] if chance.random() < 0.05 else honest(*given))


def _a_part_costs_the_whole(plant: pytest.MonkeyPatch) -> None:
    """A short period is billed at the price of a whole one."""
    honest = due_items.items_of

    def items(contract: Any, plan: Any, periods: Any, world: Any) -> Any:
        whole = tuple(p._replace(whole_start=p.start, whole_end=p.end) for p in periods)
        return honest(contract, plan, whole, world)

    plant.setattr(due_items, "items_of", items)


def _credits_take_a_cent_more(plant: pytest.MonkeyPatch) -> None:
    honest = changes.give_back
    cent = Decimal("0.01")
    plant.setattr(
        changes, "give_back", lambda uow, stored, amount, *more, **by: honest(uow, stored, amount and amount + cent, *more, **by)
    )


def _usages_are_billed_again_and_again(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(bill, "mark_billed", lambda uow, billed: None)


def _late_usages_are_forgotten(plant: pytest.MonkeyPatch) -> None:
    """They are marked as billed with an item that does not show them."""
    honest = usage_items._regular

    def regular(item: Any, members: Any, *given: Any) -> Any:
        found = honest(item, [usage for usage in members if usage.used_on >= item.period_start], *given)
        if isinstance(found, str) or not found.rows:
            return found
        late = tuple(usage for usage in members if usage.used_on < item.period_start)
        first = found.rows[0]
        return found._replace(rows=[first._replace(usages=(*first.usages, *late)), *found.rows[1:]])

    plant.setattr(usage_items, "_regular", regular)


def _an_item_stands_on_the_wrong_document(plant: pytest.MonkeyPatch) -> None:
    honest = bill.ends_of

    def ends(papers: Any, results: Any, due: Any, faulty: Any, awaits: Any) -> Any:
        found = honest(papers, results, due, faulty, awaits)
        numbers = [end.document_id for end in found.values() if end.document_id]
        return {item: end._replace(document_id=numbers[0]) if end.document_id else end for item, end in found.items()}

    plant.setattr(bill, "ends_of", ends)


def _allowances_give_less_than_agreed(plant: pytest.MonkeyPatch) -> None:
    honest = due_items.items_of

    def items(contract: Any, plan: Any, periods: Any, world: Any) -> Any:
        for item in honest(contract, plan, periods, world):
            less = getattr(item, "kind", "") == "ALLOWANCE" and item.row.total > 1
            yield item._replace(row=replace(item.row, total=item.row.total - 1)) if less else item

    plant.setattr(due_items, "items_of", items)


def _allowances_are_kept_when_the_contract_ends(plant: pytest.MonkeyPatch) -> None:
    honest = changes.give_back
    plant.setattr(
        changes, "give_back", lambda uow, stored, *more, **by: stored.row.kind != "ALLOWANCE" and honest(uow, stored, *more, **by)
    )


def _credits_do_not_lower_commissions(plant: pytest.MonkeyPatch) -> None:
    honest = commissions.uncounted

    def sources(uow: Any, wanted: Any) -> Any:
        return {key: [source for source in found if source.net > 0] for key, found in honest(uow, wanted).items()}

    plant.setattr(commissions, "uncounted", sources)


def _commissions_count_what_comes_later(plant: pytest.MonkeyPatch) -> None:
    honest = commissions.instant
    plant.setattr(commissions, "instant", lambda day, zone: honest(day, zone) + dt.timedelta(days=2))


def _corrections_open_the_tiers_again(plant: pytest.MonkeyPatch) -> None:
    """A late usage is billed as if it were the only one of its period."""
    honest = usage_corrections.differences

    def differences(family: Any, start: Any, new: Any, terms: Any) -> Any:
        return honest(family._replace(items=[]), start, new, terms) if new else honest(family, start, new, terms)

    plant.setattr(usage_corrections, "differences", differences)


def _cancelled_rated_usages_stay_billed(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(rated_items, "give_back", lambda *given: None)


RARE = (_commissions_count_what_comes_later, _allowances_give_less_than_agreed, _credits_do_not_lower_commissions)
"""They show themselves in a larger company only."""


def some_months(new_tenant: Callable[[], Tenant], contracts: int = 100, days: int = 80) -> list[str]:
    """What the checks find after some months of a small company; files are not made here."""
    tenant = new_tenant()
    year = Year(tenant, contracts, seed=3)
    for number in range(days):
        year.live(FIRST + dt.timedelta(days=number))
        run_tenant(tenant.runtime, tenant.id)
    return sound(tenant)


def test_an_honest_engine_is_sound(new_tenant: Callable[[], Tenant]) -> None:
    assert some_months(new_tenant) == []


@pytest.mark.parametrize(
    ("bug", "finding"),
    [
        (_a_period_is_lost, "billing.items_cost_what_their_contracts_say"),
        (_a_part_costs_the_whole, "billing.items_cost_what_their_contracts_say"),
        (_credits_take_a_cent_more, "billing.items_cost_what_their_contracts_say"),
        (_usages_are_billed_again_and_again, "usage.items_bill_the_quantity_of_their_usages"),
        (_late_usages_are_forgotten, "usage.items_bill_the_quantity_of_their_usages"),
        (_allowances_give_less_than_agreed, "billing.items_cost_what_their_contracts_say"),
        (_allowances_are_kept_when_the_contract_ends, "billing.items_cost_what_their_contracts_say"),
        (_credits_do_not_lower_commissions, "billing.commissions_are_what_was_counted"),
        (_commissions_count_what_comes_later, "billing.commissions_are_what_was_counted"),
        (_corrections_open_the_tiers_again, "billing.periods_cost_what_their_usages_do"),
        (_cancelled_rated_usages_stay_billed, "billing.items_cost_what_their_rated_usages_do"),
        (_an_item_stands_on_the_wrong_document, "billing.billed_items_stand_on_their_documents"),
    ],
)
def test_a_planted_bug_is_found(
    new_tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch, bug: Callable[[pytest.MonkeyPatch], None], finding: str
) -> None:
    bug(monkeypatch)
    size = (300, 100) if bug in RARE else (100, 80)
    assert any(finding in found for found in some_months(new_tenant, *size))
