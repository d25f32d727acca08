"""Contracts are billed: what is due, once, to the cent, and given back when they end."""

import contextlib
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from tests.factories.catalogue import OPTION, OPTIONS, QUARTER
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import RUN, D, Office
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.billing.proposal import due_items
from contor.billing.runs import run, run_tenant
from contor.kernel.errors import Refused


def test_a_month_is_billed_once_and_the_next_when_it_begins(office: Office) -> None:
    office.plan()
    number = office.contract(quantity=2)
    assert office.call("POST", RUN, {})["documents"] == 1
    assert office.bill()["documents"] == 0
    assert office.documents() == [("INVOICE", D(20), D("3.80"), D("23.80"))]
    office.clock("2026-05-31T21:59")  # 23:59 in Berlin
    assert office.bill()["documents"] == 0
    office.clock("2026-05-31T22:01")
    assert office.bill()["documents"] == 1
    office.clock("2026-09-01T10:00")
    report = office.bill()
    assert (report["customers"], report["billed"], report["documents"]) == (1, 3, 1)  # what is due together stands together
    assert [item[:3] for item in office.items()] == [("RECURRING", "COMPLETED", f"2026-0{month}-01") for month in (5, 6, 7, 8, 9)]
    (first, *_) = office.call("GET", f"{CONTRACTS}/{number}/billableitems")
    assert (first["businessCase"], first["originIdent"], first["rowTotalBase"]) == ("PURCHASE", "basic-fee", 20)
    assert office.call("GET", f"{CONTRACTS}/{number}/billableitems/{first['billableItemId']}") == first
    sums = office.tenant.rows("SELECT sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS balance FROM journal_line")
    assert sums[0].balance == 0


@pytest.mark.parametrize(
    ("year", "day_count", "first", "credit"),
    [(2026, "ACT_ACT", "45.00", "21.00"), (2028, "ACT_ACT", "45.49", "20.76"), (2026, "30E_360", "46.00", "20.00")],
)
def test_9_a_quarter_on_the_calendar_that_ends_early(office: Office, year: int, day_count: str, first: str, credit: str) -> None:
    office.clock(f"{year}-02-15T10:00")
    office.plan("90.00", billingInterval=QUARTER, syncBillingToBillingIntervalUnit=True, dayCount=day_count)
    office.contract(startDate=f"{year}-02-15")
    office.bill()
    office.clock(f"{year}-03-10T10:00")
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    office.bill()
    (invoice, memo) = office.documents()
    assert (invoice[0], invoice[1]) == ("INVOICE", D(first))
    assert (memo[0], memo[1]) == ("CREDIT_MEMO", D(credit))
    (number,) = [row.ident for row in office.tenant.rows("SELECT ident FROM document WHERE document_type = 'CREDIT_MEMO'")]
    view = office.call("GET", f"/v2/documents/{number}")
    assert view["items"][0]["servicePeriod"] == {"start": f"{year}-03-11", "end": f"{year}-03-31"}
    assert view["relatedDocumentIdent"].startswith("RE-")
    office.clock(f"{year}-08-01T10:00")
    assert office.bill()["documents"] == 0


@pytest.mark.parametrize(
    ("price", "start", "last", "first", "credit"),
    [
        ("600.00", "2026-07-02", "2026-12-30", "600.00", "1.64"),  # 183 days of 182.5, of which 182 were used
        ("1000.00", "2026-07-02", "2026-09-30", "1000.00", "501.37"),
        ("1200.00", "2026-07-10", "2026-12-31", "1150.68", None),
    ],
)
def test_half_a_year_by_365_days_never_costs_more_than_its_price(
    office: Office, price: str, start: str, last: str, first: str, credit: str | None
) -> None:
    office.clock(f"{start}T10:00")
    half = {"value": 1, "unit": "HALF_YEAR"}
    office.plan(price, billingInterval=half, syncBillingToBillingIntervalUnit=True, dayCount="ACT_365")
    office.contract(startDate=start)
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": last})
    office.bill()
    nets = [(kind, net) for kind, net, _, _ in office.documents()]
    assert nets == [("INVOICE", D(first)), *([("CREDIT_MEMO", D(credit))] if credit else [])]


def test_an_end_moves_and_what_is_credited_is_never_more_than_was_billed(office: Office) -> None:
    office.plan("90.00", billingInterval=QUARTER, syncBillingToBillingIntervalUnit=True)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01")
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-20"})
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": "2026-05-30"})
    office.bill()
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    nets = [(kind, net) for kind, net, _, _ in office.documents()]
    # 91 days: used 81 = 80.11, then 60 = 59.34, then none
    assert nets == [("INVOICE", D(90)), ("CREDIT_MEMO", D("9.89")), ("CREDIT_MEMO", D("20.77")), ("CREDIT_MEMO", D("59.34"))]
    balance = office.tenant.rows(
        "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS b FROM journal_line GROUP BY 1"
    )
    assert all(row.b == 0 for row in balance)


