"""Prices that follow an index, in a contract that is changed: an interval costs the index of its first day, whatever is changed within it,
and another plan that of the day on which it begins; what the contract agreed by itself follows none. What it earns by the month says the
same. Computed by hand.

30.00 a month from 1 March 2026, the index is 100 and becomes 110; a change on 16 April.
"""

from typing import Any

import pytest
from tests.factories.changed import FEE, change, own_price, papers, seats
from tests.factories.lives import days
from tests.factories.offices import D, Office

INDEX = "/v2/price-adaptations"
QUARTER = {"value": 1, "unit": "QUARTER"}
TO_LARGE = {"planIdent": "large", "optionMappings": [{"optionIdent": FEE, "becomes": "large-fee"}]}
TO_QUARTERLY = {"planIdent": "quarterly", "optionMappings": [{"optionIdent": FEE, "becomes": "quarterly-fee"}]}


def followed(office: Office, since: str) -> None:
    office.clock("2026-03-01T10:00")
    office.call("POST", INDEX, {"ident": "vpi", "name": "Consumer prices"}, 201)
    for ident, day, value in (("a", "2025-01-01", "100"), ("b", since, "110")):
        office.call("POST", f"{INDEX}/vpi/values", {"ident": ident, "date": day, "value": value}, 201)
    office.plan("30.00")
    office.plan("60.00", ident="large")
    office.plan("91.00", ident="quarterly", billingInterval=QUARTER)
    office.contract(startDate="2026-03-01", contractPriceAdaptation="vpi")
    days(office, "2026-03-01", "2026-04-01")


@pytest.mark.parametrize(
    ("since", "body", "april", "later"),
    [
        # before the interval: 33.00, half of it, and half of 66.00
        ("2026-04-01", {"optionQuantities": seats(2)}, "49.50", ["66.00", "66.00"]),
        # in the interval, before, on and after the day of the change: it began at 100
        ("2026-04-10", {"optionQuantities": seats(2)}, "45.00", ["66.00", "66.00"]),
        ("2026-04-16", {"optionQuantities": seats(2)}, "45.00", ["66.00", "66.00"]),
        ("2026-04-20", {"optionQuantities": seats(2)}, "45.00", ["66.00", "66.00"]),
        ("2026-06-01", {"optionQuantities": seats(2)}, "45.00", ["60.00", "66.00"]),
        # a price of its own follows no index
        ("2026-04-01", {"optionPrices": own_price("60.00")}, "46.50", ["60.00", "60.00"]),
        ("2026-04-20", {"optionPrices": own_price("60.00")}, "45.00", ["60.00", "60.00"]),
        # another plan costs what its options cost on its first day
        ("2026-04-01", TO_LARGE, "49.50", ["66.00", "66.00"]),
        ("2026-04-10", TO_LARGE, "48.00", ["66.00", "66.00"]),  # 15.00 and half of 66.00
        ("2026-04-16", TO_LARGE, "48.00", ["66.00", "66.00"]),
        ("2026-04-20", TO_LARGE, "45.00", ["66.00", "66.00"]),
        # another interval: it begins on the 16th, at the index of that day
        ("2026-04-01", TO_QUARTERLY, "116.60", []),  # 16.50 and 100.10
        ("2026-04-10", TO_QUARTERLY, "115.10", []),
        ("2026-04-20", TO_QUARTERLY, "106.00", []),
    ],
)
def test_an_interval_costs_the_index_of_its_first_day(office: Office, since: str, body: Any, april: str, later: list[str]) -> None:
    followed(office, since)
    office.clock("2026-04-16T10:00")
    change(office, **body)
    days(office, "2026-04-16", "2026-05-01", "2026-06-01")
    march, *rest = [net for _, net in papers(office)]
    assert (march, sum(rest[:2])) == (30, D(april))
    assert rest[2:] == [D(net) for net in later]


def test_what_is_dated_back_costs_the_index_of_the_intervals_in_which_it_lies(office: Office) -> None:
    """On 20 May for 16 March: 14.52 for 15 of 31 days at 100 and 30.97 for 16, of which 30.00 are billed; April and May at 110."""
    followed(office, "2026-04-01")
    days(office, "2026-05-01")
    office.clock("2026-05-20T10:00")
    change(office, optionQuantities=seats(2), effectiveDate="2026-03-16")
    office.bill()
    nets = [net for _, net in papers(office)]
    assert nets[:3] == [30, 33, 33]
    assert sum(nets[3:]) == D("81.49")  # 15.49 and 33.00 twice


def months(office: Office) -> list[tuple[D, D, D, D]]:
    """Start, expansion, contraction and end of each month."""
    rows = office.call("GET", "/v2/metrics/mrr?from=2026-03-01&to=2026-06-30")["rows"]
    found = [tuple(D(str(row[name])) for name in ("start", "expansion", "contraction", "end")) for row in rows]
    return [(it[0], it[1], it[2], it[3]) for it in found]


@pytest.mark.parametrize(
    ("since", "body", "told"),
    [
        ("2026-04-01", {"optionQuantities": seats(2)}, [(30, 36, 0, 66), (66, 0, 0, 66), (66, 0, 0, 66)]),  # 3.00 and 33.00
        ("2026-04-20", {"optionQuantities": seats(2)}, [(30, 30, 0, 60), (60, 6, 0, 66), (66, 0, 0, 66)]),
        ("2026-06-01", {"optionPrices": own_price("20.00")}, [(30, 0, -10, 20), (20, 0, 0, 20), (20, 0, 0, 20)]),
        (
            "2026-06-01",
            TO_QUARTERLY,
            [(30, D("0.33"), 0, D("30.33")), (D("30.33"), 0, 0, D("30.33")), (D("30.33"), 0, 0, D("30.33"))],
        ),
    ],
)
def test_what_it_earns_by_the_month_moves_on_the_days_on_which_its_price_does(
    office: Office, since: str, body: Any, told: list[tuple[Any, ...]]
) -> None:
    followed(office, since)
    office.clock("2026-04-16T10:00")
    change(office, **body)
    days(office, "2026-04-16", "2026-05-01", "2026-06-01")
    assert months(office)[1:] == told
