"""Events are told once, counted when their period is billed, and counted again where they come late."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.metered import STEPS, TIERS, counted_again, day, event, measured, priced, subscribed, told, usages
from tests.factories.offices import Office
from tests.factories.usages import billed_net

from contor.kernel.errors import Refused

D = Decimal
PRICED: dict[str, dict[str, Any]] = {
    "tiered": {"model": "TIERED", "tiers": TIERS},
    "volume": {"model": "VOLUME", "tiers": TIERS},
    "stair": {"model": "STAIR_STEP", "tiers": STEPS},
}


@pytest.mark.parametrize(
    ("units", "tiered", "volume", "stair"),
    [
        (0, "0", "0", "0"),
        (1, "10", "10", "50"),
        (10, "100", "100", "50"),
        (11, "108", "88", "150"),
        (50, "420", "400", "150"),
        (51, "426", "306", "300"),
        (60, "480", "360", "300"),
    ],
)
def test_tiers_of_what_events_come_to(office: Office, units: int, tiered: str, volume: str, stair: str) -> None:
    measured(office)
    for name, more in PRICED.items():
        priced(office, name, "calls", **more)
        subscribed(office, f"v-{name}", [(name, 1)])
    for name in PRICED if units else ():
        told(office, *[event(f"{name}-{n}", at=day(2 + n % 20), contract=f"v-{name}") for n in range(units)])
    office.clock("2026-06-02T10:00")
    office.bill()
    rows = office.tenant.rows("SELECT origin_ident, total FROM billable_item WHERE period_start = '2026-05-01' ORDER BY 1")
    assert {row.origin_ident: row.total for row in rows} == {"tiered": D(tiered), "volume": D(volume), "stair": D(stair)}


SENT = [
    event("a", 3, day(3), properties={"region": "EU"}),
    event("b", 5, day(4), properties={"region": "US"}),
    event("c", 3, day(20), properties={"region": "EU"}),
    event("d", "2.5", day(20), properties={"region": "EU"}),
]


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"aggregation": "SUM"}, ["13.5"]),
        ({"aggregation": "COUNT", "property": None}, ["4"]),
        ({"aggregation": "MAX"}, ["5"]),
        ({"aggregation": "LAST"}, ["2.5"]),
        ({"aggregation": "UNIQUE_COUNT"}, ["3"]),
        ({"aggregation": "UNIQUE_COUNT", "property": "region"}, ["2"]),
        ({"aggregation": "SUM", "filters": [{"property": "region", "values": ["EU", "CH"]}]}, ["8.5"]),
        ({"aggregation": "SUM", "filters": [{"property": "region", "values": ["EU"], "excluded": True}]}, ["5"]),
        ({"aggregation": "SUM", "groups": ["region"]}, ["8.5", "5"]),
        ({"aggregation": "MAX", "groups": ["region"]}, ["3", "5"]),
    ],
)
def test_aggregations(office: Office, more: dict[str, Any], wanted: list[str]) -> None:
    measured(office, **more)
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    subscribed(office, "v-1", [("each", 1)])
    told(office, *SENT)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert usages(office) == [("BILLED", D(quantity)) for quantity in wanted]
    assert billed_net(office) == sum(map(D, wanted))


@pytest.mark.parametrize(
    "text", ["7", "+7", "-7", "0007.5", "9" * 12, "9" * 50, ".5", "7.", " 7 ", "0.12345678901", "\u0667", "7e1", "NaN"]
)
def test_a_text_that_is_taken_as_a_number_is_counted(office: Office, text: str) -> None:
    """Nothing that was answered with its thanks is left out of the bill, nor stops it."""
    measured(office)
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    subscribed(office, "v-1", [("each", 1)])
    told(office, event("first", 10))
    try:
        told(office, event("text", text))
    except Refused as refused:
        assert [problem.code for problem in refused.problems] == ["event_value_missing"]
        amount = D(0)
    else:
        amount = D(text)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert usages(office) == [("BILLED", D(10) + amount)]


def test_a_level_counts_by_the_time_for_which_it_holds(office: Office) -> None:
    """31 days of Berlin: 10 from 1 May on, 4 more from noon of the 16th on (15.5 days of 31)."""
    measured(office, aggregation="WEIGHTED_SUM")
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    subscribed(office, "v-1", [("each", 1)])
    told(office, event("a", 10, "2026-05-01T00:00:00+02:00"), event("b", 4, "2026-05-16T12:00:00+02:00"))
    office.clock("2026-06-02T10:00")
    office.bill()
    office.clock("2026-07-02T10:00")
    office.bill()
    assert usages(office) == [("BILLED", D("12")), ("BILLED", D("14"))]


def test_an_event_that_is_told_again_happened_once(office: Office) -> None:
    measured(office)
    priced(office, "each", "calls", model="PER_UNIT", price=2)
    subscribed(office, "v-1", [("each", 1)])
    first = told(office, event("a"), event("b"), event("a", 7))
    again = told(office, event("b", 9), event("c"))
    assert (first.created, first.known, again.created, again.known) == (2, 1, 1, 1)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(6)


def test_late_events_are_billed_by_the_tiers_of_their_own_period(office: Office) -> None:
    measured(office)
    priced(office, "tiered", "calls", model="TIERED", tiers=TIERS)
    subscribed(office, "v-1", [("tiered", 1)])
    told(office, *[event(f"e-{n}") for n in range(9)])
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(90)
    told(office, *[event(f"late-{n}") for n in range(2)])
    counted_again(office)
    counted_again(office)
    office.clock("2026-07-02T10:00")
    office.bill()
    assert billed_net(office) == D(108)
    assert usages(office) == [("BILLED", D(9)), ("BILLED", D(2))]


def test_what_comes_to_less_is_given_back(office: Office) -> None:
    """The latest value of May was 9, then an event of the last day says 4."""
    measured(office, aggregation="LAST")
    priced(office, "each", "calls", model="PER_UNIT", price=10)
    subscribed(office, "v-1", [("each", 1)])
    told(office, event("a", 9, day(20)))
    office.clock("2026-06-02T10:00")
    office.bill()
    told(office, event("b", 4, day(30)))
    counted_again(office)
    office.bill()
    office.clock("2026-07-02T10:00")
    office.bill()
    assert billed_net(office) == D(40)


def test_of_two_contracts_the_first_counts_what_names_none(office: Office) -> None:
    measured(office)
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    first, second = (subscribed(office, ident, [("each", 1)]) for ident in ("v-1", "v-2"))
    told(office, event("a", 3), event("b", 5, contract="v-2"))
    office.clock("2026-06-02T10:00")
    office.bill()
    rows = office.tenant.rows("SELECT contract_id, total FROM billable_item WHERE period_start = '2026-05-01' ORDER BY 1")
    assert [(row.contract_id, row.total) for row in rows] == [(first, D(3)), (second, D(5))]


def test_what_happened_before_the_contract_began_does_not_count(office: Office) -> None:
    measured(office)
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    told(office, event("a", 3, "2026-04-30T12:00:00Z"), event("b", 5, "2026-05-01T00:00:00+02:00"))
    subscribed(office, "v-1", [("each", 1)])
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D(5)


def test_a_percentage_has_its_fixed_part_least_and_most_of_each_event(office: Office) -> None:
    """2.9 % and 0.30, at least 1.00, at most 20.00: of 10.00 1.00, of 100.00 3.20, of 1,234.56 20.00."""
    measured(office)
    priced(office, "share", "calls", model="PERCENTAGE", percentage="2.9", fixed_price="0.30", minimum=1, maximum=20)
    subscribed(office, "v-1", [("share", 1)])
    told(office, event("a", 10), event("b", 100), event("c", "1234.56"))
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D("24.20")
    told(office, event("d", 100))
    counted_again(office)
    office.clock("2026-07-02T10:00")
    office.bill()
    assert billed_net(office) == D("27.40")


def test_a_percentage_of_all(office: Office) -> None:
    measured(office)
    priced(office, "share", "calls", model="PERCENTAGE", percentage="2.9")
    subscribed(office, "v-1", [("share", 1)])
    told(office, event("a", "1000"), event("b", "234.56"))
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == D("35.80")
