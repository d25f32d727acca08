"""What is wrong with one item is its own matter: it says so by its name, and what stands beside it is billed in the same run."""

from decimal import Decimal
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, S19, Desk, a_deposit, a_line

from contor.billing.held.work import work_on_runs

D = Decimal
CUSTOMER, RUN, RUNS = "/v2/customers/muster-handel", "/v2/billingrun", "/v2/billing-runs"


def taxed(category: str) -> dict[str, Any]:
    return {"taxInformation": [{"taxRate": 0, "taxCategoryCode": category}]}


UNTAXED = taxed("Z")


def became(desk: Desk, ident: str, category: str) -> None:
    """What older data say of a line: a category that its buyer cannot have, which is refused by now."""
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        sql = "UPDATE billable_item SET content = jsonb_set(content, '{taxes,0,category_code}', %s) WHERE origin_ident = %s"
        uow.run(sql, (Jsonb(category), ident))


def errors(desk: Desk) -> dict[str, str]:
    rows = desk.tenant.rows("SELECT origin_ident, processing_error FROM billable_item WHERE processing_status = 'ERROR'")
    return {row.origin_ident: row.processing_error for row in rows}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("K", "an intra-Community supply from DE ends in another member state"),
        ("G", "taxDetail.taxes[0].categoryCode: an export ends outside the European Union"),
    ],
)
def test_an_item_that_no_document_can_bill_stops_no_other(desk: Desk, wrong: str, words: str) -> None:
    desk.order(lineItems=[a_line(taxInformation=S19), a_line("l-2", "40.00", **UNTAXED), a_line("l-3", "60.00")])
    became(desk, "l-2", wrong)
    report = desk.bill()
    assert (report["billed"], report["failed"], report["parked"]) == (2, 1, [])
    assert desk.documents() == [("INVOICE", D("160.00"), D("30.40"), D("190.40"))]
    found = errors(desk)
    assert found.keys() == {"l-2"}
    assert found["l-2"].startswith("order o-1, l-2: ") and words in found["l-2"] and "items[" not in found["l-2"]


@pytest.mark.parametrize(("category", "words"), [("K", "section 6a UStG, BR-IC-02"), ("AE", "BR-AE-02")])
def test_an_id_that_one_category_needs_is_a_matter_of_its_items(desk: Desk, category: str, words: str) -> None:
    desk.call("PUT", CUSTOMER, {"company": "Muster", "customerType": "B2B"})
    place = {"taxLocation": {"country": "FR"}}
    desk.order(lineItems=[a_line(taxInformation=S19, **place), a_line("l-2", "40.00", **taxed(category), **place)])
    desk.bill()
    assert desk.documents() == [("INVOICE", D("100.00"), D("19.00"), D("119.00"))]
    assert errors(desk).keys() == {"l-2"} and words in errors(desk)["l-2"]


def test_it_is_billed_once_it_is_mended(desk: Desk) -> None:
    desk.order(lineItems=[a_line(), a_line("l-2", "40.00", **UNTAXED)])
    became(desk, "l-2", "K")
    desk.bill()
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-2", a_line("l-2", "40.00"))
    desk.call("POST", f"{ORDERS}/o-1/actions/retry-failed-billable-items")
    desk.bill()
    assert desk.documents() == [("INVOICE", D("100.00"), D("19.00"), D("119.00")), ("INVOICE", D("40.00"), D("7.60"), D("47.60"))]
    assert errors(desk) == {}


