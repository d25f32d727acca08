"""What was open at the end of a month of the past, from what moved it since."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.factories.cases import decide, revert
from tests.factories.closers import Closer
from tests.factories.reported import Reported
from tests.factories.tenants import Tenant

from contor.reports.files import FORMATS, TYPES, look
from contor.reports.kinds.open_items import bucket

D = Decimal


def opened(company: Reported, period: str) -> dict[str, tuple[str, str]]:
    return {row["Document"]: (row["Open"], row["Account"]) for row in company.read("OPEN_ITEMS", period)}


def test_what_was_paid_later_was_open_then(company: Reported) -> None:
    first, second = company.sell("2026-10-02", "100.00"), company.sell("2026-10-20", "200.00")
    company.paid("2026-10-28", "19.00", first)
    company.paid("2026-11-03", "100.00", first)
    company.sell("2026-11-04", "300.00")
    company.turn("2026-11-30")
    assert opened(company, "2026-10") == {first: ("100.00", "Debtor"), second: ("238.00", "Debtor")}
    assert opened(company, "2026-11") == {second: ("238.00", "Debtor"), "RE-2026-000003": ("357.00", "Debtor")}
    assert opened(company, "2026-09") == {}
    company.sound()


def test_what_was_decided_later_was_not_decided_then(company: Reported) -> None:
    number = company.sell("2026-10-02", "100.00")
    company.turn("2026-11-02")
    decision = decide(company, number, "DOUBTFUL_RECEIVABLE", allowance="100.00")
    company.turn("2026-12-02")
    revert(company, decision)
    assert opened(company, "2026-10") == {number: ("119.00", "Debtor")}
    assert opened(company, "2026-11") == {number: ("119.00", "Doubtful")}
    assert opened(company, "2026-12") == {number: ("119.00", "Debtor")}
    company.sound()


def test_items_are_as_old_as_they_are_overdue(company: Reported) -> None:
    for day, net in (("2026-06-10", "1.00"), ("2026-07-20", "10.00"), ("2026-08-20", "100.00"), ("2026-10-25", "1000.00")):
        company.sell(day, net)
    company.turn("2026-11-30")
    (row,) = company.read("AGEING", "2026-10")
    columns = ("Not due", "1-30 days", "31-60 days", "61-90 days", "Over 90 days", "Open")
    assert [row[name] for name in columns] == ["1190.00", "0.00", "119.00", "11.90", "1.19", "1322.09"]


@pytest.mark.parametrize(
    ("days", "column"), [(-3, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)]
)
def test_columns_end_where_their_heads_say(days: int, column: int) -> None:
    assert bucket(days) == column


@pytest.fixture
def closer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Closer:
    made = Closer(furnished, client, bearer(furnished))
    made.clock("2026-10-02")
    made.open_bank()
    made.take_parts()
    return made


def test_a_closed_month_has_all_its_reports_and_what_comes_late_does_not_change_them(closer: Closer) -> None:
    number = closer.sell("100.00", documentDate="2026-10-02")
    closer.clock("2026-11-03")
    closer.close("2026-10", *closer.findings("2026-10"))
    look(closer.tenant.runtime, closer.tenant.id)
    listed = closer.call("GET", "/v2/reports/periods/2026-10?size=100")["_embedded"]
    assert sorted((it["type"], it["format"]) for it in listed) == sorted((kind, form) for kind in TYPES for form in FORMATS)
    assert {(it["status"], it["periodClosed"]) for it in listed} == {("DONE", True)}
    before = {it["type"]: it["sha256"] for it in listed if it["format"] == "CSV"}
    # a payment of October that the bank's statement brings in November
    closer.pay("119.00", number, bookingDate="2026-10-30")
    closer.even()
    anew = ("OPEN_ITEMS", "JOURNAL", "REVENUE", "TRIAL_BALANCE", "VAT")
    for kind in anew:
        asked = {"type": kind, "period": "2026-10", "reportIdent": f"again-{kind}"}
        closer.call("POST", "/v2/reports", asked, 202)
    look(closer.tenant.runtime, closer.tenant.id)
    again = closer.call("GET", "/v2/reports?search=reportIdent==again-*&size=100")["_embedded"]
    assert {it["type"]: it["sha256"] for it in again} == {kind: before[kind] for kind in anew}
    assert closer.case(number)["status"] == "CLOSED"


def test_deferred_income_is_what_stands_on_its_account(closer: Closer) -> None:
    closer.defer_income()
    closer.sell("1200.00", ("2026-10-01", "2027-09-30"), documentDate="2026-10-02")
    closer.clock("2026-11-03")
    closer.close("2026-10", *closer.findings("2026-10"))
    look(closer.tenant.runtime, closer.tenant.id)
    (report,) = closer.call("GET", "/v2/reports?search=type==DEFERRED_INCOME;format==CSV")["_embedded"]
    sums = {it["column"]: D(str(it["amount"])) for it in report["sums"]}
    assert sums == {"deferred": D("1098.08"), "released_before": 0, "released": 0, "remaining": D("1098.08")}
    closer.even()