def test_what_is_not_billed_yet_is_shortened_or_dropped(office: Office) -> None:
    office.plan("31.00", timing="INTERVAL_END")
    office.contract()
    assert office.bill()["waiting"] == 1
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    office.clock("2026-06-01T10:00")
    office.bill()
    assert office.documents() == [("INVOICE", D(20), D("3.80"), D("23.80"))]


def test_8a_the_rate_is_that_of_the_last_day(office: Office) -> None:
    office.clock("2020-06-16T10:00")
    office.plan("100.00")
    office.contract(startDate="2020-06-15")
    office.bill()
    assert office.documents() == [("INVOICE", D(100), D(16), D(116))]


@pytest.mark.parametrize(("partial", "tax"), [(None, "192.00"), ("MONTH", "210.00")])
def test_8b_agreed_partial_supplies_have_their_own_rates(office: Office, partial: str | None, tax: str) -> None:
    office.clock("2020-01-02T10:00")
    more = {"partialSupply": partial} if partial else {}
    office.plan("1200.00", billingInterval={"value": 1, "unit": "YEAR"}, **more)
    office.contract(startDate="2020-01-01")
    office.bill()
    assert [(net, taxed) for _, net, taxed, _ in office.documents()] == [(D(1200), D(tax))]


def test_prices_change_from_the_period_on_that_begins_then(office: Office) -> None:
    office.clock("2026-01-01T10:00")
    office.call("POST", "/v2/price-adaptations", {"ident": "vpi", "name": "Consumer prices"}, 201)
    for ident, day, value in (("a", "2025-01-01", "100"), ("b", "2026-03-01", "110")):
        office.call("POST", "/v2/price-adaptations/vpi/values", {"ident": ident, "date": day, "value": value}, 201)
    office.plan("10.00")
    office.contract("v-1", startDate="2026-01-01", contractPriceAdaptation="vpi")
    own = [{"effectiveFrom": "2026-02-01", "optionPrices": [{"optionIdent": "basic-fee", "prices": [{"price": "7.00"}]}]}]
    office.contract("v-2", startDate="2026-01-01", planModifiers=own, contractPriceAdaptation="vpi")
    option = {**OPTION, "optionIdent": "basic-fee", "prices": [{"price": "12.00"}], "validFrom": "2026-04-01"}
    office.call("PUT", f"{OPTIONS}/basic-fee", option)
    office.clock("2026-04-15T10:00")
    office.bill()
    rows = office.tenant.rows(
        "SELECT c.contract_ident, i.total FROM billable_item i JOIN contract c USING (contract_id) ORDER BY 1, i.period_start"
    )
    prices = [(row.contract_ident, row.total) for row in rows]
    assert prices == [
        ("v-1", D("10.00")),
        ("v-1", D("10.00")),
        ("v-1", D("11.00")),
        ("v-1", D("13.20")),
        ("v-2", D("10.00")),
        ("v-2", D("7.00")),
        ("v-2", D("7.00")),
        ("v-2", D("7.00")),
    ]


def test_one_customer_with_broken_configuration_is_parked_and_named(office: Office) -> None:
    office.plan("10.00")
    only_at_home = [{"price": "5.00", "criteria": {"country": "DE"}}]
    office.plan(ident="local", option={"prices": only_at_home})
    customer = {
        "customerIdent": "sparked",
        "company": "Sparked GmbH",
        "addresses": [
            {
                "addressIdent": "a",
                "addressType": "INVOICE",
                "company": "Sparked GmbH",
                "street": "Weg",
                "streetNo": "1",
                "zip": "20095",
                "city": "Hamburg",
                "country": "DE",
            }
        ],
    }
    office.call("POST", "/v2/customers", customer, 201)
    broken = {"debtorIdent": "sparked", "invoiceAddressIdent": "a"}
    office.contract("v-1")
    office.contract("v-2", "local", taxLocation={"country": "FR"}, **broken)
    office.contract("v-3", **broken)
    report = office.bill()
    assert (report["documents"], report["parked"]) == (1, ["sparked"])
    (parked,) = office.tenant.rows("SELECT customer_ident, reason FROM billing_parking")
    assert "v-2" in parked.reason and "FR" in parked.reason
    assert office.bill()["documents"] == 0
    office.call("PUT", f"{OPTIONS}/local-fee", {**OPTION, "optionIdent": "local-fee", "prices": [{"price": "6.00"}]})
    option = office.call("GET", f"{OPTIONS}/local-fee")
    assert len(option["versions"]) == 2
    office.clock("2026-06-01T10:00")
    office.bill()
    assert len(office.documents()) == 2  # its May has no price still
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-2"]}, 204)
    released = office.call("POST", RUN, {"debtorIdent": "sparked"})
    assert (released["documents"], released["parked"]) == (1, [])
    assert office.tenant.rows("SELECT 1 FROM billing_parking") == []


def test_switches_split_and_a_hundred_rows_are_enough(office: Office) -> None:
    office.plan("1.00", ident="small")
    for number in range(101):
        office.contract(f"v-{number:03}", "small")
    assert office.bill()["documents"] == 2
    counts = [row.n for row in office.tenant.rows("SELECT count(*) AS n FROM billable_item GROUP BY document_id ORDER BY 1")]
    assert counts == [1, 100]
    group = "/v2/billing-groups/external/splitting-config"
    office.call("PUT", group, {"contract": True})
    office.clock("2026-06-01T10:00")
    assert office.bill()["documents"] == 101