def test_lines_of_one_owner_stop_no_plan_and_no_order(desk: Desk) -> None:
    """A contract with a fee, an allowance on it and a wrong line; an order beside it."""
    desk.plan("10.00")
    desk.contract()
    body = {"ident": "less", "optionIdent": "basic-fee", "name": "Less", "type": "PERCENTAGE", "percentage": 50}
    desk.call("POST", f"{CONTRACTS}/v-1/allowances", body, 201)
    desk.call("POST", f"{CONTRACTS}/v-1/lineItems", [a_line("wrong", **UNTAXED), a_line("right", "1.00")], 201)
    became(desk, "wrong", "K")
    desk.order(lineItems=[a_line()])
    desk.bill()
    assert sorted(net for _, net, _, _ in desk.documents()) == [D("106.00")]
    assert errors(desk) == {"wrong": errors(desk)["wrong"]}
    assert errors(desk)["wrong"].startswith("contract v-1, wrong: ")


def test_an_option_and_its_allowance_wait_together(desk: Desk) -> None:
    """What older data say of the fee: a country that no list has."""
    desk.plan("10.00", billingInterval={"value": 1, "unit": "MONTH"}, timing="INTERVAL_END")
    desk.contract()
    body = {"ident": "less", "optionIdent": "basic-fee", "name": "Less", "type": "PERCENTAGE", "percentage": 50}
    desk.call("POST", f"{CONTRACTS}/v-1/allowances", body, 201)
    desk.bill()
    wrong = [{"key": "originCountry", "value": "ZZ"}]
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run(
            "UPDATE billable_item SET content = jsonb_set(content, '{properties}', %s) WHERE kind = 'RECURRING'"
            " AND period_start < '2026-06-01'",
            (Jsonb(wrong),),
        )
    desk.order(lineItems=[a_line(deliveryDate="2026-06-01")])
    desk.clock("2026-07-01T10:00")
    desk.bill()
    assert sorted(net for _, net, _, _ in desk.documents()) == [D("105.00")]
    found = errors(desk)
    assert found.keys() == {"basic-fee", "less"}
    assert found["less"] == found["basic-fee"]
    assert found["less"].startswith("contract v-1, basic-fee from 2026-05-01: properties[0].value: ZZ (BT-159)")


def test_what_the_document_lacks_is_the_reason_of_all(desk: Desk) -> None:
    """And it comes beside an item's own: an XRechnung needs a contact of ours."""
    muster = {"company": "Muster", "customerType": "B2B"}
    desk.call("PUT", CUSTOMER, {**muster, "buyerReference": "04011000-1234512345-06"})
    desk.order(lineItems=[a_line(net="300.00"), a_line("l-2", "40.00", **UNTAXED)])
    became(desk, "l-2", "K")
    assert desk.call("POST", RUN, {})["failed"] == 2
    found = errors(desk)
    assert "XRechnung requires it" in found["l-1"] and "section 6a" not in found["l-1"]
    assert "ends in another member state" in found["l-2"]


