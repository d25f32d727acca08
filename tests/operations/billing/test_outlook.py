"""What will be billed, shown by the run itself and undone; and why something is not billed, in words and by a code."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.bureaus import RUNS, Bureau
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import Office, a_group
from tests.factories.usages import POWER, USAGES, metered, usage

from contor.commands.billing import switch

D = Decimal


def shown(documents: Any) -> list[tuple[str, str, float]]:
    return [(one["documentType"], one["documentDate"], one["totals"]["net"]) for one in documents]


def preview(office: Office, ident: str = "v-1", **body: Any) -> Any:
    return office.call("POST", f"{CONTRACTS}/{ident}/actions/preview", body)


def tables(office: Office) -> list[Any]:
    """What stands in the books and around them."""
    names = ("document", "billable_item", "journal_line", "opos_case", "number_series", "audit_entry", "event", "contract")
    said = "SELECT count(*), md5(coalesce(string_agg(x::text, ',' ORDER BY x::text), ''))"
    return [office.tenant.rows(f"{said} FROM {name} x") for name in names]


def test_now_and_the_next_documents_are_those_of_the_runs(office: Office) -> None:
    office.plan("10.00")
    office.contract(quantity=3, startDate="2026-04-15")
    before = tables(office)
    told = preview(office, n=3)
    assert tables(office) == before
    assert shown(told["now"]) == [("INVOICE", "2026-05-10", 30)]
    assert shown(told["next"]) == [("INVOICE", f"2026-0{month}-15", 30) for month in (5, 6, 7)]
    (line,) = told["now"][0]["items"]
    assert (line["quantity"], line["prices"]["total"]["net"], line["servicePeriod"]) == (
        3,
        30,
        {"start": "2026-04-15", "end": "2026-05-14"},
    )
    assert told["now"][0]["totals"]["gross"] == 35.7
    office.bill()
    for month in (5, 6, 7):
        office.clock(f"2026-0{month}-15T10:00")
        office.bill()
    assert [net for _, net, _, _ in office.documents()] == [D(30)] * 4
    assert [row.document_date.isoformat() for row in office.tenant.rows("SELECT document_date FROM document ORDER BY id")] == [
        one["documentDate"] for one in (*told["now"], *told["next"])
    ]


@pytest.mark.parametrize(
    ("change", "now", "following"),
    [
        ({"terminateExtraordinarily": {"terminationDate": "2026-05-15"}}, [("CREDIT_MEMO", "2026-05-10", 16)], []),
        ({"cancel": True}, [("CREDIT_MEMO", "2026-05-10", 31)], []),
        ({"terminateExtraordinarily": {"terminationDate": "2026-06-10"}}, [], [("INVOICE", "2026-06-01", 10.33)]),
        (
            {
                "update": {
                    "planModifiers": [
                        {
                            "optionPrices": [{"optionIdent": "basic-fee", "prices": [{"price": "62.00"}]}],
                            "effectiveFrom": "2026-07-01",
                        }
                    ]
                }
            },
            [],
            [("INVOICE", "2026-06-01", 31), ("INVOICE", "2026-07-01", 62)],
        ),
    ],
)
def test_a_change_is_shown_by_doing_it(office: Office, change: Any, now: Any, following: Any) -> None:
    office.plan("31.00")
    office.contract()
    office.bill()
    before = tables(office)
    told = preview(office, change=change, n=2)
    assert tables(office) == before
    assert (shown(told["now"]), shown(told["next"])) == (now, following)


def test_a_pending_contract_is_shown_as_if_it_began(office: Office) -> None:
    office.plan("10.00")
    office.contract(startDate=None)
    told = preview(office)
    assert (told["now"], told["next"], [one["code"] for one in told["notBilled"]]) == ([], [], ["CONTRACT_PENDING"])
    told = preview(office, change={"activate": {"startDate": "2026-05-01"}}, n=24)
    assert (len(told["now"]), len(told["next"]), told["notBilled"]) == (1, 24, [])
    assert shown(told["next"])[-1] == ("INVOICE", "2028-05-01", 10)


def test_what_a_preview_refuses(office: Office) -> None:
    office.plan()
    office.contract()
    path = f"{CONTRACTS}/v-1/actions/preview"
    assert office.findings("POST", path, {"n": 25}) == ["n"]
    assert office.findings("POST", path, {"n": 0}) == ["n"]
    assert office.findings("POST", path, {"change": {}}) == ["change"]
    assert office.findings("POST", path, {"change": {"cancel": True, "terminate": {}}}) == ["change"]
    wrong = {"update": {"invoiceAddressIdent": "nowhere"}}
    assert office.findings("POST", path, {"change": wrong}) == ["invoiceAddressIdent"]
    office.call("POST", f"{CONTRACTS}/none/actions/preview", {}, 404)
    office.call("GET", f"{CONTRACTS}/none/upcoming-items", status=404)
    office.call("GET", "/v2/customers/none/upcoming-items", status=404)


def test_a_parked_customer_is_previewed_with_the_reason(bureau: Bureau) -> None:
    bureau.call("PUT", f"{RUNS}/bounds", {"mostDocuments": 1})
    bureau.sign(1)
    bureau.sign(1, "v-other", paymentTerm={"periodInDays": 30})
    assert bureau.by_clock().parked == ("k-1",)
    before = tables(bureau)
    told = preview(bureau)
    assert tables(bureau) == before
    assert (len(told["now"]), len(told["next"])) == (1, 1)
    (reason,) = told["notBilled"]
    assert reason["code"] == "CUSTOMER_PARKED" and "2 documents" in reason["text"]
    assert [one["customerIdent"] for one in bureau.call("GET", f"{RUNS}/parked-customers")] == ["k-1"]


def test_a_preview_says_why_a_document_would_be_refused(bureau: Bureau) -> None:
    """Whether it is due now or only later."""
    bureau.change_customer(1, vatId="DE136695976")
    bureau.sign(1)
    bureau.sign(1, "v-later", startDate="2026-08-01")
    for ident in ("v-1", "v-later"):
        told = preview(bureau, ident)
        assert (told["now"], told["next"]) == ([], [])
        assert [one["code"] for one in told["notBilled"]] == ["ERROR"]
        assert "VAT id of the seller" in told["notBilled"][0]["text"]
    assert bureau.call("POST", "/v2/billingrun", {})["failed"] == 1
    assert [one["code"] for one in preview(bureau)["notBilled"]] == ["ERROR"]


def test_a_previewed_price_says_of_how_many_units_it_is(office: Office) -> None:
    metered(office, POWER, segment=None, usePooling=True)
    office.call("POST", USAGES, usage("u-1", 400), 201)
    (document,) = preview(office, n=1)["next"]
    (line,) = document["items"]
    assert (line["quantity"], line["priceBaseQuantity"]) == (400, 400)
    assert (line["prices"]["unit"]["net"], line["prices"]["total"]["net"]) == (56, 56)


def codes(office: Office, path: str) -> tuple[list[str], list[tuple[str, str]]]:
    told = office.call("GET", f"{path}/upcoming-items")
    assert all(one["text"] for one in told["reasons"]) and all(one["reason"]["text"] for one in told["items"])
    return [one["code"] for one in told["reasons"]], [(one["kind"], one["reason"]["code"]) for one in told["items"]]


@pytest.mark.parametrize(("interval", "ends"), [("MONTH", "2026-05-31"), ("YEAR", "2027-04-30")])
def test_a_period_is_told_with_its_last_day_everywhere(office: Office, interval: str, ends: str) -> None:
    """Items, what comes, and documents: the first and the last day."""
    office.plan(
        "31.00", billingInterval={"value": 1, "unit": interval}, timing="INTERVAL_START_WITH_DELAY", delayInSeconds=2_000_000
    )
    number = office.contract()
    period = {"start": "2026-05-01", "end": ends}
    (coming,) = office.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"]
    assert coming["billingPeriod"] == period
    office.bill()
    (waits,) = office.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"][:1]
    listed = f"{CONTRACTS}/{number}/billableitems"
    (item,) = office.call("GET", listed)
    assert waits["billingPeriod"] == item["billingPeriod"] == item["serviceBillingPeriod"] == period
    for name in ("billingPeriod", "serviceBillingPeriod"):
        found = office.call("GET", f"/v2/billableitems/pageable?search={name}.end=={ends}&sort={name}.end,desc")["_embedded"]
        assert [one["billableItemId"] for one in found] == [item["billableItemId"]]
        assert office.call("GET", f"/v2/billableitems/pageable?search={name}.end>{ends}")["_embedded"] == []
    office.clock("2026-05-30T10:00")
    assert office.bill()["documents"] == 1
    (row,) = office.tenant.rows("SELECT ident FROM document")
    (billed,) = office.call("GET", f"/v2/documents/{row.ident}")["items"]
    assert billed["billingPeriod"] == billed["servicePeriod"] == period


def test_why_a_contract_is_not_billed(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    path = f"{CONTRACTS}/v-1"
    assert codes(office, path) == ([], [("RECURRING", "DUE")])
    office.bill()
    assert codes(office, path) == ([], [("RECURRING", "NOT_DUE_YET")])
    (item,) = office.call("GET", f"{path}/upcoming-items")["items"]
    assert (item["total"], item["billingPeriod"]) == (10, {"start": "2026-06-01", "end": "2026-06-30"})
    office.call("POST", f"{path}/actions/terminate-extraordinarily", {"terminationDate": "2026-05-31"})
    office.clock("2026-06-10T10:00")
    assert codes(office, path) == (["CONTRACT_ENDED"], [])
    office.contract("v-2", startDate="2026-08-01")
    assert codes(office, f"{CONTRACTS}/v-2") == (["NOT_DUE_YET"], [("RECURRING", "NOT_DUE_YET")])
    office.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {"terminationDate": "2026-07-31"})
    assert codes(office, f"{CONTRACTS}/v-2") == (["CONTRACT_ENDED"], [])  # it never begins


def test_why_a_customer_is_not_billed(bureau: Bureau) -> None:
    path = "/v2/customers/k-1"
    bureau.sign(1)
    run = bureau.previewed()
    assert codes(bureau, path) == (["RUN_TO_BE_APPROVED"], [("RECURRING", "RUN_TO_BE_APPROVED")])
    bureau.call("POST", f"{RUNS}/{run['runIdent']}/actions/cancel")
    switch(bureau.tenant.runtime, bureau.tenant.realm, active=False)
    assert codes(bureau, path) == (["BILLING_PAUSED"], [("RECURRING", "BILLING_PAUSED")])
    assert bureau.by_clock().documents == 0
    bureau.change_customer(1, billingStop=True)
    assert codes(bureau, path) == (["BILLING_STOPPED"], [("RECURRING", "BILLING_STOPPED")])
    switch(bureau.tenant.runtime, bureau.tenant.realm, active=True)
    bureau.change_customer(1)
    bureau.call("PUT", f"{RUNS}/bounds", {"mostDocuments": 1})
    bureau.sign(1, "v-other", paymentTerm={"periodInDays": 30})
    assert bureau.by_clock().parked == ("k-1",)
    told = bureau.call("GET", f"{path}/upcoming-items")
    assert {one["reason"]["code"] for one in told["items"]} == {"CUSTOMER_PARKED"}
    assert "2 documents" in told["reasons"][0]["text"]


def test_why_an_item_is_not_billed(office: Office) -> None:
    customer = "/v2/customers/muster-handel"
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()]}
    office.call("POST", ORDERS, {**body, "billingTime": "ON_DEMAND"}, 201)
    office.rates(("USD", "2026-04", "1.0850"))
    office.call("POST", ORDERS, {**body, "orderIdent": "o-2", "currency": "USD"}, 201)
    a_group(office, minimumAmounts=[{"currency": "EUR", "amount": "50.00", "mostPeriods": 3}])
    office.plan("10.00")
    office.contract(businessSegmentIdent="special")
    office.bill()
    reasons, items = codes(office, customer)
    assert (reasons, sorted(items)) == (
        [],
        [
            ("LINE_ITEM", "EXCHANGE_RATE_MISSING"),
            ("LINE_ITEM", "ON_HOLD"),
            ("RECURRING", "BELOW_MINIMUM"),
            ("RECURRING", "NOT_DUE_YET"),
        ],
    )
