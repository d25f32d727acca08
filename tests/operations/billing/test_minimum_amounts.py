"""Small documents wait for what is billed next; never longer than agreed, nor than the law says."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import RUN, Office, a_group
from tests.factories.usages import USAGES, metered, per_unit, usage

from contor.billing.papers.minimum import periods_later
from contor.billing.runs import bill as engine

D = Decimal
YEAR = {"value": 1, "unit": "YEAR"}


def below(office: Office) -> list[D]:
    rows = office.tenant.rows(
        "SELECT total FROM billable_item WHERE processing_status = 'NOT_STARTED' AND status_reason = 'BELOW_MINIMUM' ORDER BY item_id"
    )
    return [row.total for row in rows]


def at_least(office: Office, amount: str, periods: int) -> None:
    a_group(office, minimumAmounts=[{"currency": "EUR", "amount": amount, "mostPeriods": periods}])


def special(office: Office, price: str, start: str = "2026-05-01", **more: Any) -> None:
    office.plan(price, **more)
    office.contract(businessSegmentIdent="special", startDate=start)


def months(office: Office, *days: str) -> list[int]:
    """Documents that the runs of these days issue."""
    found = []
    for day in days:
        office.clock(f"{day}T10:00")
        found.append(office.bill()["documents"])
    return found


def test_small_documents_wait_for_each_other_and_keep_their_tax_dates(office: Office) -> None:
    office.clock("2020-05-01T10:00")
    at_least(office, "10.00", 3)
    special(office, "4.00", "2020-05-01")
    assert months(office, "2020-05-01", "2020-05-02", "2020-06-01") == [0, 0, 0]
    assert below(office) == [D(4), D(4)]
    assert months(office, "2020-07-01", "2020-07-02") == [1, 0]
    assert office.documents() == [("INVOICE", D(12), D("2.16"), D("14.16"))]  # May and June at 19 %, July at 16 %
    assert below(office) == []
    assert {row.status_reason for row in office.tenant.rows("SELECT status_reason FROM billable_item")} == {None}


def test_at_most_so_many_periods(office: Office) -> None:
    at_least(office, "100.00", 2)
    special(office, "4.00")
    assert months(office, "2026-05-01", "2026-06-30", "2026-07-01", "2026-08-01", "2026-09-30", "2026-10-01") == [0, 0, 1, 0, 0, 1]
    assert [document[1] for document in office.documents()] == [D(12), D(12)]


def test_until_the_contract_ends_and_credits_at_once(office: Office) -> None:
    at_least(office, "100.00", 12)
    special(office, "31.00")
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    assert months(office, "2026-05-20", "2026-05-21") == [0, 1]
    assert office.documents() == [("INVOICE", D(20), D("3.80"), D("23.80"))]
    office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": "2026-05-19"})
    assert office.bill()["documents"] == 1
    assert office.documents()[1] == ("CREDIT_MEMO", D(1), D("0.19"), D("1.19"))


def test_six_months_after_the_supply_at_the_latest(office: Office) -> None:
    at_least(office, "100.00", 24)
    special(office, "5.00", billingInterval=YEAR)
    assert months(office, "2026-05-10", "2027-05-01", "2027-10-29", "2027-10-30") == [0, 0, 0, 1]
    assert [document[1] for document in office.documents()] == [D(10)]  # completed on 30 April 2027


def test_usages_that_wait_are_rated_again(office: Office) -> None:
    at_least(office, "10.00", 2)
    metered(office, [per_unit("1.00")])  # each usage has a row of its own
    for number in (1, 2):
        office.call("POST", USAGES, usage(f"u-{number}", 2), 201)
    assert months(office, "2026-06-01", "2026-06-02") == [0, 0]
    assert len(office.items()) == 2  # of May without its further rows, and of June
    office.call("POST", USAGES, usage("late", 1), 201)
    office.call("POST", USAGES, usage("june", 3, "2026-06-20"), 201)
    assert months(office, "2026-06-21", "2026-07-01", "2026-07-31") == [0, 0, 0]
    assert {row.status for row in office.tenant.rows("SELECT status FROM usage")} == {"OPEN"}
    assert months(office, "2026-08-01") == [1]
    assert office.documents() == [("INVOICE", D(8), D("1.52"), D("9.52"))]
    assert {row.status for row in office.tenant.rows("SELECT status FROM usage")} == {"BILLED"}


def test_rows_of_one_period_are_issued_together(office: Office) -> None:
    """What was used in France is a small document of its own; it does not wait while the rest of the period is billed."""
    terms = {"optionPriceDetermination": "PERFORMANCE_LOCATION", "splittingConfig": {"performanceLocation": True}}
    a_group(office, minimumAmounts=[{"currency": "EUR", "amount": "10.00", "mostPeriods": 6}], **terms)
    metered(office, [per_unit("1.00")], usePooling=True)
    office.call("POST", USAGES, usage("u-1", 50), 201)
    office.call("POST", USAGES, usage("u-2", 1, performanceLocation={"country": "FR"}), 201)
    office.clock("2026-06-01T10:00")
    assert office.bill()["documents"] == 2
    assert sorted(document[1] for document in office.documents()) == [D(1), D(50)]
    assert {row.status for row in office.tenant.rows("SELECT status FROM usage")} == {"BILLED"}


def test_orders_have_no_periods_and_do_not_wait(office: Office) -> None:
    at_least(office, "100.00", 2)
    details = {"debtorOrderDetails": {"debtorIdent": "muster-handel"}, "businessSegmentIdent": "special"}
    office.call("POST", ORDERS, {"orderIdent": "o-1", "lineItems": [a_line(net="1.00")], **details}, 201)
    assert office.bill()["documents"] == 1


def test_what_waits_is_looked_at_once_a_day_or_when_it_is_asked_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    honest = engine.hold_small

    def counted(papers: Any, *more: Any) -> Any:
        looked.append(len(papers))
        return honest(papers, *more)

    monkeypatch.setattr(engine, "hold_small", counted)
    at_least(office, "100.00", 6)
    special(office, "4.00")
    assert [office.call("POST", RUN, {})["customers"] for _ in range(3)] == [1, 0, 0]
    assert office.call("POST", RUN, {"debtorIdent": "muster-handel"})["customers"] == 1
    office.clock("2026-05-11T10:00")
    assert [office.call("POST", RUN, {})["customers"] for _ in range(2)] == [1, 0]
    assert looked == [1, 1, 1]


def test_another_option_of_the_same_day_joins(office: Office) -> None:
    at_least(office, "10.00", 6)
    special(office, "4.00")
    office.bill()
    office.plan("6.00", ident="more")
    office.contract("v-2", "more", businessSegmentIdent="special")
    assert office.bill()["documents"] == 1
    assert [document[1] for document in office.documents()] == [D(10)]


def test_a_forgotten_item_is_found_nevertheless(office: Office) -> None:
    at_least(office, "100.00", 24)
    special(office, "4.00")
    office.bill()
    office.clock("2026-11-30T10:00")
    assert not [finding for finding in office.tenant.broken() if "nothing_due_is_forgotten" in str(finding)]
    office.clock("2026-12-02T10:00")
    assert [finding for finding in office.tenant.broken() if "nothing_due_is_forgotten" in str(finding)]


def test_every_finding_at_once(office: Office) -> None:
    body = {
        "name": "X",
        "localeConfiguration": [{"country": "DE"}],
        "businessSegments": [{"name": "X"}],
        "minimumAmounts": [{"currency": "EUR", "amount": "1.005"}, {"currency": "EUR", "amount": "2"}],
    }
    assert office.findings("POST", "/v2/billing-groups", body) == ["minimumAmounts[0].amount", "minimumAmounts[1].currency"]
    body["minimumAmounts"] = [{"currency": "EUR", "amount": "0", "mostPeriods": 0}]
    assert office.findings("POST", "/v2/billing-groups", body) == ["minimumAmounts[0].amount", "minimumAmounts[0].mostPeriods"]


@pytest.mark.parametrize(
    ("day", "start", "end", "count", "expected"),
    [
        ("2026-05-01", "2026-05-01", "2026-06-01", 1, "2026-06-01"),
        ("2026-01-31", "2026-01-31", "2026-02-28", 2, "2026-03-31"),
        ("2026-06-03", "2026-05-01", "2026-06-01", 2, "2026-08-03"),  # due after a delay
        ("2026-05-01", "2026-05-01", "2027-05-01", 1, "2027-05-01"),
        ("2026-05-01", "2026-05-01", "2026-05-08", 3, "2026-05-22"),
    ],
)
def test_periods_later(day: str, start: str, end: str, count: int, expected: str) -> None:
    days = [dt.date.fromisoformat(text) for text in (day, start, end, expected)]
    assert periods_later(days[0], days[1], days[2], count) == days[3]
