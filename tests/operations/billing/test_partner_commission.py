"""Partners earn from related contracts: self-billed at the end of their periods, each amount counted once (worked example 11)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.agencies import PARTNER, RELATED, Agency
from tests.factories.catalogue import MONTH, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, YEAR, a_contract
from tests.factories.tenants import Tenant

D = Decimal


@pytest.fixture
def agency(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Agency:
    made = Agency(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    made.plan("1000.00")
    return made


def test_11_a_partner_earns_its_percentage_when_the_month_is_over(agency: Agency) -> None:
    agency.partner()
    agency.contract()
    assert agency.earning()["relatedContracts"] == [{"contractIdent": "v-1"}]
    agency.bill()
    assert agency.self_billed() == []
    agency.clock("2026-06-01T10:00")
    report = agency.bill()
    assert agency.self_billed() == [("SELF_BILLING_INVOICE", D(250), D("47.50"), D("297.50"))]
    assert [(one["currency"], one["net"]) for one in report["sums"]] == [("EUR", D(750))]
    (number,) = [row.ident for row in agency.tenant.rows("SELECT ident FROM document WHERE document_type = 'SELF_BILLING_INVOICE'")]
    view = agency.call("GET", f"/v2/documents/{number}")
    assert (view["items"][0]["name"], view["items"][0]["debitCreditIndicator"]) == ("Commission", "DEBIT")
    assert view["items"][0]["servicePeriod"] == {"start": "2026-05-01", "end": "2026-05-31"}
    cases = agency.tenant.rows(f"SELECT opening FROM opos_case WHERE ident = '{number}'")
    assert [row.opening for row in cases] == [D("-297.50")]
    items = agency.call("GET", "/v2/billableitems?search=kind==COMMISSION&size=100")
    item = next(one for one in items if one.get("invoiceIdent") == number)
    assert (item["businessCase"], item["originType"], item["rowTotalBase"]) == ("SELF_BILLED", "OPTION", 250)
    assert agency.bill()["documents"] == 0


@pytest.mark.parametrize(
    ("country", "fields", "category", "tax"),
    [
        ("DE", {"smallBusiness": True, "vatId": None, "taxNumber": "22/815/08155"}, "E", "0.00"),
        ("AT", {"vatId": "ATU12345675"}, "AE", "0.00"),
        ("CH", {"vatId": None, "taxNumber": "CHE-116.281.710"}, "AE", "0.00"),
        ("DE", {"vatId": None, "taxNumber": "22/815/08155"}, "S", "47.50"),
    ],
)
def test_11_the_tax_is_that_of_the_partner(agency: Agency, country: str, fields: dict[str, Any], category: str, tax: str) -> None:
    agency.partner(country, **fields)
    agency.contract()
    agency.earning()
    agency.bill()
    agency.clock("2026-06-01T10:00")
    agency.bill()
    assert agency.self_billed() == [("SELF_BILLING_INVOICE", D(250), D(tax), D(250) + D(tax))]
    (number,) = [row.ident for row in agency.tenant.rows("SELECT ident FROM document WHERE document_type = 'SELF_BILLING_INVOICE'")]
    assert agency.call("GET", f"/v2/documents/{number}")["taxes"][0]["categoryCode"] == category


@pytest.mark.parametrize(("last", "share", "price"), [("2027-03-31", 25, "250.00"), ("2027-01-20", "7.5", "75.00")])
def test_the_commission_of_a_year_is_due_when_the_partner_leaves(agency: Agency, last: str, share: Any, price: str) -> None:
    agency.clock("2027-01-01T10:00")
    agency.partner(percentage=share, interval=YEAR)
    agency.contract(startDate="2027-01-01")
    agency.earning(startDate="2027-01-01")
    agency.bill()
    agency.call("POST", f"{CONTRACTS}/p-1/actions/terminate-extraordinarily", {"terminationDate": last})
    agency.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2027-01-31"})
    agency.clock(f"{last}T10:00")
    agency.bill()
    assert agency.self_billed() == []
    agency.clock(f"{last}T23:30")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D(price)]


def test_credits_count_less_when_they_come_and_never_twice(agency: Agency) -> None:
    """A month's credit in the same period, one after it, and one of what was never counted."""
    agency.partner()
    agency.contract("v-0")
    agency.bill()
    agency.clock("2026-06-02T10:00")
    agency.contract("v-1", startDate="2026-06-01")
    agency.earning(of=("v-0", "v-1"), startDate="2026-06-02")
    agency.bill()  # 1000 for v-1, and 1000 for June of v-0; its May was not counted
    agency.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-06-15"})
    agency.bill()  # 500 back
    agency.clock("2026-07-02T10:00")
    agency.bill()  # 1000 for July of v-0
    assert [net for _, net, _, _ in agency.self_billed()] == [D("375.00")]
    agency.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    agency.clock("2026-07-20T10:00")
    agency.bill()  # 500 back
    agency.clock("2026-08-02T10:00")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D("375.00"), D("125.00")]
    agency.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-0"]}, 204)
    agency.clock("2026-08-20T10:00")
    agency.bill()  # June, July and August of v-0 back; not its May
    agency.clock("2026-09-02T10:00")
    agency.bill()
    assert len(agency.self_billed()) == 2  # less than nothing: carried over
    agency.contract("v-2", startDate="2026-09-01", quantity=3)
    agency.call("POST", RELATED, [{"contractIdent": "v-2"}])
    agency.bill()
    agency.clock("2026-10-02T10:00")
    agency.bill()
    counted = agency.tenant.rows("SELECT count(*) AS n, sum(net) AS net FROM commission_base")[0]
    assert [net for _, net, _, _ in agency.self_billed()] == [D("375.00"), D("125.00"), D("250.00")]
    assert counted.net == D(3000)


