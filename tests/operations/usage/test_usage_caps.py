"""The most that a period costs holds for all of its usages together, whether they are pooled or each has a row of its own."""

from typing import Any

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.offices import D, Office, a_group
from tests.factories.usages import USAGES, cancel, metered, usage

ONE = {"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}
THIRDS = {"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "0.3335"}]}


def rows(office: Office) -> list[D]:
    """What each billed row of usages costs, in their order; credits are negative."""
    found = office.tenant.rows(
        "SELECT kind, total FROM billable_item WHERE processing_status = 'COMPLETED' AND contract_id IS NOT NULL ORDER BY item_id"
    )
    return [-row.total if row.kind == "CREDIT" else row.total for row in found]


def net(office: Office) -> D:
    return sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0))


def recorded(office: Office, *quantities: int, name: str = "u", **more: Any) -> None:
    batch = [usage(f"{name}-{number}", quantity, **more) for number, quantity in enumerate(quantities)]
    office.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize(
    ("price", "cap", "used", "cost"),
    [
        (ONE, "15.00", (20, 20), "15.00"),
        (ONE, "12.00", (10, 10, 10), "12.00"),
        (ONE, "31.00", (10, 10, 10), "30.00"),
        (THIRDS, "10.00", (10, 10, 10), "10.00"),  # three rows of 3.335: the rounded ones come to the cap
    ],
)
def test_a_period_costs_no_more_than_its_cap(
    office: Office, pooled: bool, price: dict[str, Any], cap: str, used: tuple[int, ...], cost: str
) -> None:
    metered(office, [price], segment=None, usePooling=pooled, usageCap=cap)
    recorded(office, *used)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert net(office) == D(cost)
    assert len(rows(office)) == (1 if pooled else len(used))


@pytest.mark.parametrize("pooled", [False, True])
def test_a_cap_is_of_all_places(office: Office, pooled: bool) -> None:
    metered(office, [ONE], segment=None, usePooling=pooled, usageCap="15.00")
    recorded(office, 10)
    recorded(office, 10, name="k", taxLocation={"country": "DE", "city": "Kiel"})
    office.clock("2026-06-02T10:00")
    office.bill()
    assert rows(office) == [D(10), D(5)]


@pytest.mark.parametrize("behaviour", ["CARRY_OVER", "CORRECTIVE"])
def test_late_usages_cost_what_the_cap_of_their_period_has_left(office: Office, behaviour: str) -> None:
    a_group(office, lateUsageBehaviour=behaviour)
    metered(office, [ONE], segment=None, usageCap="30.00")
    recorded(office, 10)
    office.clock("2026-06-02T10:00")
    office.bill()
    recorded(office, 15, 15, name="late")
    recorded(office, 40, name="june", day="2026-06-20")
    office.clock("2026-07-02T10:00")
    office.bill()
    assert net(office) == D(60)
    recorded(office, 1, name="later")
    office.clock("2026-08-02T10:00")
    office.bill()
    assert net(office) == D(60)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("behaviour", ["CARRY_OVER", "CORRECTIVE"])
def test_late_usages_of_one_place_cost_no_more_than_the_cap_of_all(office: Office, behaviour: str, pooled: bool) -> None:
    a_group(office, lateUsageBehaviour=behaviour)
    metered(office, [ONE], segment=None, usePooling=pooled, usageCap="30.00")
    recorded(office, 20)
    recorded(office, 20, name="k", taxLocation={"country": "DE", "city": "Kiel"})
    office.clock("2026-06-02T10:00")
    office.bill()
    assert rows(office) == [D(20), D(10)]
    for number, day in enumerate(("2026-07-02T10:00", "2026-08-02T10:00", "2026-09-02T10:00")):
        recorded(office, 8, name=f"late-{number}")
        office.clock(day)
        office.bill()
        assert net(office) == D(30)


def test_what_is_cancelled_leaves_its_room_to_the_others(office: Office) -> None:
    metered(office, [ONE], segment=None, usageCap="15.00")
    recorded(office, 20, 20, 3)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert net(office) == D(15)
    for idents, left in ((["u-0"], 15), (["u-1"], 3), (["u-2"], 0)):
        assert cancel(office, *idents) == ["CREDITED"]
        office.bill()
        assert (net(office), office.bill()["documents"]) == (D(left), 0)


def test_a_place_that_costs_more_than_the_cap_of_all_leaves_is_found(office: Office, database_dsn: str) -> None:
    """Billed with more or less than the cap leaves the place, or the cap itself is another."""
    metered(office, [ONE], segment=None, usageCap="15.00")
    recorded(office, 10)
    recorded(office, 10, name="k", taxLocation={"country": "DE", "city": "Kiel"})
    office.clock("2026-06-02T10:00")
    office.bill()
    cap = "jsonb_set(content::jsonb, '{usage_cap}', '20')"
    changes = [(f"UPDATE plan_option_version SET content = {cap} WHERE option_ident = 'power' AND {OURS}", "5.00")]
    for stands, costs, differs in ((5, 10, "-5.00"), (5, 4, "1.00"), (10, 11, "-1.00")):
        item = f"total = {costs}, content = jsonb_set(content::jsonb, '{{total}}', '{costs}')"
        changes.append((f"UPDATE billable_item SET {item} WHERE total = {stands} AND {OURS}", differs))
    for change, differs in changes:
        said = sentences(database_dsn, office.tenant, "billing.periods_cost_what_their_usages_do", change)
        assert len(said) == 1 and f": {differs} is missing" in said[0], (change, said)
