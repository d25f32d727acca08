"""Examples of billing as a client lives them: all is done by requests while the clock is turned, and what came of it is read back by
requests alone. Every amount is worked out by hand, once as the example says it and once with other numbers."""

from typing import Any

import pytest
from tests.factories.catalogue import OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, TERM, YEAR, a_contract
from tests.factories.desks import ORDERS, TRADE_IN, a_line
from tests.factories.offices import D, a_group
from tests.factories.strangers import Stranger
from tests.factories.usages import USAGES, metered, per_unit, usage

SETTINGS, ITEMS = "/v2/tenant-settings", "/v2/billableitems/pageable"


# --- a contract that ends within the year that is billed at its end

DELAYED = {"timing": "INTERVAL_END_WITH_DELAY", "delayInSeconds": 172_800}


@pytest.mark.parametrize(
    ("price", "start", "last", "billed_on", "net", "config"),
    [
        ("1200.00", "2027-01-01", "2027-03-31", "2027-04-01", "295.89", {}),  # 90 of 365 days
        ("900.00", "2027-01-01", "2027-02-28", "2027-03-01", "145.48", {}),  # 59 of 365
        ("732.00", "2028-01-01", "2028-02-29", "2028-03-01", "120.00", {}),  # 60 of 366
        ("730.00", "2027-02-10", "2027-05-20", "2027-05-21", "200.00", {}),  # 100 of 365
        ("1200.00", "2027-01-01", "2027-03-31", "2027-04-03", "295.89", DELAYED),
    ],
)
def test_a_year_that_is_billed_at_its_end_is_billed_when_the_contract_ends(
    stranger: Stranger, price: str, start: str, last: str, billed_on: str, net: str, config: dict[str, object]
) -> None:
    stranger.clock(f"{start}T10:00")
    stranger.plan(price, billingInterval=YEAR, **{"timing": "INTERVAL_END", **config})
    stranger.contract(startDate=start)
    assert stranger.bill()["waiting"] == 1
    stranger.end("v-1", last)
    assert stranger.due(last, "21:00") == []  # an hour or two before midnight
    assert stranger.due(billed_on) == [("INVOICE", D(net))]
    (paper,) = stranger.papers()
    assert (paper["items"][0]["servicePeriod"], paper["documentDate"]) == ({"start": start, "end": last}, billed_on)
    stranger.clock("2029-06-01T10:00")
    assert stranger.bill()["documents"] == 0


@pytest.mark.parametrize(
    ("last", "quantity", "share", "used", "earned"),
    [("2027-03-31", 40, 25, "10.00", "300.00"), ("2027-01-20", 12, "7.5", "3.00", "90.00")],
)
def test_so_are_usages_and_commissions(stranger: Stranger, last: str, quantity: int, share: Any, used: str, earned: str) -> None:
    """Units at 0.25, and a share of 1,200.00; at once when the last day is over."""
    stranger.clock("2027-01-01T10:00")
    a_group(stranger)
    metered(stranger, [per_unit("0.25")], start="2027-01-01", interval=YEAR)
    stranger.plan("1200.00", ident="sold", billingInterval=YEAR)
    stranger.contract("v-sold", "sold", startDate="2027-01-01")
    stranger.partner(percentage=share, interval=YEAR)
    stranger.earning(of=("v-sold",), startDate="2027-01-01")
    stranger.call("POST", USAGES, usage("u-1", quantity, "2027-01-12"), 201)
    stranger.bill()
    assert stranger.nets() == [("INVOICE", D(1200))]
    stranger.end("v-1", last)
    stranger.end("p-1", last)
    assert stranger.due(last) == []
    assert sorted(stranger.due(last, "23:30")) == [("INVOICE", D(used)), ("SELF_BILLING_INVOICE", D(earned))]


# --- what was given and taken back limits nothing


