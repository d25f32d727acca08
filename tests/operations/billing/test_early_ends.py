"""Contracts that end within a period that is billed at its end: what was used is billed as soon as it is over."""

import pytest
from tests.factories.contracts import CONTRACTS, YEAR
from tests.factories.offices import D, Office, a_group
from tests.factories.usages import USAGES, metered, per_unit, usage


@pytest.mark.parametrize(
    ("price", "start", "last", "billed_on", "net", "config"),
    [
        ("1200.00", "2027-01-01", "2027-03-31", "2027-04-01", "295.89", {"timing": "INTERVAL_END"}),
        ("900.00", "2027-01-01", "2027-02-28", "2027-03-01", "145.48", {"timing": "INTERVAL_END"}),
        ("730.00", "2027-02-10", "2027-05-20", "2027-05-21", "200.00", {"timing": "INTERVAL_END"}),
        (
            "1200.00",
            "2027-01-01",
            "2027-03-31",
            "2027-04-03",
            "295.89",
            {"timing": "INTERVAL_END_WITH_DELAY", "delayInSeconds": 172_800},
        ),
    ],
)
def test_what_is_billed_at_the_end_is_billed_when_the_contract_ends(
    office: Office, price: str, start: str, last: str, billed_on: str, net: str, config: dict[str, object]
) -> None:
    office.clock(f"{start}T10:00")
    office.plan(price, billingInterval=YEAR, **config)
    office.contract(startDate=start)
    assert office.bill()["waiting"] == 1
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": last})
    office.clock(f"{last}T21:00")
    assert office.bill()["documents"] == 0
    office.clock(f"{billed_on}T10:00")
    assert office.bill()["documents"] == 1
    assert [(kind, amount) for kind, amount, _, _ in office.documents()] == [("INVOICE", D(net))]
    office.clock("2028-06-01T10:00")
    assert office.bill()["documents"] == 0


@pytest.mark.parametrize(("last", "quantity", "net"), [("2027-03-31", 40, "10.00"), ("2027-01-20", 12, "3.00")])
def test_usages_of_a_contract_that_ends_are_billed_when_it_ends(office: Office, last: str, quantity: int, net: str) -> None:
    office.clock("2027-01-01T10:00")
    a_group(office)
    metered(office, [per_unit("0.25")], start="2027-01-01", interval=YEAR)
    office.call("POST", USAGES, usage("u-1", quantity, "2027-01-12"), 201)
    assert office.bill()["documents"] == 0
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": last})
    office.clock(f"{last}T10:00")
    assert office.bill()["documents"] == 0
    office.clock(f"{last}T23:30")
    assert office.bill()["documents"] == 1
    assert [amount for _, amount, _, _ in office.documents()] == [D(net)]
