"""Usages of an option that not every phase offers: what nothing carries over is billed by an item of its own period."""

import pytest
from tests.factories.catalogue import MONTH, OPTION, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, YEAR, a_contract
from tests.factories.offices import D, Office
from tests.factories.usages import USAGES, per_unit, usage

from contor.usage.offers import Offer

V_1 = f"{CONTRACTS}/v-1/actions"


@pytest.fixture(autouse=True)
def older(monkeypatch: pytest.MonkeyPatch) -> None:
    """Usages between phases are those of a release before: now they are refused."""
    monkeypatch.setattr(Offer, "period_without", lambda *_: None)


def phased(office: Office, timing: str = "INTERVAL_END", delay: int = 0) -> None:
    """A month of power, then years without."""
    power = {"optionIdent": "power", "name": "Power", "type": "USAGE", "usePooling": True, "usagePrices": [per_unit("1.00")]}
    for option in (power, OPTION):
        office.call("POST", OPTIONS, {**option, "status": "FINAL"}, 201)
    first = {
        **PHASE,
        "billingConfig": {"billingInterval": MONTH, "timing": timing, **({"delayInSeconds": delay} if delay else {})},
        "termDuration": MONTH,
        "termSync": False,
        "transition": {"type": "NEXT_PHASE", "toPhase": "p-2"},
        "linkedOptions": [{"optionIdent": "power"}],
    }
    then = {**PHASE, "ident": "p-2", "termDuration": YEAR, "termSync": False, "transition": {"type": "AUTO_RENEWAL"}}
    office.call("POST", PLANS, {**PLAN, "phases": [first, then]}, 201)
    quantities = [{"phaseIdent": "p-2", "optionQuantity": [{"optionIdent": "base", "quantity": 1}]}]
    office.call("POST", CONTRACTS, a_contract(optionQuantities=quantities), 201)


def billed(office: Office) -> list[tuple[str, D]]:
    """Usages that came to something, by their period."""
    sql = "SELECT period_start, total FROM billable_item WHERE origin_ident = 'power' AND processing_status = 'COMPLETED' AND total > 0"
    return [(str(row.period_start), row.total) for row in office.tenant.rows(f"{sql} ORDER BY period_start")]


@pytest.mark.parametrize("last", ["2026-06-20", "2026-06-30"])
def test_what_corrects_a_later_period_carries_nothing_over(office: Office, last: str) -> None:
    phased(office)
    office.clock("2026-06-02T10:00")
    office.bill()
    office.call("POST", USAGES, usage("q-1", 3, "2026-06-02"), 201)
    office.call("POST", f"{V_1}/terminate-extraordinarily", {"terminationDate": last})
    office.call("POST", USAGES, usage("l-1", 7), 201)
    office.bill()
    assert billed(office) == [("2026-05-01", D(7))]
    office.clock("2026-07-01T10:00")
    office.bill()
    assert billed(office) == [("2026-05-01", D(7)), ("2026-06-01", D(3))]


def test_an_item_that_waits_takes_nothing_of_a_later_period(office: Office) -> None:
    """What May's item bills after its delay was used until the end of May."""
    phased(office, "INTERVAL_END_WITH_DELAY", 31 * 86400)
    office.call("POST", USAGES, usage("p-1", 5), 201)
    office.clock("2026-06-02T10:00")
    office.call("POST", USAGES, usage("q-1", 3, "2026-06-02"), 201)
    office.call("POST", f"{V_1}/terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    office.clock("2026-06-21T10:00")
    office.bill()
    assert billed(office) == [("2026-06-01", D(3))]
    office.clock("2026-07-03T10:00")
    office.bill()
    assert billed(office) == [("2026-05-01", D(5)), ("2026-06-01", D(3))]


def test_what_waits_for_the_end_of_a_period_ends_with_the_contract(office: Office) -> None:
    phased(office)
    office.clock("2026-06-02T10:00")
    office.bill()
    for ident, quantity, day in (("q-1", 3, "2026-06-05"), ("q-2", 9, "2026-06-15")):
        office.call("POST", USAGES, usage(ident, quantity, day), 201)
    office.call("POST", f"{V_1}/terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    office.call("POST", f"{V_1}/termination-adaptation", {"terminationDate": "2026-06-10"})
    office.clock("2026-06-11T10:00")
    office.bill()
    assert billed(office) == [("2026-06-01", D(3))]
