"""Examples of runs as a client lives them: what was previewed is billed by its run alone, as it was previewed; what differs is told by its
cause; whoever is released is billed. All is read back by requests."""

from typing import Any

import pytest
from tests.factories.bureaus import ADDRESS, RUNS
from tests.factories.catalogue import MONTH, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, YEAR, a_contract
from tests.factories.offices import D, group
from tests.factories.strangers import Stranger
from tests.factories.usages import USAGES, per_unit, usage

SETTINGS, ITEMS, PARKED = "/v2/tenant-settings", "/v2/billableitems/pageable", f"{RUNS}/parked-customers"


@pytest.mark.parametrize(
    ("body", "quantities", "by_clock", "approved"),
    [({}, (1, 3, 7), [70], [10, 30]), ({"debtorIdents": ["k-1"]}, (2, 5, 4), [20, 40], [50])],
)
def test_what_was_previewed_is_billed_by_its_run_alone(
    stranger: Stranger, body: Any, quantities: tuple[int, ...], by_clock: list[int], approved: list[int]
) -> None:
    """The third signs when the preview is there. Then billing by the clock is switched off, and on."""
    stranger.plan()
    stranger.customers(3)
    stranger.sign(0, quantity=quantities[0])
    stranger.sign(1, quantity=quantities[1])
    run = stranger.previewed(**body)
    assert run["status"] == "PREVIEWED"
    stranger.sign(2, quantity=quantities[2])
    assert stranger.due("2026-05-11") == [("INVOICE", D(net)) for net in by_clock]
    held = stranger.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"][0]["reason"]["code"]
    assert (held, stranger.due("2026-05-12")) == ("RUN_TO_BE_APPROVED", [])
    done = stranger.approved(run["runIdent"])
    assert (done["status"], done["billed"], done["previewed"][0]["net"]) == ("COMPLETED", run["previewed"], sum(approved))
    assert stranger.nets(len(by_clock)) == [("INVOICE", D(net)) for net in approved]
    stranger.call("PATCH", SETTINGS, {"activeBillingRun": False})
    assert stranger.due("2026-06-01") == []
    assert stranger.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"][0]["reason"]["code"] == "BILLING_PAUSED"
    stranger.call("PATCH", SETTINGS, {"activeBillingRun": True})
    assert stranger.due("2026-06-01") == [("INVOICE", D(10 * quantity)) for quantity in quantities]


@pytest.mark.parametrize(("price", "quantities"), [("10.00", (1, 2, 3, 4, 5)), ("12.34", (5, 1, 1, 2, 3))])
def test_who_changed_since_the_preview_is_not_billed(stranger: Stranger, price: str, quantities: tuple[int, ...]) -> None:
    """A billing stop, a recipient, a VAT id, a kind of customer; the fifth is as he was."""
    stranger.customers(5)
    stranger.plan(price)
    for number, quantity in enumerate(quantities):
        stranger.sign(number, quantity=quantity)
    run = stranger.previewed()
    assert D(str(run["previewed"][0]["net"])) == D(price) * sum(quantities)
    stranger.change_customer(0, billingStop=True)
    address = {name: value for name, value in ADDRESS.items() if value is not None}
    stranger.call("PUT", "/v2/customers/k-1/addresses/a-1", {**address, "company": "Renamed AG"})
    stranger.change_customer(2, vatId="DE129273398")
    stranger.change_customer(3, customerType="B2C", firstName="Ada", lastName="Lovelace")
    done = stranger.approved(run["runIdent"])
    assert stranger.states(done) == {"CHANGED": (4, 4), "BILLED": (1, 1)}
    assert stranger.nets() == [("INVOICE", D(price) * quantities[4])]
    stranger.approved(stranger.previewed()["runIdent"])
    assert stranger.nets(1) == [("INVOICE", D(price) * quantity) for quantity in quantities[1:4]]
    renamed, registered, person = (one["customer"] for one in stranger.papers()[1:])
    assert (renamed["name"], registered["vatId"], person["customerType"]) == ("Renamed AG", "DE129273398", "B2C")


def told(run: Any) -> dict[str, tuple[D, D, D]]:
    """What differs, by cause: net, tax and gross of one line each."""
    assert {one["count"] for one in run["differences"]} == {1}
    return {one["cause"]: tuple(D(str(one[side])) for side in ("net", "tax", "gross")) for one in run["differences"]}


