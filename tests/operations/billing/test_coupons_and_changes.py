"""Coupons of contracts that change: an interval is reduced, and counted, once, whatever plan goes on in it."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.changed import FEE, change, papers, seats
from tests.factories.contracts import CONTRACTS
from tests.factories.coupons import coupon, reasons
from tests.factories.lives import act, days
from tests.factories.offices import Office, group

D = Decimal


@pytest.mark.parametrize(
    ("duration", "is_may_reduced"),
    [
        ({"duration": "ONCE"}, False),
        ({"duration": "LIMITED", "period": {"value": 2, "unit": "EVENT"}}, True),
        ({"duration": "LIMITED", "period": {"value": 10, "unit": "DAY"}}, False),
        ({"duration": "LIMITED", "period": {"value": 40, "unit": "DAY"}}, True),
    ],
)
@pytest.mark.parametrize(("amount_on", "off"), [("SUM", 6), ("UNIT_PRICE", 12)])
def test_an_interval_in_which_the_plan_changes_is_one_interval_of_its_coupon(
    office: Office, duration: Any, is_may_reduced: bool, amount_on: str, off: int
) -> None:
    office.plan("30.00")
    office.plan("60.00", ident="pro")
    coupon(office, amount="6.00", amountOn=amount_on, **duration)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=1, coupons=["welcome"])
    office.bill()
    office.clock("2026-04-16T10:00")
    change(office, planIdent="pro", optionMappings=[{"optionIdent": FEE, "becomes": "pro-fee"}])
    office.bill()
    office.clock("2026-04-21T10:00")
    change(office, optionQuantities=seats(2, "pro-fee"))
    days(office, "2026-04-21", "2026-05-01", "2026-06-01")
    # 15 days of 24, 5 of 54, 10 of 120 less what the coupon gives of two
    assert sum(net for _, net in papers(office)[:3]) == 12 + 9 + D(120 - off) / 3
    assert [net for _, net in papers(office)[3:]] == [120 - off if is_may_reduced else 120, 120]


def test_a_coupon_that_is_withdrawn_in_a_trial_has_not_been_used(office: Office) -> None:
    office.plan("30.00")
    coupon(office, percentage="50", limitTotal=1)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", coupons=["welcome"], trial={"duration": {"value": 14, "unit": "DAY"}})
    days(office, "2026-04-01", "2026-04-05")
    assert reasons(office) == ["coupon_used_up"]
    act(office, "withdraw-coupon", {"code": "welcome"})
    assert reasons(office) == []


def test_an_amount_off_the_sum_stays_that_amount_when_one_of_its_options_changes(office: Office) -> None:
    extra = {**OPTION, "optionIdent": "extra", "type": "QUANTITY", "status": "FINAL", "prices": [{"price": "30.00"}]}
    office.call("POST", OPTIONS, extra, 201)
    office.plan("30.00", phase={"linkedOptions": [{"optionIdent": FEE}, {"optionIdent": "extra", "minimum": 0}]})
    coupon(office, amount="6.00", amountOn="SUM", duration="FOREVER")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=1, coupons=["welcome"])
    office.bill()
    for day, quantity in (("2026-04-16", 1), ("2026-04-21", 3), ("2026-05-16", 1), ("2026-06-16", 0)):
        days(office, f"{day[:8]}01")
        office.clock(f"{day}T10:00")
        told = act(office, "preview", {"change": {"change": {"optionQuantities": seats(quantity, "extra")}}})
        change(office, optionQuantities=seats(quantity, "extra"))
        before = len(papers(office))
        office.bill()
        shown = [(one["documentType"], D(str(one["totals"]["net"]))) for one in told["now"]]
        assert shown == [(kind, abs(net)) for kind, net in papers(office)[before:]]
    found = office.tenant.rows(
        "SELECT to_char(period_start, 'YYYY-MM') AS month, sum(CASE WHEN type = 'CREDIT' THEN total ELSE -total END) AS off"
        " FROM billable_item WHERE origin_type = 'ALLOWANCE' AND document_id IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    assert [(row.month, row.off) for row in found] == [("2026-04", D(6)), ("2026-05", D(6)), ("2026-06", D(6))]


def two_options(office: Office) -> None:
    """30.00 each, 6.00 off both: 54.00 of April are billed."""
    extra = {**OPTION, "optionIdent": "extra", "type": "QUANTITY", "status": "FINAL", "prices": [{"price": "30.00"}]}
    office.call("POST", OPTIONS, extra, 201)
    office.plan("30.00", phase={"linkedOptions": [{"optionIdent": FEE}, {"optionIdent": "extra", "minimum": 0}]})
    coupon(office, amount="6.00", amountOn="SUM", duration="FOREVER")
    office.clock("2026-04-01T10:00")
    ordered = [{"optionIdent": FEE, "quantity": 1}, {"optionIdent": "extra", "quantity": 1}]
    office.contract(
        startDate="2026-04-01", coupons=["welcome"], optionQuantities=[{"phaseIdent": "p-1", "optionQuantity": ordered}]
    )
    office.bill()
    office.clock("2026-04-16T10:00")


@pytest.mark.parametrize("carries", [False, True])
@pytest.mark.parametrize(
    ("kind", "back", "carried"),
    [
        ("PRO_RATA", 15, [9, 24]),  # 15.00 less 1.50 that the coupon gave of it; 1.50 that it gives of the other one instead
        ("FULL", D("28.50"), [D("19.50")]),  # 4.50 more than May costs: of June
        ("NONE", D("1.50"), [D("22.50"), 24]),
    ],
)
def test_what_is_left_of_an_amount_when_an_option_goes_stands_with_what_is_given_back_for_it(
    office: Office, carries: bool, kind: str, back: D, carried: list[D]
) -> None:
    """One document, which names the invoice, now or with the next bill."""
    group(office, carryCredits=carries)
    two_options(office)
    change(office, optionQuantities=seats(0, "extra"), creditType=kind)
    days(office, "2026-04-16", "2026-05-01", "2026-06-01")
    expected = [54, *carried] if carries else [54, -back, 24, 24]
    assert [net for _, net in papers(office)] == expected
    second = office.tenant.rows("SELECT ident FROM document ORDER BY id")[1].ident
    assert [it["ident"] for it in office.call("GET", f"/v2/documents/{second}")["externalReferences"]] == ["RE-2026-000001"]
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert sum(net for _, net in papers(office)) == 0


@pytest.mark.parametrize("amount", [{"percentage": "50"}, {"amount": "15.00", "amountOn": "SUM"}])
@pytest.mark.parametrize("since", [{}, {"effectiveDate": "2026-04-16"}])
def test_an_interval_keeps_a_coupon_that_was_withdrawn_in_it_whatever_plan_goes_on(office: Office, since: Any, amount: Any) -> None:
    """What began before the withdrawal is reduced, what begins behind it is not."""
    office.plan("30.00")
    office.plan("60.00", ident="pro")
    coupon(office, **amount)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", coupons=["welcome"])
    days(office, "2026-04-01", "2026-04-10")
    act(office, "withdraw-coupon", {"code": "welcome"})
    days(office, "2026-05-06" if since else "2026-04-16")
    change(office, planIdent="pro", optionMappings=[{"optionIdent": FEE, "becomes": "pro-fee"}], **since)
    days(office, "2026-05-06", "2026-06-01")
    pro = D(15) if "percentage" in amount else D("22.50")
    assert sum(net for _, net in papers(office)) == D("7.50") + pro + 60 + 60


@pytest.mark.parametrize(
    ("model", "prices", "whole"),
    [("TIER_PRICE", (10, 8, 6), 480), ("VOLUME_PRICE", (10, 8, 6), 360), ("STAIR_STEP", (50, 150, 300), 300)],
)
@pytest.mark.parametrize("given", [{"percentage": "10"}, {"amount": "30.00", "amountOn": "SUM"}])
def test_a_coupon_reduces_what_is_priced_by_tiers(
    office: Office, model: str, prices: tuple[int, int, int], whole: int, given: dict[str, Any]
) -> None:
    """The row of the tiers is at a price for just its quantity; that of the coupon is of one."""
    tiers = [{"quantity": 10, "price": prices[0]}, {"quantity": 50, "price": prices[1]}, {"price": prices[2]}]
    office.plan(option={"type": "QUANTITY", "prices": [{"pricingModel": model, "priceTiers": tiers}]})
    coupon(office, duration="ONCE", **given)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=60, coupons=["welcome"])
    office.bill()
    less = D(30) if "amount" in given else D(whole) / 10
    assert [net for _, net in papers(office)] == [whole - less]
