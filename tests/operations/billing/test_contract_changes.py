"""A contract is changed while it runs: what is billed already is corrected to the cent, what is agreed for later waits for its day."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.changed import FEE, begun, change, own_price, papers, rows_of_last, seats
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office, a_group, group

D = Decimal


def test_s1_a_price_in_the_middle_of_a_month(office: Office) -> None:
    office.plan("30.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01")
    office.bill()
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(15))]
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office)[2:] == [("INVOICE", D(60))]


def test_s2_a_price_in_a_period_that_was_clipped(office: Office) -> None:
    office.plan("29.90")
    office.clock("2027-01-31T10:00")
    office.contract(startDate="2027-01-31")
    office.bill()
    office.clock("2027-02-28T10:00")
    office.bill()
    office.clock("2027-03-10T10:00")
    change(office, optionPrices=own_price("49.90"))
    office.bill()
    assert papers(office) == [("INVOICE", D("29.90")), ("INVOICE", D("29.90")), ("INVOICE", D("13.55"))]
    assert rows_of_last(office) == [(D("-20.25"), "2027-03-10"), (D("33.80"), "2027-03-10")]


def test_s3_further_seats(office: Office) -> None:
    office.plan("10.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=5)
    office.bill()
    office.clock("2026-04-11T10:00")
    change(office, optionQuantities=seats(8))
    office.bill()
    assert papers(office) == [("INVOICE", D(50)), ("INVOICE", D(20))]


def test_s4_up_and_down_within_a_month(office: Office) -> None:
    office.plan("30.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01")
    office.bill()
    office.clock("2026-04-11T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    assert rows_of_last(office) == [(D(-20), "2026-04-11"), (D(40), "2026-04-11")]
    office.clock("2026-04-21T10:00")
    change(office, optionPrices=own_price("45.00"))
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(20)), ("CREDIT_MEMO", D(-5))]
    assert sorted(rows_of_last(office)) == [(D(-15), "2026-04-21"), (D(20), "2026-04-21")]  # a credit memo shows what it gives
    assert sum(net for _, net in papers(office)) == D(45)


def test_in_arrears_nothing_is_given_back_and_the_bill_has_two_parts(office: Office) -> None:
    begun(office, timing="INTERVAL_END")
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    assert papers(office) == []
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office) == [("INVOICE", D(45))]
    assert rows_of_last(office) == [(D(15), "2026-04-01"), (D(30), "2026-04-16")]


@pytest.mark.parametrize(
    ("kind", "billed"),
    [("PRO_RATA", D(15)), ("FULL", D(0)), ("NONE", D(30)), ("LAST_INVOICED", D(15))],
)
def test_the_credit_type_says_what_is_given_back_and_nothing_else(office: Office, kind: str, billed: D) -> None:
    begun(office)
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("60.00"), creditType=kind)
    office.bill()
    assert sum(net for _, net in papers(office)) == 30 + billed
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office)[-1] == ("INVOICE", D(60))
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-15"})
    office.bill()
    (day_of_60,) = [D("30.97")]  # 60 less 15 days of 31
    assert papers(office)[-1] == ("CREDIT_MEMO", -day_of_60)


def test_what_was_given_back_in_full_stays_given_when_its_change_is_dated_back(office: Office) -> None:
    begun(office)
    office.clock("2026-04-11T10:00")
    change(office, optionQuantities=seats(2), creditType="FULL")
    office.bill()
    assert papers(office)[1:] == [("INVOICE", D(10))]  # 20 of 30 days of 60, and all of the 30, of which 10 were used
    change(office, optionQuantities=seats(2), effectiveDate="2026-04-01")
    office.bill()
    assert sum(net for _, net in papers(office)) == D(50)  # 60 less the 10


def test_of_two_changes_for_one_day_the_later_counts_and_the_earlier_leaves_no_trace(office: Office) -> None:
    begun(office)
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("90.00"))
    change(office, optionQuantities=seats(4), optionPrices=own_price("20.00"))
    change(office, optionPrices=own_price("60.00"), optionQuantities=seats(1))
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(15))]
    assert rows_of_last(office) == [(D(-15), "2026-04-16"), (D(30), "2026-04-16")]


def test_a_change_of_the_day_that_was_billed_is_changed_again(office: Office) -> None:
    begun(office)
    office.clock("2026-04-16T10:00")
    for price, net in (("60.00", D(15)), ("90.00", D(15)), ("60.00", D(-15)), ("30.00", D(-15))):
        change(office, optionPrices=own_price(price))
        office.bill()
        assert papers(office)[-1][1] == net
    assert sum(net for _, net in papers(office)) == D(30)


def test_what_is_agreed_for_later_waits_is_shown_and_can_be_withdrawn(office: Office) -> None:
    begun(office)
    made = change(office, optionPrices=own_price("60.00"), timing="END_OF_PERIOD")
    assert (made["hasPendingChange"], [it["effectiveDate"] for it in made["changes"]]) == (True, ["2026-05-01"])
    office.clock("2026-04-20T10:00")
    assert [one["totals"]["net"] for one in office.call("POST", f"{CONTRACTS}/v-1/actions/preview", {})["next"]] == [60]
    taken = office.call("POST", f"{CONTRACTS}/v-1/actions/withdraw-change", {})
    assert (taken["hasPendingChange"], taken["changes"]) == (False, [])
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(30))]
    listed = office.call("GET", f"{CONTRACTS}/v-1/changes")["_embedded"]
    assert [(it["status"], it["changedBy"]) for it in listed] == [("WITHDRAWN", office.tenant.actor)]


def test_what_is_agreed_for_a_day_takes_effect_on_it(office: Office) -> None:
    begun(office)
    change(office, optionPrices=own_price("60.00"), effectiveDate="2026-04-16")
    change(office, optionQuantities=seats(2), timing="END_OF_PERIOD")
    office.bill()
    assert papers(office) == [("INVOICE", D(30))]
    office.clock("2026-04-16T10:00")
    office.bill()
    assert papers(office)[1:] == [("INVOICE", D(15))]
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office)[2:] == [("INVOICE", D(120))]
    (made,) = office.call("GET", f"{CONTRACTS}?search=contractIdent==v-1")
    assert [(it["status"], it["effectiveDate"]) for it in made["changes"]] == [
        ("EFFECTIVE", "2026-04-16"),
        ("EFFECTIVE", "2026-05-01"),
    ]
    answer = office.call("POST", f"{CONTRACTS}/v-1/actions/withdraw-change", {"changeId": made["changes"][0]["changeId"]}, 409)
    assert "agree another change" in str(answer)


def test_backdated_over_two_intervals(office: Office) -> None:
    begun(office)
    for day in ("2026-05-01T10:00", "2026-06-01T10:00"):
        office.clock(day)
        office.bill()
    office.clock("2026-06-10T10:00")
    change(office, optionPrices=own_price("60.00"), effectiveDate="2026-04-16")
    office.bill()
    # April 15 more, May and June 30 more each
    assert sum(net for _, net in papers(office)) == 90 + D(75)
    assert papers(office)[3:] == [("INVOICE", D(75))]
    assert (
        change(office, 400, optionPrices=own_price("60.00"), effectiveDate="2024-04-16")["errors"][0]["fieldName"]
        == "effectiveDate"
    )


def test_the_day_of_a_backdated_change_may_lie_before_those_of_others(office: Office) -> None:
    begun(office)
    office.clock("2026-04-26T10:00")
    change(office, optionPrices=own_price("60.00"), effectiveDate="2026-04-21")
    office.bill()
    change(office, optionQuantities=seats(3), effectiveDate="2026-04-11")
    office.bill()
    # 10 days of 30, 10 of 90, 10 of 180
    assert sum(net for _, net in papers(office)) == D(10) + 30 + 60


@pytest.mark.parametrize(
    ("plan", "price", "to", "day", "net"),
    [
        ({"dayCount": "30E_360"}, "30.00", "60.00", "2026-04-16", D(15)),
        ({"dayCount": "30E_360"}, "29.90", "49.90", "2026-04-11", D("13.34")),  # 29.90 - 9.97 = 19.93; 33.27
        ({"billingInterval": {"value": 1, "unit": "QUARTER"}}, "91.00", "182.00", "2026-05-01", D(61)),  # 61 of 91 days
        ({"currency": "JPY"}, "1000", "2500", "2026-04-11", D(1000)),  # used 333: 667 back; 1667
    ],
)
def test_other_calendars_and_currencies(office: Office, plan: Any, price: str, to: str, day: str, net: D) -> None:
    if plan.get("currency"):
        office.rates(("JPY", "2026-03", "160.00"), ("JPY", "2026-04", "160.00"), ("JPY", "2026-05", "160.00"))
    begun(office, price, **plan)
    office.clock(f"{day}T10:00")
    change(office, optionPrices=own_price(to))
    office.bill()
    assert papers(office)[1:] == [("INVOICE", net)]


def test_gross_prices_at_a_reduced_rate(office: Office) -> None:
    reduced = {"price": "10.70", "netGrossIndicator": "GROSS", "taxCode": "REDUCED"}
    begun(office, option={"prices": [reduced]})
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=[{"optionIdent": FEE, "prices": [{**reduced, "price": "21.40"}]}])
    office.bill()
    assert [(kind, gross, tax) for kind, _, tax, gross in office.documents()] == [
        ("INVOICE", D("10.70"), D("0.70")),
        ("INVOICE", D("5.35"), D("0.35")),
    ]


def test_what_is_owed_to_a_customer_waits_for_its_next_bill_where_the_group_says_so(office: Office) -> None:
    group(office, carryCredits=True)
    begun(office, "60.00")
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("30.00"))
    office.bill()
    assert len(papers(office)) == 1
    waiting = office.call("GET", f"{CONTRACTS}/v-1/upcoming-items")["items"]
    assert [(it["reason"]["code"], it["total"]) for it in waiting[:2]] == [("CREDIT_CARRIED", 15), ("CREDIT_CARRIED", 30)]
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office)[1:] == [("INVOICE", D(15))]
    office.clock("2026-05-16T10:00")
    change(office, optionPrices=own_price("10.00"))
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    office.bill()
    assert papers(office)[2:] == [("CREDIT_MEMO", D("-13.87"))]  # there is no next bill: 15.48 less 5 days of 10.00
    # 15 days of 30, 5 days of 10
    assert sum(net for _, net in papers(office)) == D(45) + D("14.52") + D("1.61")


def test_an_allowance_is_split_as_its_price(office: Office) -> None:
    office.plan("30.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01")
    tenth = {"ident": "a-1", "name": "Ten", "type": "PERCENTAGE", "percentage": 10}
    office.call("POST", f"{CONTRACTS}/v-1/allowances", {"optionIdent": FEE, **tenth}, 201)
    office.call("POST", f"{CONTRACTS}/v-1/allowances", {"ident": "a-2", "optionIdent": FEE, "name": "Three", "amount": 3}, 201)
    office.bill()
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    # 30 - 3 - 3 = 24, half of it used; half of 60 - 6 - 3 = 51
    assert papers(office) == [("INVOICE", D(24)), ("INVOICE", D("13.5"))]
    office.clock("2026-04-21T10:00")
    change(office, optionQuantities=seats(2))
    office.bill()
    assert sum(net for _, net in papers(office)) == D(12) + D("8.50") + 35  # 10 of 30 days of 120 - 12 - 3


def test_an_extraordinary_end_gives_back_what_changed_terms_billed(office: Office) -> None:
    begun(office)
    office.clock("2026-04-11T10:00")
    change(office, optionQuantities=seats(4))
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-04-20"})
    office.bill()
    assert sum(net for _, net in papers(office)) == D(10) + 40
    assert "behind the end" in str(change(office, 400, optionQuantities=seats(2), effectiveDate="2026-05-20"))


def test_documents_that_are_corrected_as_a_whole(office: Office) -> None:
    group(office, documentCorrectionMode="DOCUMENT_BASED")
    begun(office)
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    assert sum(net for _, net in papers(office)) == D(45)
    office.clock("2026-04-21T10:00")
    change(office, optionPrices=own_price("30.00"))
    office.bill()
    assert sum(net for _, net in papers(office)) == D(15) + 10 + 10


def test_how_it_is_billed_changes_on_the_day(office: Office) -> None:
    a_group(office)
    begun(office)
    change(office, businessSegmentIdent="special", effectiveDate="2026-05-01")
    office.clock("2026-05-01T10:00")
    office.bill()
    groups = office.tenant.rows("SELECT billing_group_ident FROM document ORDER BY id")
    assert [row.billing_group_ident for row in groups] == ["external", "special"]


def test_a_preview_shows_a_change_and_leaves_nothing(office: Office) -> None:
    begun(office)
    office.clock("2026-04-16T10:00")
    body = {"change": {"change": {"optionPrices": own_price("60.00")}}}
    told = office.call("POST", f"{CONTRACTS}/v-1/actions/preview", body)
    assert [one["totals"]["net"] for one in (*told["now"], *told["next"])] == [15, 60]
    assert office.tenant.rows("SELECT 1 FROM contract_change") == []


def test_everything_that_is_wrong_is_said_at_once(office: Office) -> None:
    begun(office)
    body = {
        "optionQuantities": [*seats(0), *seats(1, "nothing")],
        "optionPrices": own_price("1.00", "nothing"),
        "invoiceAddressIdent": "nowhere",
        "businessSegmentIdent": "none",
        "effectiveDate": "2026-03-31",
    }
    answer = change(office, 400, **body)
    assert sorted(it["fieldName"] for it in answer["errors"]) == ["effectiveDate"]
    assert sorted(it["fieldName"] for it in change(office, 400, **{**body, "effectiveDate": "2026-04-03"})["errors"]) == [
        "businessSegmentIdent",
        "invoiceAddressIdent",
        "optionPrices[0].optionIdent",
        "optionQuantities[0].quantity",
        "optionQuantities[1].optionIdent",
    ]
    assert "nothing that would be otherwise" in str(change(office, 400))


def test_what_stands_on_a_credit_memo_is_taken_back_all_the_same(office: Office) -> None:
    begun(office, "60.00")
    for day, price in (("11", "30.00"), ("21", "15.00")):
        office.clock(f"2026-04-{day}T10:00")
        change(office, optionPrices=own_price(price))
        office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-04-25"})
    office.bill()
    assert papers(office) == [("INVOICE", D(60)), ("CREDIT_MEMO", D(-20)), ("CREDIT_MEMO", D(-5)), ("CREDIT_MEMO", D("-2.50"))]
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert sum(net for _, net in papers(office)) == 0