def sides(net: str, tax: str) -> tuple[D, D, D]:
    return D(net), D(tax), D(net) + D(tax)


def test_what_differs_is_told_by_cause(stranger: Stranger) -> None:
    """In June one customer for each cause; in July what is then otherwise."""
    stranger.customers(8)
    stranger.plan()
    month = {**PHASE, "linkedOptions": [{"optionIdent": "basic-fee"}]}
    first = {**month, "termDuration": MONTH, "termSync": False, "transition": {"type": "NEXT_PHASE", "toPhase": "p-2"}}
    stranger.call("POST", PLANS, {**PLAN, "planIdent": "grows", "phases": [first, {**month, "ident": "p-2"}]}, 201)
    grows = [
        {"phaseIdent": phase, "optionQuantity": [{"optionIdent": "basic-fee", "quantity": quantity}]}
        for phase, quantity in (("p-1", 4), ("p-2", 5))
    ]
    stranger.plan(ident="power", option={"type": "USAGE", "prices": [], "usagePrices": [per_unit("0.25")]})
    stranger.sign(0, startDate="2026-04-01")
    for number, quantity in ((1, 3), (3, 4), (4, 1), (7, 2)):
        stranger.sign(number, quantity=quantity)
    stranger.sign(5, plan="grows", optionQuantities=grows)
    stranger.sign(6, plan="power", optionQuantities=[])
    may = stranger.approved(stranger.previewed()["runIdent"])
    assert may["billed"][0]["net"] == 20 + 30 + 40 + 10 + 40 + 20
    stranger.clock("2026-05-20T10:00")
    stranger.end("v-1", "2026-06-15")
    stranger.end("v-3", "2026-05-31")
    stranger.sign(2, quantity=5, startDate="2026-06-01")
    stranger.dearer("v-4", "12.50", "2026-06-01")
    stranger.dearer("v-7", "45.00", "2026-06-01")
    stranger.call("POST", USAGES, usage("u-1", 40, contractIdent="v-6", optionIdent="power-fee"), 201)
    stranger.call("PUT", f"{RUNS}/bounds", {"mostTimesLast": "1.5"})
    stranger.clock("2026-06-01T10:00")
    june = stranger.previewed()
    assert told(june) == {
        "PERIODS": sides("-10.00", "-1.90"),
        "PRORATION": sides("-15.00", "-2.85"),
        "NEW": sides("50.00", "9.50"),
        "ENDED": sides("-40.00", "-7.60"),
        "PRICE": sides("2.50", "0.48"),
        "QUANTITY": sides("10.00", "1.90"),
        "USAGE": sides("10.00", "1.90"),
        "PARKED": sides("-20.00", "-3.80"),
    }
    june = stranger.approved(june["runIdent"])
    assert D(str(june["billed"][0]["net"])) == 160 + D("-12.50")
    stranger.end("v-0", "2026-07-10")  # 3.23 of 10.00
    stranger.dearer("v-4", "15.00", "2026-07-01")
    stranger.sign(2, "v-8", quantity=2, startDate="2026-07-01")
    stranger.call("POST", USAGES, usage("u-2", 60, "2026-06-01", contractIdent="v-6", optionIdent="power-fee"), 201)
    stranger.clock("2026-07-01T10:00")
    july = stranger.previewed()
    assert told(july) == {
        "PRORATION": sides("-6.77", "-1.29"),
        "NEW": sides("20.00", "3.80"),
        "ENDED": sides("-15.00", "-2.85"),
        "PRICE": sides("2.50", "0.47"),
        "USAGE": sides("5.00", "0.95"),
    }
    assert D(str(july["previewed"][0]["net"])) == D("147.50") + D("5.73")