def test_gross_prices_count_net_and_allowances_count(agency: Agency) -> None:
    gross = [{"price": "119.00", "netGrossIndicator": "GROSS"}]
    agency.plan(ident="gross", option={"prices": gross})
    agency.partner()
    agency.contract("v-1", "gross")
    less = {"ident": "less", "optionIdent": "gross-fee", "name": "Less", "amount": "11.90"}
    agency.call("POST", f"{CONTRACTS}/v-1/allowances", less, 201)
    agency.earning()
    agency.bill()
    agency.clock("2026-06-01T10:00")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D("22.50")]


def test_a_removed_contract_earns_nothing_more_but_its_credits_count(agency: Agency) -> None:
    agency.partner()
    agency.contract("v-1")
    agency.contract("v-2")
    agency.earning(of=("v-1", "v-2"))
    agency.bill()
    agency.clock("2026-05-20T10:00")
    assert agency.call("POST", f"{RELATED}/actions/remove", [{"contractIdent": "v-1"}]) == [{"contractIdent": "v-2"}]
    assert agency.call("GET", RELATED)["_embedded"] == [{"contractIdent": "v-2"}]
    agency.clock("2026-06-01T10:00")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D("500.00")]
    agency.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-31"})
    agency.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    agency.bill()
    agency.clock("2026-07-01T10:00")
    agency.bill()  # June: 1000 of v-2 less 1000 of May of v-1
    assert len(agency.self_billed()) == 1
    agency.call("POST", RELATED, [{"contractIdent": "v-1"}], 200)
    agency.call("POST", RELATED, [{"contractIdent": "v-1"}], 400)
    agency.clock("2026-08-01T10:00")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D("500.00"), D("250.00")]


def test_a_cancelled_partner_gives_back_what_it_earned(agency: Agency) -> None:
    agency.partner()
    agency.contract()
    agency.earning()
    agency.bill()
    agency.clock("2026-06-01T10:00")
    agency.bill()
    agency.call("POST", f"{CONTRACTS}/p-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    assert agency.bill()["documents"] == 0  # what was earned stays
    agency.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["p-1"]}, 204)
    agency.bill()
    assert agency.self_billed()[1:] == [("SELF_BILLING_INVOICE_CORRECTION", D(250), D("47.50"), D("297.50"))]
    assert all(not amount for amount in agency.balance().values())
    (item,) = agency.tenant.rows("SELECT business_case FROM billable_item WHERE related_item_id IS NOT NULL")
    assert item.business_case == "SELF_BILLED_CANCELLATION"


def test_several_periods_at_once_count_each_its_own(agency: Agency) -> None:
    agency.partner()
    agency.contract()
    agency.bill()
    for month in (6, 7):
        agency.clock(f"2026-0{month}-01T10:00")
        agency.bill()
    agency.earning("p-2", of=(), startDate="2026-05-01")
    agency.earning(startDate="2026-05-01", billingStartDate="2026-06-01")
    agency.clock("2026-08-01T10:00")
    agency.bill()
    nets = agency.tenant.rows("SELECT period_start, total FROM billable_item WHERE kind = 'COMMISSION' AND total > 0 ORDER BY 1")
    assert [(str(row.period_start), row.total) for row in nets] == [("2026-07-01", D(250))]


def test_a_partner_without_agreement_is_parked_with_the_reason(agency: Agency) -> None:
    agency.partner(selfBillingAgreementOn=None)
    agency.contract()
    agency.earning()
    agency.bill()
    agency.clock("2026-06-01T10:00")
    assert agency.bill()["parked"] == ["partner"]
    (parked,) = agency.tenant.rows("SELECT reason FROM billing_parking")
    assert "agreed" in parked.reason
    agency.call("PUT", "/v2/customers/partner", {name: value for name, value in PARTNER.items() if name != "customerIdent"})
    assert agency.call("POST", "/v2/billingrun", {"debtorIdent": "partner"})["documents"] == 1
    assert agency.self_billed() == [("SELF_BILLING_INVOICE", D(250), D("47.50"), D("297.50"))]