@pytest.mark.parametrize(("price", "off", "tax"), [("10.00", "4.00", "1.90"), ("31.50", "12.25", "5.99")])
@pytest.mark.parametrize("what", ["contract", "order"])
def test_all_comes_back_when_what_reduced_it_was_taken_back(stranger: Stranger, price: str, off: str, tax: str, what: str) -> None:
    if what == "contract":
        stranger.plan(price)
        stranger.contract(lineItems=[a_line("sorry", off, debitCreditIndicator="CREDIT")])
    else:
        gross = (D(off) * D("1.19")).quantize(D("0.01"))
        discount = {**TRADE_IN, "itemType": "DISCOUNT_USE", "rowTotalNet": off, "rowTotalGross": str(gross)}
        stranger.order(lineItems=[a_line(net=price)], allowances=[discount])
    stranger.bill()
    if what == "contract":
        stranger.call("POST", f"{CONTRACTS}/v-1/lineItems/actions/cancel", {"idents": ["sorry"]})
    else:
        stranger.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["t"]}, 204)
    stranger.bill()
    assert stranger.nets() == [("INVOICE", D(price) - D(off)), ("INVOICE", D(off))]
    if what == "contract":
        stranger.cancel("v-1")
    else:
        stranger.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    stranger.bill()
    *invoices, memo = stranger.papers()
    assert stranger.documents()[2:] == [("CREDIT_MEMO", D(price), D(tax), D(price) + D(tax))]
    assert (stranger.owed(), stranger.accounts()) == (0, {})
    xml = stranger.ubl(memo)
    assert ">381<" in xml and all(f"<cbc:ID>{one['ident']}</cbc:ID>" in xml for one in invoices)
    assert memo["relatedDocumentIdents"] == [one["ident"] for one in invoices]


# --- usages that come late cost what they add to their own period


def tiers(model: str, *tiers: tuple[int | None, str], **more: Any) -> dict[str, Any]:
    priced = [{"price": price, **({"quantity": size} if size else {}), **more} for size, price in tiers]
    return {"pricingModel": model, "priceTiers": priced}


@pytest.mark.parametrize(
    ("cap", "ways"),
    [
        (
            "30.00",
            {  # what is used in May, what comes late; what May costs, what the late ones add
                "blocks": (tiers("CONTINGENT", (60, "20"), (60, "15"), type="FLAT"), 130, 10, "50.00", "0.00"),
                "tiers": (tiers("TIER_PRICE", (400, "0.17"), (None, "0.13")), 400, 100, "68.00", "13.00"),
                "volume": (tiers("VOLUME_PRICE", (100, "1.20"), (None, "1.00")), 101, 10, "101.00", "10.00"),
                "free": (tiers("TIER_PRICE", (250, "0.00"), (None, "0.02")), 200, 150, "0.00", "2.00"),
                "capped": (tiers("TIER_PRICE", (None, "1.00")), 25, 10, "25.00", "5.00"),
            },
        ),
        (
            "12.00",
            {
                "blocks": (tiers("CONTINGENT", (50, "30"), (25, "10"), type="FLAT"), 70, 10, "40.00", "10.00"),
                "tiers": (tiers("TIER_PRICE", (50, "0.20"), (None, "0.15")), 30, 40, "6.00", "7.00"),
                "volume": (tiers("VOLUME_PRICE", (10, "0.50"), (None, "0.40")), 8, 4, "4.00", "0.80"),
                "free": (tiers("TIER_PRICE", (10, "0.00"), (None, "1.50")), 4, 9, "0.00", "4.50"),
                "capped": (tiers("TIER_PRICE", (None, "0.75")), 10, 10, "7.50", "4.50"),
            },
        ),
    ],
)
def test_a_late_usage_goes_on_where_its_own_period_stood(
    stranger: Stranger, cap: str, ways: dict[str, tuple[dict[str, Any], int, int, str, str]]
) -> None:
    for ident, (price, *_) in ways.items():
        option = {"optionIdent": ident, "name": ident, "type": "USAGE", "status": "FINAL", "usePooling": True}
        capped = {"usageCap": cap} if ident == "capped" else {}
        stranger.call("POST", OPTIONS, {**option, **capped, "usagePrices": [price]}, 201)
    phase = {**PHASE, "linkedOptions": [{"optionIdent": ident} for ident in ways]}
    stranger.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    stranger.call("POST", CONTRACTS, a_contract(optionQuantities=[]), 201)
    for day, sent, wanted in (("2026-06-02", 1, 3), ("2026-07-02", 2, 4)):
        usages = [usage(f"{ident}-{sent}", way[sent], optionIdent=ident) for ident, way in ways.items()]
        stranger.call("POST", f"{USAGES}/actions/batch", {"usages": usages}, 201)
        assert stranger.due(day) == [("INVOICE", sum(D(str(way[wanted])) for way in ways.values()))]
        costs = dict.fromkeys(ways, D(0))
        for one in stranger.listed(f"{ITEMS}?search=invoiceIdent=={stranger.papers()[-1]['ident']}"):
            costs[one["originIdent"]] += D(str(one["rowTotalBase"]))
        assert costs == {ident: D(str(way[wanted])) for ident, way in ways.items()}
    assert {one["status"] for one in stranger.listed(f"{USAGES}/pageable")} == {"BILLED"}