@pytest.mark.parametrize(
    ("most", "price", "june", "august"), [("1.5", "10.00", "16.00", "40.00"), ("2", "20.00", "50.00", "100.01")]
)
def test_who_is_released_is_billed_once_as_it_is(stranger: Stranger, most: str, price: str, june: str, august: str) -> None:
    """Beyond the bound in June, as much in July, beyond it in August, when a preview finds it."""
    stranger.customers(1)
    stranger.plan(price)
    stranger.sign(0)
    assert stranger.due("2026-05-11") == [("INVOICE", D(price))]
    stranger.call("PUT", f"{RUNS}/bounds", {"mostTimesLast": most})
    stranger.dearer("v-0", june, "2026-06-01")
    stranger.dearer("v-0", august, "2026-08-01")
    assert stranger.due("2026-06-01") == []
    assert [one["customerIdent"] for one in stranger.call("GET", PARKED)] == ["k-0"]
    stranger.call("POST", f"{PARKED}/k-0/actions/release", status=204)
    assert stranger.due("2026-06-02") == [("INVOICE", D(june))]
    assert (stranger.call("GET", PARKED), stranger.due("2026-06-03")) == ([], [])
    assert stranger.due("2026-07-01") == [("INVOICE", D(june))]
    stranger.clock("2026-08-01T10:00")
    run = stranger.previewed()
    assert (stranger.states(run), stranger.due("2026-08-01")) == ({"PARKED": (1, 1)}, [])
    stranger.call("POST", f"{PARKED}/k-0/actions/release", status=204)
    stranger.work()
    shown = stranger.call("GET", f"{RUNS}/{run['runIdent']}")
    assert (stranger.states(shown), D(str(shown["previewed"][0]["net"]))) == ({"PREVIEWED": (1, 1)}, D(august))
    assert stranger.approved(run["runIdent"])["billed"] == shown["previewed"]
    assert (stranger.nets(3), stranger.call("GET", PARKED)) == ([("INVOICE", D(august))], [])


@pytest.mark.parametrize(
    ("price", "last", "today", "credit"),
    [("1200.00", "2026-11-15", "2026-11-15", "151.23"), ("365.00", "2026-11-30", "2026-12-02", "31.00")],
)
def test_what_takes_back_is_of_its_day_and_a_cut_off_dates_nothing(
    stranger: Stranger, price: str, last: str, today: str, credit: str
) -> None:
    """Of a year that was billed at its start 46 and 31 days come back; meanwhile a run takes what was due in May."""
    group(stranger, contractDocumentDateDetermination="BILLING_PERIOD")
    stranger.clock("2026-01-01T10:00")
    stranger.customers(2)
    stranger.plan(price, billingInterval=YEAR)
    stranger.plan("10.00", ident="month")
    stranger.contract(startDate="2026-01-01")
    assert stranger.due("2026-01-03") == [("INVOICE", D(price))]
    stranger.end("v-1", last)
    assert stranger.due(today) == [("CREDIT_MEMO", D(credit))]
    invoice, memo = stranger.papers()
    assert (invoice["documentDate"], memo["documentDate"]) == ("2026-01-03", today)
    assert memo["relatedDocumentIdent"] == invoice["ident"]
    group(stranger, contractDocumentDateDetermination="DOCUMENT_CREATION")
    stranger.sign(0, plan="month", startDate="2026-10-01")
    run = stranger.previewed(cutoff="2026-10-15T00:00:00Z")
    assert stranger.approved(run["runIdent"])["billed"][0]["net"] == 10
    assert [one["documentDate"] for one in stranger.papers()[2:]] == [today]


@pytest.mark.parametrize(
    ("currency", "price", "may", "may_tax", "june", "june_tax"),
    [
        ("USD", "100.00", "1.0850", "17.51", "1.1000", "17.27"),  # 19.00 dollars each
        ("CHF", "250.00", "0.9372", "50.68", "0.9500", "50.00"),  # 47.50 francs
    ],
)
def test_a_currency_has_a_rate_or_is_refused(
    stranger: Stranger, currency: str, price: str, may: str, may_tax: str, june: str, june_tax: str
) -> None:
    stranger.plan(price, currency=currency)
    given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee", "quantity": 1}]}]
    assert stranger.findings("POST", CONTRACTS, a_contract(optionQuantities=given)) == ["planIdent"]
    stranger.rates((currency, "2026-05", may))
    stranger.contract()
    assert stranger.due("2026-05-11") == [("INVOICE", D(price))]
    assert stranger.due("2026-06-01") == []
    (waits,) = [one for one in stranger.listed(ITEMS) if one["processingStatus"] == "ERROR"]
    assert waits["statusReason"] == "EXCHANGE_RATE_MISSING" and currency in waits["processingError"]
    stranger.rates((currency, "2026-06", june))
    assert stranger.due("2026-06-01") == [("INVOICE", D(price))]
    told = [one["ledger"] for one in stranger.papers()]
    assert [D(str(one["exchangeRate"]["rate"])) for one in told] == [D(may), D(june)]
    assert [D(str(one["tax"])) for one in told] == [D(may_tax), D(june_tax)]