def test_another_tenant_bills_nothing_of_it(
    office: Office, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    office.plan()
    number = office.contract()
    stranger = bearer(new_tenant())
    assert office.client.post(RUN, json={}, headers=stranger).json()["documents"] == 0
    assert office.documents() == []
    office.bill()
    (item,) = office.call("GET", f"{CONTRACTS}/{number}/billableitems")
    for path in (f"{CONTRACTS}/{number}/billableitems", f"{CONTRACTS}/{number}/billableitems/{item['billableItemId']}"):
        assert office.client.get(path, headers=stranger).status_code == 404
    assert office.client.post(f"{CONTRACTS}/v-1/actions/retry-failed-billable-items", headers=stranger).status_code == 404
    assert office.call("GET", f"{CONTRACTS}/{number}/billableitems/1", status=404)


def test_a_dry_run_shows_the_sums_and_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.plan()
    office.contract(quantity=3)
    monkeypatch.setattr("contor.commands.lines.billing.opened", lambda: contextlib.nullcontext(office.tenant.runtime))
    command = ["billing", "run", "--organization", office.tenant.realm]
    shown = CliRunner().invoke(cli.app, [*command, "--dry-run"])
    assert shown.exit_code == 0 and "1 document in EUR: net 30.00, tax 5.70, gross 35.70" in shown.output, shown.output
    assert office.documents() == [] and office.items() == []
    done = CliRunner().invoke(cli.app, command)
    assert "Billed as of 2026-05-10 10:00 UTC: 1 customer" in done.output
    assert office.documents() == [("INVOICE", D(30), D("5.70"), D("35.70"))]


def test_a_tenant_that_switched_the_run_off_is_left_out(office: Office) -> None:
    office.plan()
    office.contract()
    with office.tenant.runtime.transaction(office.tenant.caller()) as uow:
        uow.run("UPDATE tenant_setting SET active_billing_run = false")
    assert run_tenant(office.tenant.runtime, office.tenant.id, automatic=True).documents == 0
    assert office.bill()["documents"] == 1


def test_a_failed_batch_is_repeated_customer_by_customer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer whose billing crashes is parked; the others are billed."""
    office.plan()
    office.contract("v-1")
    customer = {
        "customerIdent": "crash",
        "company": "Crash GmbH",
        "addresses": [
            {
                "addressIdent": "a",
                "addressType": "INVOICE",
                "company": "Crash GmbH",
                "street": "Weg",
                "streetNo": "1",
                "zip": "20095",
                "city": "Hamburg",
                "country": "DE",
            }
        ],
    }
    office.call("POST", "/v2/customers", customer, 201)
    office.contract("v-2", debtorIdent="crash", invoiceAddressIdent="a")
    honest = due_items.items_of

    def items(contract: Any, *more: Any) -> Any:
        if contract.contract_ident == "v-2":
            raise ZeroDivisionError
        return honest(contract, *more)

    monkeypatch.setattr(due_items, "items_of", items)
    report = run_tenant(office.tenant.runtime, office.tenant.id)
    assert (report.documents, report.parked) == (1, ("crash",))
    (parked,) = office.tenant.rows("SELECT reason FROM billing_parking")
    assert parked.reason == "unexpected error, see the server's log"
    monkeypatch.undo()
    assert office.call("POST", RUN, {"debtorIdent": "crash"})["documents"] == 1


def test_a_database_that_is_away_parks_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says nothing about any customer: the run ends, and the next one bills."""
    office.plan()
    office.contract("v-1")

    def away(*_: object) -> object:
        raise psycopg.OperationalError("the connection was lost")

    with monkeypatch.context() as patch:
        patch.setattr(due_items, "items_of", away)
        with pytest.raises(Refused, match="try_again"):
            run_tenant(office.tenant.runtime, office.tenant.id)
    assert office.tenant.rows("SELECT 1 FROM billing_parking") == []
    report = run_tenant(office.tenant.runtime, office.tenant.id)
    assert (report.documents, report.parked) == (1, ())


def test_a_call_bills_the_first_and_leaves_the_others_to_the_worker(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH", 1)
    monkeypatch.setattr(run, "MOST_AT_ONCE", 1)
    office.plan()
    office.contract("v-1")
    customer = {
        "customerIdent": "zweite",
        "company": "Zweite GmbH",
        "addresses": [
            {
                "addressIdent": "a",
                "addressType": "INVOICE",
                "company": "Zweite GmbH",
                "street": "Weg",
                "streetNo": "1",
                "zip": "20095",
                "city": "Hamburg",
                "country": "DE",
            }
        ],
    }
    office.call("POST", "/v2/customers", customer, 201)
    office.contract("v-2", debtorIdent="zweite", invoiceAddressIdent="a")
    first = office.call("POST", RUN, {})
    assert (first["documents"], first["isComplete"]) == (1, False)
    assert run_tenant(office.tenant.runtime, office.tenant.id).documents == 1
    assert office.call("POST", RUN, {})["isComplete"] is True