def test_a_final_invoice_without_its_faulty_line_deducts_its_deposit(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION")
    desk.order(lineItems=[a_line(net="500.00"), a_line("l-2", "40.00", **UNTAXED)], agreedDeposits=[a_deposit("d", "119.00")])
    became(desk, "l-2", "K")
    desk.bill()
    desk.pay("119.00", desk.idents("DEPOSIT_INVOICE")[0])
    desk.bill()
    view = desk.call("GET", f"/v2/documents/{desk.idents('INVOICE')[0]}")
    assert (view["totals"]["payable"], errors(desk).keys()) == (D("476.00"), {"l-2"})


def test_an_order_whose_tax_is_not_known_stops_no_contract(desk: Desk) -> None:
    """The rate of a day of which no history tells."""
    desk.plan("10.00")
    desk.contract()
    desk.order(lineItems=[a_line(processingConfig={"type": "ON_HOLD"}), a_line("l-2")])
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE billable_item SET content = jsonb_set(content, '{tax_code}', '\"EXEMPT\"') WHERE origin_ident = 'l-2'")
    report = desk.bill()
    assert (report["parked"], report["failed"], errors(desk).keys()) == ([], 1, {"l-2"})
    assert [net for _, net, _, _ in desk.documents()] == [D("10.00")]


def test_a_run_that_waits_for_its_approval_bills_what_it_showed(desk: Desk) -> None:
    desk.order(lineItems=[a_line(), a_line("l-2", "40.00", **UNTAXED)])
    became(desk, "l-2", "K")
    ident = desk.call("POST", RUNS, {}, 201)["runIdent"]
    work_on_runs(desk.tenant.runtime, desk.tenant.id)
    (shown,) = desk.call("GET", f"{RUNS}/{ident}/customers")["_embedded"]
    assert (shown["status"], shown["documents"]) == ("PREVIEWED", 1) and "order o-1, l-2: " in shown["reason"]
    desk.call("POST", f"{RUNS}/{ident}/actions/approve")
    work_on_runs(desk.tenant.runtime, desk.tenant.id)
    (state,) = desk.call("GET", f"{RUNS}/{ident}")["counts"]
    assert (state["status"], state["customers"]) == ("FAILED", 1)
    assert desk.documents() == [("INVOICE", D("100.00"), D("19.00"), D("119.00"))]
    assert errors(desk).keys() == {"l-2"}


def test_an_option_whose_tax_is_not_known_waits_with_its_allowance_alone(desk: Desk) -> None:
    """Of older data: an option that says exempt and not why. What the customer has beside it is billed, also in the next month."""
    desk.plan("10.00")
    desk.contract()
    desk.plan("30.00", ident="odd")
    desk.contract("v-2", "odd")
    less = {"ident": "less", "optionIdent": "odd-fee", "name": "Less", "type": "PERCENTAGE", "percentage": 50}
    desk.call("POST", f"{CONTRACTS}/v-2/allowances", less, 201)
    desk.order(lineItems=[a_line()])
    sql = "UPDATE plan_option_version SET content = jsonb_set(content, '{prices,0,tax_code}', %s) WHERE option_ident = 'odd-fee'"
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run(sql, ('"EXEMPT"',))
    report = desk.bill()
    assert (report["parked"], report["failed"]) == ([], 2)
    assert sorted(net for _, net, _, _ in desk.documents()) == [D("110.00")]
    begun = "contract v-2, odd-fee from 2026-05-01: an exempt supply needs its reason: it cannot be billed from the catalogue"
    assert errors(desk)["odd-fee"] == begun
    assert errors(desk).keys() == {"odd-fee", "less"}
    desk.clock("2026-06-10T10:00")
    assert desk.bill()["parked"] == []
    assert [net for _, net, _, _ in desk.documents()][-1] == D("10.00")
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE billable_item SET content = jsonb_set(content, '{tax_code}', '\"STANDARD\"')")
    desk.call("POST", f"{CONTRACTS}/v-2/actions/retry-failed-billable-items")
    desk.bill()
    assert errors(desk) == {}


def test_no_option_is_offered_as_exempt_without_its_reason(desk: Desk) -> None:
    exempt = {**OPTION, "optionIdent": "odd", "prices": [{"price": "10.00", "taxCode": "EXEMPT"}]}
    rated = {**OPTION, "optionIdent": "odd", "type": "RATED_USAGE", "prices": [], "taxCode": "EXEMPT"}
    for body, name in ((exempt, "prices[0].taxCode"), (rated, "taxCode")):
        answer = desk.call("POST", OPTIONS, body, 400)
        assert [entry["fieldName"] for entry in answer["errors"]] == [name]
        assert "is never billed: an exempt supply says its reason" in answer["errors"][0]["error"]
    desk.plan("10.00")
    desk.contract()
    modifier = {"optionPrices": [{"optionIdent": "basic-fee", "prices": exempt["prices"]}]}
    answer = desk.call("PATCH", f"{CONTRACTS}/{desk.contract('v-2')}", {"planModifiers": [modifier]}, 400)
    assert [entry["fieldName"] for entry in answer["errors"]] == ["planModifiers[0].optionPrices[0].prices[0].taxCode"]
