"""Income of later months of a contract that is changed: each month has what its days cost, by the terms of these days. Computed by hand.

1,200.00 for the year 2026 in advance; from 1 July on two seats, or another price.
"""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.changed import change, own_price, papers, seats
from tests.factories.closers import Closer
from tests.factories.offices import Office

D = Decimal
YEAR = {"value": 1, "unit": "YEAR"}
DEFERRED, REVENUE = 990, 8400


def billed(closer: Closer) -> Office:
    closer.defer_income()
    office = Office(closer.tenant, closer.client, closer.headers)
    office.plan("1200.00", billingInterval=YEAR)
    office.clock("2026-01-01T10:00")
    office.contract(startDate="2026-01-01")
    office.bill()
    return office


def close(closer: Closer, *months: int) -> None:
    for month in months:
        closer.clock(f"2026-{month + 1:02}-02")
        closer.close(f"2026-{month:02}")


def earned(closer: Closer) -> list[D]:
    """By month."""
    return [-amount for amount in closer.moved(REVENUE).values()]


@pytest.mark.parametrize(
    ("body", "papers_of", "whole", "july", "august"),
    [
        # 184 of 365 days are given back of 1,200.00: 604.93; two seats cost 1,209.86 for them, 203.84 of that in 31 days
        ({"optionQuantities": seats(2)}, [("INVOICE", "604.93")], "1209.86", "203.84", "203.84"),
        # of 600.00 a year 302.47, of which 50.96 in July
        ({"optionPrices": own_price("600.00")}, [("CREDIT_MEMO", "-302.46")], "302.47", "50.96", "50.96"),
    ],
)
def test_each_month_earns_what_its_days_cost(
    closer: Closer, body: Any, papers_of: list[tuple[str, str]], whole: str, july: str, august: str
) -> None:
    office = billed(closer)
    close(closer, 1, 2, 3, 4, 5, 6)
    before = earned(closer)
    assert (before[0], sum(before)) == (D("101.92"), D("595.07"))  # 31 and 181 of 365 days of 1,200.00
    office.clock("2026-07-01T12:00")
    change(office, **body)
    office.bill()
    assert papers(office)[1:] == [(kind, D(net)) for kind, net in papers_of]
    close(closer, 7, 8)
    assert earned(closer)[6:8] == [D(july), D(august)]
    close(closer, 9, 10, 11)
    closer.clock("2027-01-02")
    closer.close("2026-12")
    assert sum(earned(closer)[6:]) == D(whole)
    assert sum(closer.moved(DEFERRED).values()) == 0
    closer.even()