# --- more is credited than billed


@pytest.mark.parametrize(
    ("alone", "option", "debit", "credit", "rest", "off"),
    [("40.00", "30.00", "100.00", "150.00", "50.00", "120.00"), ("7.77", "12.50", "10.00", "15.50", "5.50", "10.01")],
)
def test_credits_beyond_what_is_billed_are_memos_at_once(
    stranger: Stranger, alone: str, option: str, debit: str, credit: str, rest: str, off: str
) -> None:
    """An order with one credit, an option that credits, an order whose credit is larger, an allowance above its row; of four customers."""
    stranger.customers(5)
    credited = {"debitCreditIndicator": "CREDIT"}
    whose = [{"debtorOrderDetails": {"debtorIdent": f"k-{number}", "invoiceAddressIdent": f"a-{number}"}} for number in range(5)]
    stranger.order("o-0", lineItems=[a_line(net=alone, **credited)], **whose[0])
    stranger.plan(option, option=credited)
    stranger.sign(1)
    stranger.order("o-2", lineItems=[a_line(net=debit), a_line("l-2", credit, **credited)], **whose[2])
    gross = (D(off) * D("1.19")).quantize(D("0.01"))
    discount = {**TRADE_IN, "itemType": "DISCOUNT_USE", "rowTotalNet": off, "rowTotalGross": str(gross)}
    stranger.order("o-3", lineItems=[a_line(net=debit)], allowances=[discount], **whose[3])
    later = {"processingConfig": {"type": "AT_DATE", "date": "2026-09-01"}}
    stranger.order("o-4", lineItems=[a_line(processingConfig={"type": "ON_HOLD"}), a_line("l-2", **later)], **whose[4])
    stranger.bill()
    memos = [D(alone), D(option), D(rest), D(off) - D(debit)]
    assert stranger.nets() == [("CREDIT_MEMO", net) for net in memos]
    for paper in stranger.papers():
        xml = stranger.ubl(paper)
        assert ">381<" in xml and "<cac:InvoicePeriod>" in xml and "BillingReference" not in xml
        assert "relatedDocumentIdent" not in paper
    waiting = [one.get("statusReason") for one in stranger.listed(ITEMS) if one["processingStatus"] != "COMPLETED"]
    assert sorted(waiting) == ["NOT_DUE_YET", "ON_HOLD"]


# --- by 365 days


@pytest.mark.parametrize(
    ("price", "unit", "start", "ends", "credits"),
    [
        # half of 365 days are 182.5: 183 of them cost no more than all; 182, 181 and 91 cost 598.36, 595.07 and 299.18
        ("600.00", "HALF_YEAR", "2026-07-02", ("2026-12-30", "2026-12-29", "2026-09-30"), ("1.64", "3.29", "295.89", "299.18")),
        # 365 days of a leap year; 364, 354 and 59 of 365
        ("730.00", "YEAR", "2028-01-02", ("2028-12-30", "2028-12-20", "2028-02-29"), ("2.00", "20.00", "590.00", "118.00")),
    ],
)
def test_parts_by_365_days_never_cost_more_than_the_whole(
    stranger: Stranger, price: str, unit: str, start: str, ends: tuple[str, ...], credits: tuple[str, ...]
) -> None:
    stranger.clock(f"{start}T10:00")
    interval = {"billingInterval": {"value": 1, "unit": unit}, "syncBillingToBillingIntervalUnit": True}
    stranger.plan(price, dayCount="ACT_365", **interval)
    stranger.contract(startDate=start)
    stranger.bill()
    stranger.end("v-1", ends[0])
    stranger.bill()
    for end in ends[1:]:
        stranger.end("v-1", end, "termination-adaptation")
        stranger.bill()
    stranger.cancel("v-1")
    stranger.bill()
    assert stranger.nets() == [("INVOICE", D(price)), *(("CREDIT_MEMO", D(credit)) for credit in credits)]
    assert (stranger.owed(), stranger.accounts()) == (0, {})


