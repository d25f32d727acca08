"""What waits for approval is billed by nothing else, as it was previewed or not at all; and released customers are billed, once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.bureaus import ADDRESS, RUNS, Bureau
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import a_line
from tests.factories.offices import RUN, a_group, group

D = Decimal
PARKED = f"{RUNS}/parked-customers"


# --- nothing but the run itself bills what it previewed


def test_the_clock_leaves_the_customers_of_a_run_that_waits_for_its_approval(bureau: Bureau) -> None:
    bureau.sign(0)
    bureau.sign(1, quantity=3)
    run = bureau.previewed()
    bureau.sign(2, quantity=7)  # nobody has previewed it
    assert bureau.by_clock().documents == 1
    assert [net for _, net, _, _ in bureau.documents()] == [D(70)]
    assert bureau.call("POST", RUN, {}) == {**bureau.call("POST", RUN, {}), "documents": 0, "heldBy": run["runIdent"]}
    done = bureau.approved(run["runIdent"])
    assert (bureau.states(done), done["billed"]) == ({"BILLED": (2, 2)}, run["previewed"])
    assert sorted(net for _, net, _, _ in bureau.documents()) == [D(10), D(30), D(70)]


def test_nobody_is_billed_while_a_run_of_everyone_is_being_previewed(bureau: Bureau) -> None:
    bureau.sign(0)
    bureau.sign(1)
    some = bureau.call("POST", RUNS, {"debtorIdents": ["k-0"]}, 201)["runIdent"]
    assert bureau.by_clock().documents == 1  # only k-1, whom it does not take
    bureau.call("POST", f"{RUNS}/{some}/actions/cancel")
    bureau.sign(1, "v-more")
    everyone = bureau.call("POST", RUNS, {}, 201)["runIdent"]
    assert bureau.by_clock().documents == 0
    bureau.call("POST", f"{RUNS}/{everyone}/actions/cancel")
    assert bureau.by_clock().documents == 2


def test_a_customer_that_is_asked_for_by_name_is_billed_and_the_run_says_so(bureau: Bureau) -> None:
    bureau.sign(0)
    bureau.sign(1)
    run = bureau.previewed()
    assert bureau.call("POST", RUN, {"debtorIdent": "k-1"})["documents"] == 1
    assert bureau.states(bureau.approved(run["runIdent"])) == {"BILLED": (1, 1), "CHANGED": (1, 1)}


# --- as previewed


def _group_text(bureau: Bureau) -> None:
    group(bureau, depositReceivableRelevant=True)


def _site(bureau: Bureau) -> None:
    path = "/v2/billing/configuration/operating-sites"
    (site,) = bureau.call("GET", path)["_embedded"]
    body = {name: value for name, value in site.items() if name not in ("createdAt", "lastModifiedAt", "ident")}
    bureau.call("PUT", f"{path}/{site['ident']}", {**body, "companyName": "Neue Firma GmbH"})


def _address(bureau: Bureau, **more: Any) -> None:
    body = {name: value for name, value in ADDRESS.items() if value is not None}
    bureau.call("PUT", "/v2/customers/k-1/addresses/a-1", {**body, **more})


CHANGES: dict[str, Callable[[Bureau], object]] = {
    "billing stop": lambda b: b.change_customer(1, billingStop=True),
    "recipient": lambda b: _address(b, company="Umbenannt AG"),
    "VAT id": lambda b: b.change_customer(1, vatId="DE129273398"),
    "customer type": lambda b: b.change_customer(1, customerType="B2C", firstName="Ada", lastName="Lovelace"),
    "address": lambda b: _address(b, street="Andere Straße"),
    "our own name": _site,
    "billing group": _group_text,
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_the_documents_would_say_otherwise_leaves_the_customer_out(bureau: Bureau, what: str) -> None:
    bureau.sign(1)
    run = bureau.previewed()
    CHANGES[what](bureau)
    done = bureau.approved(run["runIdent"])
    assert (done["status"], bureau.states(done), bureau.documents()) == ("COMPLETED", {"CHANGED": (1, 1)}, [])
    (left,) = bureau.call("GET", f"{RUNS}/{run['runIdent']}/customers")["_embedded"]
    assert "stopped" in left["reason"] or left["reason"].endswith(" changed")


def test_nothing_changed_is_billed_however_often_it_is_looked_at(bureau: Bureau) -> None:
    bureau.sign(1, quantity=2)
    bureau.call("POST", f"{RUNS}/{bureau.previewed()['runIdent']}/actions/cancel")
    run = bureau.previewed()
    bureau.call("GET", f"{RUNS}/{run['runIdent']}/customers")
    bureau.clock("2026-05-12T18:00")
    assert bureau.states(bureau.approved(run["runIdent"])) == {"BILLED": (1, 1)}
    assert [str(row.document_date) for row in bureau.tenant.rows("SELECT document_date FROM document")] == ["2026-05-12"]


@pytest.mark.parametrize("by", ["DOCUMENT_CREATION", "BILLING_PERIOD"])
def test_a_cut_off_selects_and_dates_nothing(bureau: Bureau, by: str) -> None:
    """Of what was supplied in April and May; what takes back is of today, whatever the group says."""
    group(bureau, contractDocumentDateDetermination=by)
    bureau.sign(0, startDate="2026-04-01")
    bureau.clock("2026-05-20T10:00")
    run = bureau.previewed(cutoff="2026-04-15T00:00:00Z")
    assert bureau.states(bureau.approved(run["runIdent"])) == {"BILLED": (1, 1)}
    dates = "SELECT document_type, document_date FROM document ORDER BY id"
    assert [(row.document_type, str(row.document_date)) for row in bureau.tenant.rows(dates)] == [("INVOICE", "2026-05-20")]
    bureau.call("POST", f"{CONTRACTS}/v-0/actions/terminate-extraordinarily", {"terminationDate": "2026-04-10"})
    bureau.clock("2026-05-25T10:00")
    bureau.bill()
    assert [(row.document_type, str(row.document_date)) for row in bureau.tenant.rows(dates)][1:] == [("CREDIT_MEMO", "2026-05-25")]


@pytest.mark.parametrize(
    ("timing", "billed_on"),
    [
        ("INTERVAL_START", "2026-05-01"),
        ("INTERVAL_START", "2026-05-20"),  # a late run
        ("INTERVAL_END", "2026-06-01"),
        ("INTERVAL_END", "2026-06-17"),
    ],
)
@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_documents_and_corrections_are_of_their_own_day(bureau: Bureau, timing: str, billed_on: str, mode: str) -> None:
    """31.00 for May, of which the contract ends on the 10th: what is taken back, and what is billed anew, is of that day."""
    group(bureau, contractDocumentDateDetermination="BILLING_PERIOD", documentCorrectionMode=mode)
    bureau.clock("2026-04-20T10:00")
    bureau.plan("31.00", ident="timed", timing=timing)
    bureau.sign(0, plan="timed", planIdent="timed", startDate="2026-05-01")
    bureau.clock(f"{billed_on}T10:00")
    bureau.bill()
    dates = "SELECT document_type, document_date FROM document ORDER BY id"
    assert [(row.document_type, str(row.document_date)) for row in bureau.tenant.rows(dates)][:1] == [("INVOICE", billed_on)]
    known = len(bureau.documents())
    bureau.call("POST", f"{CONTRACTS}/v-0/actions/terminate-extraordinarily", {"terminationDate": "2026-05-10"})
    bureau.clock("2026-06-25T10:00")
    bureau.bill()
    corrected = [str(row.document_date) for row in bureau.tenant.rows(dates)][known:]
    assert corrected and set(corrected) == {"2026-06-25"}


def test_what_is_billed_before_its_period_begins_is_of_its_own_day(bureau: Bureau) -> None:
    group(bureau, contractDocumentDateDetermination="BILLING_PERIOD")
    bureau.sign(0, startDate="2026-05-01")
    line = {"periodStartDate": "2026-06-01", "periodEndDate": "2026-07-31"}
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "k-1"}}
    bureau.call("POST", "/v2/orders", {**order, "lineItems": [{**a_line(**line), "deliveryDate": None}]}, 201)
    bureau.bill()
    rows = bureau.tenant.rows("SELECT customer_ident, document_date FROM document ORDER BY customer_ident")
    assert [(row.customer_ident, str(row.document_date)) for row in rows] == [("k-0", "2026-05-10"), ("k-1", "2026-05-10")]


# --- released


def _dearer(bureau: Bureau, price: str, *later: tuple[str, str]) -> None:
    number = bureau.call("GET", f"{CONTRACTS}/pageable?search=contractIdent==v-0")["_embedded"][0]["contractId"]
    prices = [
        {"optionPrices": [{"optionIdent": "basic-fee", "prices": [{"price": amount}]}], "effectiveFrom": day}
        for day, amount in (("2026-06-01", price), *later)
    ]
    bureau.call("PATCH", f"{CONTRACTS}/{number}", {"planModifiers": prices})


def test_a_release_accepts_the_bill_once(bureau: Bureau) -> None:
    bureau.sign(0)
    bureau.bill()
    bureau.call("PUT", f"{RUNS}/bounds", {"mostTimesLast": "1.5"})
    _dearer(bureau, "16.00")
    bureau.clock("2026-06-01T10:00")
    assert bureau.by_clock().parked == ("k-0",)
    bureau.call("POST", f"{PARKED}/k-0/actions/release", status=204)
    assert (bureau.by_clock().parked, bureau.call("GET", PARKED)) == ((), [])
    assert [net for _, net, _, _ in bureau.documents()] == [D(10), D(16)]
    _dearer(bureau, "16.00", ("2026-07-01", "40.00"))
    bureau.clock("2026-07-01T10:00")
    assert bureau.by_clock().parked == ("k-0",)  # what was accepted was the bill of June


def test_a_release_in_a_preview_bills_as_previewed(bureau: Bureau) -> None:
    bureau.sign(0)
    bureau.sign(1)
    first = bureau.previewed()
    bureau.approved(first["runIdent"])
    bureau.call("PUT", f"{RUNS}/bounds", {"mostTimesLast": "1.5"})
    _dearer(bureau, "25.00")
    bureau.clock("2026-06-01T10:00")
    run = bureau.previewed()
    path = f"{RUNS}/{run['runIdent']}"
    assert (bureau.states(run), run["previewed"][0]["net"]) == ({"PARKED": (1, 1), "PREVIEWED": (1, 1)}, 10)
    (parked,) = bureau.call("GET", f"{path}/customers?search=status==PARKED")["_embedded"]
    assert (parked["previewed"][0]["net"], "more than 1.5" in parked["reason"]) == (25, True)
    bureau.call("POST", f"{PARKED}/k-0/actions/release", status=204)
    bureau.call("POST", f"{PARKED}/k-0/actions/release", status=404)
    bureau.work()
    again = bureau.call("GET", path)
    assert (bureau.states(again), again["previewed"][0]["net"]) == ({"PREVIEWED": (2, 2)}, 35)
    assert {(one["cause"], one["net"], one["tax"], one["gross"]) for one in again["differences"]} == {("PRICE", 15, 2.85, 17.85)}
    done = bureau.approved(run["runIdent"])
    assert (bureau.states(done), done["billed"]) == ({"BILLED": (2, 2)}, again["previewed"])
    assert bureau.call("GET", PARKED) == []


def test_what_a_preview_could_not_bill_cannot_be_released_into_it(bureau: Bureau) -> None:
    bureau.plan(ident="odd")
    bureau.contract("v-odd", "odd", debtorIdent="k-0", invoiceAddressIdent="a-0")
    bureau.unpriced("odd-fee")
    bureau.previewed()
    answer = bureau.call("POST", f"{PARKED}/k-0/actions/release", status=409)
    assert "could not preview" in str(answer)


# --- what differs from the last run


def test_a_difference_is_told_by_cause_with_net_tax_and_gross(bureau: Bureau) -> None:
    """Two periods, then one; a parked customer; a quantity; a part of a month."""
    bureau.sign(0, startDate="2026-04-01")  # April and May: two periods
    bureau.sign(1, quantity=2)
    bureau.sign(2)
    bureau.approved(bureau.previewed()["runIdent"])
    bureau.call("POST", f"{CONTRACTS}/v-2/actions/terminate-extraordinarily", {"terminationDate": "2026-06-15"})
    bureau.call("PUT", f"{RUNS}/bounds", {"mostTimesLast": "1.5"})
    number = bureau.call("GET", f"{CONTRACTS}/pageable?search=contractIdent==v-1")["_embedded"][0]["contractId"]
    dear = {"optionPrices": [{"optionIdent": "basic-fee", "prices": [{"price": "90.00"}]}], "effectiveFrom": "2026-06-01"}
    bureau.call("PATCH", f"{CONTRACTS}/{number}", {"planModifiers": [dear]})
    bureau.clock("2026-06-01T10:00")
    run = bureau.previewed()
    found = {one["cause"]: (one["count"], one["net"], one["tax"], one["gross"]) for one in run["differences"]}
    assert found == {"PERIODS": (1, -10, -1.9, -11.9), "PARKED": (1, -20, -3.8, -23.8), "PRORATION": (1, -5, -0.95, -5.95)}


# --- a counter that ends


NUMBERS = "/v2/billing/configuration/document-numbers"


def _ending(bureau: Bureau, last: int) -> None:
    """Customers of another billing group than usual, whose documents are counted up to `last`."""
    bureau.call("POST", f"{NUMBERS}/counters", {"ident": "short", "prefix": "K-", "lowerLimit": 1, "upperLimit": last})
    a_group(bureau)
    bureau.call("POST", f"{NUMBERS}/strategies/billing-groups", {"ident": "few", "counterIdent": "short", "key": "special"}, 201)


@pytest.mark.parametrize(("last", "billed"), [(2, 3), (3, 4)])
def test_a_counter_that_ends_parks_only_the_customers_of_its_group(bureau: Bureau, last: int, billed: int) -> None:
    _ending(bureau, last)
    for number in range(4):
        bureau.sign(number, **({} if number == 0 else {"businessSegmentIdent": "special"}))
    report: Any = bureau.call("POST", RUN, {})
    assert (report["documents"], report["failed"]) == (billed, 0)
    parked = bureau.call("GET", PARKED)
    assert [entry["customerIdent"] for entry in parked] == [f"k-{number}" for number in range(billed, 4)]
    for entry in parked:
        assert entry["reason"].startswith(f"the document numbers of counter short end at {last}: 1 needed, none left")
    assert bureau.by_clock().documents == 0
    bureau.call("PUT", f"{NUMBERS}/counters/short", {"prefix": "K-", "lowerLimit": 1, "upperLimit": 99})
    for entry in parked:
        bureau.call("POST", f"{PARKED}/{entry['customerIdent']}/actions/release", status=204)
    assert bureau.by_clock().documents == 4 - billed