def test_what_failed_is_counted_anew(agency: Agency) -> None:
    """A seller without tax number is refused by the document; meanwhile a credit came, and counts where it belongs."""
    agency.partner(vatId=None)
    agency.contract("v-1")
    agency.contract("v-2")
    agency.earning(of=("v-1", "v-2"))
    agency.bill()
    agency.clock("2026-06-01T10:00")
    assert agency.bill()["failed"] == 1
    assert agency.tenant.rows("SELECT 1 FROM commission_base") == []
    agency.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-2"]}, 204)
    agency.bill()
    agency.call("PUT", "/v2/customers/partner", {name: value for name, value in PARTNER.items() if name != "customerIdent"})
    agency.call("POST", f"{CONTRACTS}/p-1/actions/retry-failed-billable-items")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D("500.00")]
    agency.clock("2026-07-01T10:00")
    agency.bill()  # June: 1000 each of v-1 and v-2, less 2000 of v-2: nothing, carried over
    assert len(agency.self_billed()) == 1
    agency.clock("2026-08-01T10:00")
    agency.bill()
    assert [net for _, net, _, _ in agency.self_billed()] == [D("500.00"), D("250.00")]


def test_what_was_earned_waits_for_the_agreement_over_later_periods(agency: Agency) -> None:
    """The partner is parked: June is nothing, and does not close what May has earned."""
    agency.partner(selfBillingAgreementOn=None)
    agency.contract()
    agency.earning()
    agency.bill()
    agency.clock("2026-07-01T10:00")
    assert agency.bill()["parked"] == ["partner"]
    assert [found for found in agency.tenant.broken() if found.check == "billing.commissions_are_what_was_counted"] == []
    agency.call("PUT", "/v2/customers/partner", {name: value for name, value in PARTNER.items() if name != "customerIdent"})
    agency.call("POST", "/v2/billingrun", {"debtorIdent": "partner"})
    assert [net for _, net, _, _ in agency.self_billed()] == [D("250.00")]


def test_only_plans_for_partners_have_commissions_and_related_contracts(agency: Agency) -> None:
    agency.partner()
    agency.contract()
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "share"}]}
    assert agency.findings("POST", PLANS, {**PLAN, "planIdent": "x", "phases": [phase]}) == ["phases"]
    without = {**phase, "linkedOptions": [{"optionIdent": "basic-fee"}]}
    assert agency.findings("POST", PLANS, {**PLAN, "planIdent": "x", "type": "PARTNER", "phases": [without]}) == ["phases"]
    assert agency.findings(
        "POST",
        CONTRACTS,
        a_contract(
            "v-9",
            relatedContracts=[{"contractIdent": "v-1"}],
            optionQuantities=[{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee"}]}],
        ),
    ) == ["relatedContracts"]
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "basic-fee"}]}
    agency.call("POST", PLANS, {**PLAN, "planIdent": "dollar", "currency": "USD", "phases": [phase]}, 201)
    ordered = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee"}]}]
    agency.rates(("USD", "2026-04", "1.0850"))
    agency.call("POST", CONTRACTS, a_contract("v-usd", planIdent="dollar", optionQuantities=ordered), 201)
    agency.earning(of=())
    wrong = [{"contractIdent": ident} for ident in ("none", "p-1", "v-usd", "v-1", "v-1")]
    assert agency.findings("POST", RELATED, wrong) == [f"[{index}].contractIdent" for index in (0, 1, 2, 4)]
    assert agency.findings("POST", f"{RELATED}/actions/remove", [{"contractIdent": "v-1"}]) == ["[0].contractIdent"]
    agency.call("GET", f"{CONTRACTS}/none/related-contracts", status=404)
    agency.call("POST", f"{CONTRACTS}/v-1/related-contracts", [{"contractIdent": "v-1"}], 400)
    assert agency.call("GET", RELATED)["_embedded"] == []


def test_another_tenant_and_another_scope_relate_nothing(
    agency: Agency, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    agency.partner()
    agency.contract()
    agency.earning()
    body = [{"contractIdent": "v-1"}]
    stranger, other = bearer(new_tenant()), bearer(agency.tenant, "nbx-product-management-write")
    for method, path, given in (("GET", RELATED, None), ("POST", RELATED, body), ("POST", f"{RELATED}/actions/remove", body)):
        assert agency.client.request(method, path, json=given, headers=stranger).status_code == 404, path
        assert agency.client.request(method, path, json=given, headers=other).status_code == 403, path
    assert agency.call("GET", RELATED)["_embedded"] == body
