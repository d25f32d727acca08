"""Price models on documents: the least of an interval, percentages, steps, free units, and quantities by tiers."""

from typing import Any

import pytest
from tests.factories.catalogue import OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import D, Office, a_group
from tests.factories.usages import ONE, billed_net, billed_rows, cancel, metered, recorded

SIX = [{"quantity": 10, "price": "10"}, {"quantity": 50, "price": "8"}, {"price": "6"}]
STEPS = [{"quantity": 10, "price": "50"}, {"quantity": 50, "price": "150"}, {"price": "300"}]


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize(
    ("used", "cost"), [((), "20.00"), ((3,), "20.00"), ((3, 4), "20.00"), ((20,), "20.00"), ((3, 40), "43.00"), ((60,), "50.00")]
)
def test_an_interval_costs_no_less_than_its_minimum_and_no_more_than_its_cap(
    office: Office, pooled: bool, used: tuple[int, ...], cost: str
) -> None:
    metered(office, [ONE], segment=None, usePooling=pooled, usageMinimum="20.00", usageCap="50.00")
    if used:
        recorded(office, *used)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(cost)
    assert len(billed_rows(office)) == (1 if pooled or not used else len(used))


def test_a_part_of_an_interval_costs_its_share_of_the_minimum(office: Office) -> None:
    """From 11 May on a calendar month: 21 of 31 days of 31.00."""
    option = {"optionIdent": "power", "name": "Power", "type": "USAGE", "status": "FINAL", "usagePrices": [ONE]}
    office.call("POST", OPTIONS, {**option, "usageMinimum": "31.00"}, 201)
    billing = {"billingInterval": {"value": 1, "unit": "MONTH"}, "syncBillingToBillingIntervalUnit": True}
    phase = {**PHASE, "billingConfig": billing, "linkedOptions": [{"optionIdent": "power"}]}
    office.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    office.call("POST", CONTRACTS, a_contract(optionQuantities=[], startDate="2026-05-11"), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_rows(office) == [D(21)]
    office.clock("2026-07-02T10:00")
    office.bill()
    assert billed_rows(office) == [D(21), D(31)]


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize(
    ("option", "used", "may", "june"),
    [
        ({"usageCap": "31.00"}, 100, "21", "10.33"),  # 21 of 31 days from the 11th on, 10 of 30 until the 10th
        ({"usageCap": "31.00"}, 15, "15", "10.33"),
        ({"usageCap": "31.00"}, 5, "5", "5"),
        ({"usageCap": "62.00", "usageMinimum": "31.00"}, 5, "21", "10.33"),
        ({"usageCap": "62.00", "usageMinimum": "31.00"}, 30, "30", "20.67"),
        ({"usageCap": "62.00", "usageMinimum": "31.00"}, 50, "42", "20.67"),
        ({"usageCap": "31.00", "usageMinimum": "31.00"}, 50, "21", "10.33"),
    ],
)
def test_a_part_of_an_interval_has_its_share_of_the_most_and_of_the_least(
    office: Office, pooled: bool, option: dict[str, str], used: int, may: str, june: str
) -> None:
    """From 11 May on a calendar month; ended on 10 June."""
    power = {"optionIdent": "power", "name": "Power", "type": "USAGE", "status": "FINAL", "usagePrices": [ONE]}
    office.call("POST", OPTIONS, {**power, "usePooling": pooled, **option}, 201)
    billing = {"billingInterval": {"value": 1, "unit": "MONTH"}, "syncBillingToBillingIntervalUnit": True}
    phase = {**PHASE, "billingConfig": billing, "linkedOptions": [{"optionIdent": "power"}]}
    office.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    office.call("POST", CONTRACTS, a_contract(optionQuantities=[], startDate="2026-05-11"), 201)
    office.clock("2026-05-21T10:00")
    recorded(office, used, day="2026-05-20")
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(may)
    recorded(office, used, name="june", day="2026-06-01")
    office.clock("2026-06-11T10:00")
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-10"})
    office.bill()
    assert billed_net(office) == D(may) + D(june)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("behaviour", ["CARRY_OVER", "CORRECTIVE"])
def test_late_usages_cost_what_goes_beyond_the_minimum(office: Office, behaviour: str, pooled: bool) -> None:
    a_group(office, lateUsageBehaviour=behaviour)
    metered(office, [ONE], usePooling=pooled, usageMinimum="20.00")
    recorded(office, 5)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(20)
    recorded(office, 10, name="late")  # 15 of May: less than the least
    recorded(office, 30, name="june", day="2026-06-20")
    office.clock("2026-07-02T10:00")
    office.bill()
    assert billed_net(office) == D(50)
    recorded(office, 10, name="later")  # 25 of May
    recorded(office, 30, name="july", day="2026-07-20")
    office.clock("2026-08-02T10:00")
    office.bill()
    assert billed_net(office) == D(85)


@pytest.mark.parametrize("pooled", [False, True])
def test_what_is_cancelled_leaves_the_minimum(office: Office, pooled: bool) -> None:
    metered(office, [ONE], segment=None, usePooling=pooled, usageMinimum="20.00")
    recorded(office, 15, 30)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(45)
    cancel(office, "u-1")
    office.clock("2026-07-02T10:00")
    office.bill()
    assert billed_net(office) == D(40)  # the least of May and of June


@pytest.mark.parametrize(
    ("price", "option", "used", "cost", "said"),
    [
        (
            {"pricingModel": "PERCENTAGE", "percentage": "2.9"},
            {},
            ("1234.56",),
            "35.80",
            {"type": "PERCENTAGE", "blockPrice": 2.9, "blockSize": 100, "usedQuantity": 1234.56, "blockQuantity": 1},
        ),
        (
            {"pricingModel": "PERCENTAGE", "percentage": "2.9", "fixedPrice": "0.25"},
            {"usePooling": True},
            ("1000", "234.56"),
            "36.30",
            {"type": "PERCENTAGE", "basePrice": 0.25, "blockQuantity": 2},
        ),
        (
            {"pricingModel": "STAIR_STEP", "priceTiers": STEPS},
            {"usePooling": True},
            (40, 20),
            "300.00",
            {"type": "TIER_SINGLE", "usedQuantity": 60},
        ),
        (
            {"pricingModel": "TIER_PRICE", "priceTiers": SIX},
            {"usePooling": True},
            (40, 20),
            "480.00",
            {"type": "TIER_PROGRESSIVE", "usedQuantity": 60},
        ),
        (
            {"pricingModel": "VOLUME_PRICE", "priceTiers": SIX},
            {"usePooling": True},
            (40, 20),
            "360.00",
            {"type": "TIER_SINGLE", "usedQuantity": 60},
        ),
        (
            {"pricingModel": "TIER_PRICE", "priceTiers": SIX, "freeQuantity": 5},
            {"usePooling": True},
            (11, 5),
            "108.00",
            {"type": "TIER_PROGRESSIVE", "usedQuantity": 16},
        ),
    ],
)
def test_a_model_is_billed_and_says_how_it_came_about(
    office: Office, price: dict[str, Any], option: dict[str, Any], used: tuple[Any, ...], cost: str, said: dict[str, Any]
) -> None:
    metered(office, [price], segment=None, **option)
    recorded(office, *used)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(cost)
    number = office.tenant.rows("SELECT ident FROM document")[0].ident
    (row,) = office.call("GET", f"/v2/documents/{number}")["items"]
    basis = row["priceCalculationBasis"]
    assert {name: basis.get(name) for name in said} == said


@pytest.mark.parametrize(
    ("model", "tiers", "quantity", "cost", "next_year"),
    [
        ("TIER_PRICE", SIX, 60, "480.00", "528.00"),
        ("VOLUME_PRICE", SIX, 60, "360.00", "396.00"),
        ("STAIR_STEP", STEPS, 11, "150.00", "165.00"),
        ("CONTINGENT", [{"quantity": 10, "price": "8"}], 11, "160.00", "176.00"),
    ],
)
def test_seats_by_tiers_follow_their_index(
    office: Office, model: str, tiers: list[dict[str, Any]], quantity: int, cost: str, next_year: str
) -> None:
    """A contract whose index rises by a tenth: every tier does."""
    office.call("POST", "/v2/price-adaptations", {"ident": "vpi", "name": "VPI", "type": "INDEX"}, 201)
    for ident, day, value in (("v-1", "2026-01-01", "100"), ("v-2", "2026-06-01", "110")):
        office.call("POST", "/v2/price-adaptations/vpi/values", {"ident": ident, "date": day, "value": value}, 201)
    option = {"type": "QUANTITY", "prices": [{"pricingModel": model, "priceTiers": tiers}]}
    office.plan(option=option)
    office.contract(quantity=quantity, contractPriceAdaptation="vpi")
    office.bill()
    office.clock("2026-06-02T10:00")
    office.bill()
    assert [net for _, net, _, _ in office.documents()] == [D(cost), D(next_year)]
    item = office.call("GET", f"/v2/documents/{office.tenant.rows('SELECT ident FROM document ORDER BY id')[0].ident}")["items"][0]
    assert (item["quantity"], item["priceBaseQuantity"]) == (quantity, quantity)


def test_what_does_not_fit_in_a_price_is_refused_with_every_finding(office: Office) -> None:
    body = {
        "optionIdent": "x",
        "name": "X",
        "type": "USAGE",
        "usageMinimum": "5.00",
        "usageCap": "4.00",
        "usagePrices": [{"pricingModel": "PERCENTAGE", "minimum": "3", "maximum": "2"}, {"pricingModel": "STAIR_STEP"}],
    }
    assert office.findings("POST", OPTIONS, body) == [
        "usageMinimum",
        "usagePrices[0].maximum",
        "usagePrices[0].percentage",
        "usagePrices[1].criteria",
        "usagePrices[1].priceTiers",
    ]
    office.plan("10.00")
    own = [{"optionPrices": [{"optionIdent": "basic-fee", "prices": [{"pricingModel": "TIER_PRICE"}]}]}]
    given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee"}]}]
    contract = a_contract("v-9", optionQuantities=given, planModifiers=own)
    assert office.findings("POST", CONTRACTS, contract) == ["planModifiers[0].optionPrices[0].prices[0].priceTiers"]