# --- notice


def notice(value: int, unit: str, **term: Any) -> dict[str, Any]:
    """A phase, of a term or without end, with this period of notice."""
    return {**term, "noticePeriod": {"value": value, "unit": unit}}


@pytest.mark.parametrize(
    ("phase", "start", "noticed", "last", "until", "then"),
    [
        ({}, "2026-12-01", "2026-12-01", "2026-12-01", "31.00", ("CREDIT_MEMO", "30.00")),
        (notice(1, "MONTH"), "2026-12-01", "2026-12-15", "2027-01-15", "31.00", ("INVOICE", "15.00")),
        (notice(3, "MONTH", **TERM), "2026-01-01", "2026-10-01", "2027-12-31", "310.00", ("INVOICE", "434.00")),  # of ten months
        (notice(3, "MONTH", **TERM), "2026-01-01", "2026-09-30", "2026-12-31", "279.00", ("INVOICE", "93.00")),  # of nine
        (notice(14, "DAY"), "2026-05-01", "2026-05-10", "2026-05-24", "31.00", ("CREDIT_MEMO", "7.00")),
        (notice(2, "WEEK"), "2028-02-01", "2028-02-15", "2028-02-29", "31.00", None),
    ],
)
def test_a_notice_is_served_in_full_and_billed_to_its_last_day(
    stranger: Stranger, phase: Any, start: str, noticed: str, last: str, until: str, then: tuple[str, str] | None
) -> None:
    """31.00 a month."""
    stranger.clock(f"{start}T10:00")
    stranger.plan("31.00", phase=phase)
    stranger.contract(startDate=start)
    assert stranger.due(noticed) == [("INVOICE", D(until))]
    ended = stranger.call("POST", f"{CONTRACTS}/v-1/actions/terminate", {})
    assert (ended["noticeDate"], ended["endDate"]) == (noticed, last)
    assert stranger.due("2028-03-01") == ([(then[0], D(then[1]))] if then else [])
    assert stranger.due("2028-06-01") == []


# --- a start long ago


@pytest.mark.parametrize(
    ("limit", "dates", "net"),
    [
        (24, {"startDate": "2007-01-01", "billingStartDate": "2024-03-01"}, "270.00"),  # 27 months
        (3, {"startDate": "2026-01-01"}, "50.00"),
    ],
)
def test_what_began_long_ago_is_billed_when_that_is_meant(stranger: Stranger, limit: int, dates: dict[str, str], net: str) -> None:
    stranger.call("PATCH", SETTINGS, {"backdatingLimitMonths": limit})
    stranger.plan("10.00")
    given = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee", "quantity": 1}]}]
    for when in (dates, {"startDate": "2007-01-01"}):  # a typo
        refused = stranger.call("POST", CONTRACTS, a_contract(optionQuantities=given, **when), 400)
        assert [one["fieldName"] for one in refused["errors"]] == ["startDate"]
        assert f"{limit} months" in str(refused) and "allowBackdating" in str(refused)
    assert stranger.due("2026-05-10") == []
    stranger.contract("v-old", startDate="2007-01-01", billingStartDate="2026-05-10")  # taken over
    stranger.contract(**dates, allowBackdating=True)
    assert stranger.due("2026-05-10") == [("INVOICE", D(net))]
    assert stranger.due("2026-06-01") == [("INVOICE", D(20))]
