"""Coupons: counted to the last one, and shown on documents as allowances of their options, to the cent."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import MONTH, OPTION, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.coupons import COUPONS, coupon, reasons
from tests.factories.offices import Office
from tests.factories.tenants import Tenant

D = Decimal


def redeem(office: Office, code: str = "welcome", contract: str = "v-1", status: int = 201, **more: Any) -> Any:
    return office.call("POST", f"{CONTRACTS}/{contract}/actions/redeem-coupon", {"code": code, **more}, status)


SAID = {
    "coupon_repeated": "has coupon",
    "coupon_of_past_period": "is before the next period",
    "coupon_not_redeemed": "has no coupon",
    "coupon_withdrawn": "was withdrawn",
    "coupon_premature": "is valid from",
    "coupon_not_for_plan": "does not hold for plan",
    "coupon_unknown": "does not exist",
    "coupon_not_combinable": "holds only alone",
    "allowance_of_coupon": "is what coupon",
    "coupon_redeemed": "was redeemed",
    "coupon_period_unclear": "belongs to the duration LIMITED",
    "coupon_value_missing": "is what a coupon of type",
    "coupon_value_not_expected": "is not what a coupon of type",
    "validity_ends_before_it_begins": "is before the first day",
    "too_many_decimals": "decimal",
    "allowance_in_use": "can only end earlier",
}
"""What the words of a finding are by its code."""


def codes(answer: Any) -> list[str]:
    return [code for error in answer["errors"] for code, words in SAID.items() if words in error["error"]]


def places(answer: Any) -> list[tuple[str, str]]:
    return list(zip(codes(answer), [error["fieldName"] for error in answer["errors"]], strict=True))


def rows(office: Office) -> list[tuple[str, str, D]]:
    """Of all documents in their order: option or "coupon", direction, amount."""
    found = office.tenant.rows(
        "SELECT origin_type, origin_ident, type, total FROM billable_item WHERE document_id IS NOT NULL ORDER BY document_id, item_id"
    )
    return [("coupon" if row.origin_type == "ALLOWANCE" else row.origin_ident, row.type, row.total) for row in found]


def months(office: Office, *days: str) -> list[D]:
    """What each month comes to, net."""
    for day in days:
        office.clock(f"{day}T10:00")
        office.bill()
    return [net for _, net, _, _ in office.documents()]


@pytest.mark.parametrize(
    ("basis", "price", "quantity", "document"),
    [
        # 5.00 off each unit of 4 x 3.00 leaves nothing, of 4 x 8.00 it leaves 12.00
        ("NET", "3.00", 4, (D(0), D(0), D(0))),
        ("NET", "8.00", 4, (D(12), D("2.28"), D("14.28"))),
        ("GROSS", "8.00", 4, (D("10.08"), D("1.92"), D(12))),
        ("GROSS", "3.00", 4, (D(0), D(0), D(0))),
    ],
)
def test_an_amount_off_the_unit_price_leaves_quantity_times_the_reduced_price(
    office: Office, basis: str, price: str, quantity: int, document: tuple[D, D, D]
) -> None:
    office.plan(price, option={"prices": [{"price": price, "netGrossIndicator": basis}]})
    coupon(office, amount="5.00", amountOn="UNIT_PRICE", duration="FOREVER")
    office.contract(quantity=quantity, coupons=["welcome"])
    office.bill()
    assert office.documents() == [("INVOICE", *document)]
    whole = D(price) * quantity
    assert rows(office) == [("basic-fee", "DEBIT", whole), ("coupon", "CREDIT", min(D(20), whole))]


def test_an_amount_off_the_sum_is_shared_by_what_each_option_costs_and_bears_its_tax(office: Office) -> None:
    options = (("line", "20.00", "STANDARD"), ("book", "10.00", "REDUCED"))
    for ident, price, tax in options:
        body = {**OPTION, "optionIdent": ident, "name": ident, "status": "FINAL", "prices": [{"price": price, "taxCode": tax}]}
        office.call("POST", OPTIONS, body, 201)
    linked = [{"optionIdent": ident} for ident, _, _ in options]
    phase = {**PHASE, "billingConfig": {"billingInterval": MONTH}, "linkedOptions": linked}
    office.call("POST", PLANS, {**PLAN, "phases": [phase]}, 201)
    coupon(office, amount="5.00", amountOn="SUM")
    quantities = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": ident} for ident, _, _ in options]}]
    body = a_contract("v-1", planIdent="basic", optionQuantities=quantities, coupons=["welcome"])
    office.call("POST", CONTRACTS, body, 201)
    office.bill()
    # largest remainder: 3.33 and 1.67; (20 - 3.33) x 19 % + (10 - 1.67) x 7 %
    assert rows(office) == [
        ("line", "DEBIT", D(20)),
        ("coupon", "CREDIT", D("3.33")),
        ("book", "DEBIT", D(10)),
        ("coupon", "CREDIT", D("1.67")),
    ]
    assert office.documents() == [("INVOICE", D(25), D("3.75"), D("28.75"))]


def test_an_amount_off_the_sum_does_not_grow_with_the_quantity(office: Office) -> None:
    office.plan("8.00")
    coupon(office, amount="5.00", amountOn="SUM")
    office.contract(quantity=4, coupons=["welcome"])
    office.bill()
    assert office.documents() == [("INVOICE", D(27), D("5.13"), D("32.13"))]


@pytest.mark.parametrize(
    ("duration", "nets"),
    [
        ({"duration": "ONCE"}, ["8", "10", "10", "10"]),
        ({"duration": "LIMITED", "period": {"value": 2}}, ["8", "8", "10", "10"]),
        ({"duration": "LIMITED", "period": {"value": 3, "unit": "EVENT"}}, ["8", "8", "8", "10"]),
        # 45 days from 1 May end on 14 June: the interval of June has begun and keeps it
        ({"duration": "LIMITED", "period": {"value": 45, "unit": "DAY"}}, ["8", "8", "10", "10"]),
        ({"duration": "LIMITED", "period": {"value": 1, "unit": "MONTH"}}, ["8", "10", "10", "10"]),
        ({"duration": "LIMITED", "period": {"value": 1, "unit": "QUARTER"}}, ["8", "8", "8", "10"]),
        ({"duration": "FOREVER"}, ["8", "8", "8", "8"]),
    ],
)
def test_a_coupon_reduces_the_intervals_that_begin_in_its_duration(
    office: Office, duration: dict[str, Any], nets: list[str]
) -> None:
    office.plan("10.00")
    coupon(office, **duration)
    office.contract(coupons=["welcome"])
    assert months(office, "2026-05-10", "2026-06-10", "2026-07-10", "2026-08-10") == [D(net) for net in nets]


def test_a_coupon_that_is_redeemed_later_begins_with_the_next_interval_or_with_a_day(office: Office) -> None:
    office.plan("10.00")
    coupon(office, duration="LIMITED", period={"value": 1})
    office.contract()
    office.bill()
    redeemed = redeem(office)
    assert (redeemed["code"], redeemed["validFrom"]) == ("welcome", "2026-06-01")
    office.contract("v-2")
    past = redeem(office, contract="v-1", status=400, validFrom="2026-05-01")
    assert codes(past) == ["coupon_repeated", "coupon_of_past_period"]
    redeem(office, contract="v-2", validFrom="2026-07-01")
    # v-1: 10, 8, 10, 10; v-2: its May and June, then July reduced
    assert months(office, "2026-05-11", "2026-06-10", "2026-07-10", "2026-08-10") == [D(n) for n in (10, 10, 18, 18, 20)]
    assert [entry["code"] for entry in office.call("GET", f"{CONTRACTS}/v-1/coupons")] == ["welcome"]


def test_a_contract_without_start_is_reduced_from_its_first_day_on(office: Office) -> None:
    office.plan("10.00")
    coupon(office, duration="LIMITED", period={"value": 1, "unit": "MONTH"})
    office.contract(startDate=None, coupons=["welcome"])
    office.clock("2026-07-03T10:00")
    office.call("POST", f"{CONTRACTS}/v-1/actions/activate", {"startDate": "2026-07-01"}, 204)
    assert office.call("GET", f"{CONTRACTS}/v-1/coupons")[0]["validFrom"] == "2026-07-01"
    assert months(office, "2026-07-03", "2026-08-03") == [D(8), D(10)]


def test_a_short_interval_has_its_share_and_gives_it_back_with_its_option(office: Office) -> None:
    office.clock("2026-04-01T10:00")
    office.plan("30.00")
    coupon(office, duration="FOREVER", percentage="50")
    office.contract(startDate="2026-04-01", coupons=["welcome"])
    office.bill()
    office.clock("2026-04-10T10:00")
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    office.bill()
    # 20 of 30 days are given back: 20.00, and half of it
    assert rows(office)[2:] == [("basic-fee", "CREDIT", D(20)), ("coupon", "DEBIT", D(10))]


def test_withdrawn_before_an_interval_had_it_a_redemption_counts_no_more(office: Office) -> None:
    office.plan("10.00")
    coupon(office, duration="FOREVER", limitTotal=1, limitPerCustomer=1)
    office.contract()
    office.bill()
    redeem(office)
    assert office.call("GET", f"{COUPONS}/welcome")["state"] == "USED_UP"
    withdrawn = office.call("POST", f"{CONTRACTS}/v-1/actions/withdraw-coupon", {"code": "welcome"})
    assert withdrawn["withdrawnAt"]
    found = office.call("GET", f"{COUPONS}/welcome")
    assert (found["usages"], found["state"]) == (0, "VALID")
    redeem(office)
    assert months(office, "2026-06-10") == [D(10), D(8)]
    office.call("POST", f"{CONTRACTS}/v-1/actions/withdraw-coupon", {"code": "welcome"})
    assert months(office, "2026-07-10") == [D(10), D(8), D(10)]
    assert office.call("GET", f"{COUPONS}/welcome")["usages"] == 1  # an interval had it
    again = office.call("POST", f"{CONTRACTS}/v-1/actions/withdraw-coupon", {"code": "welcome"}, 409)
    assert codes(again) == ["coupon_not_redeemed"]
    assert [bool(entry.get("withdrawnAt")) for entry in office.call("GET", f"{CONTRACTS}/v-1/coupons")] == [True, True]


def test_what_an_end_has_given_back_was_had(office: Office) -> None:
    """The allowance stays with the items that name it."""
    office.plan("10.00")
    coupon(office, duration="FOREVER")
    office.contract(coupons=["welcome"])
    office.bill()
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/withdraw-coupon", {"code": "welcome"})
    office.bill()
    assert office.call("GET", f"{COUPONS}/welcome")["usages"] == 1
    assert len(office.call("GET", f"{CONTRACTS}/v-1/allowances")["_embedded"]) == 1


def test_every_reason_is_said_at_once(office: Office) -> None:
    office.plan("10.00")
    office.plan("10.00", ident="other")
    coupon(office, validFrom="2026-06-01", plans=["other"], limitTotal=1)
    assert reasons(office, planIdent="basic") == ["coupon_premature", "coupon_not_for_plan"]
    assert reasons(office, planIdent="other", date="2026-06-01") == []
    assert reasons(office, optionIdents=["basic-fee"], customerIdent="muster-handel") == ["coupon_premature"]
    office.call("POST", f"{COUPONS}/welcome/actions/withdraw")
    assert office.call("POST", f"{COUPONS}/welcome/actions/withdraw")["state"] == "WITHDRAWN"
    office.contract()
    assert reasons(office, contractIdent="v-1") == ["coupon_withdrawn", "coupon_premature", "coupon_not_for_plan"]
    assert codes(redeem(office, status=400)) == ["coupon_withdrawn", "coupon_premature", "coupon_not_for_plan"]
    office.call("POST", f"{COUPONS}/none/actions/check", {}, 404)
    assert codes(redeem(office, "none", status=400)) == ["coupon_unknown"]
    body = a_contract("v-2", planIdent="basic", coupons=["welcome", "none", "welcome"])
    body["optionQuantities"] = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "basic-fee"}]}]
    assert places(office.call("POST", CONTRACTS, body, 400)) == [
        ("coupon_withdrawn", "coupons[0]"),
        ("coupon_premature", "coupons[0]"),
        ("coupon_not_for_plan", "coupons[0]"),
        ("coupon_unknown", "coupons[1]"),
        ("coupon_repeated", "coupons[2]"),
    ]


def test_limits_options_currency_and_combination_are_kept(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    office.contract("v-2")
    coupon(office, "once", limitPerCustomer=1)
    coupon(office, "alone", combination="ALONE")
    coupon(office, "dollars", amount="5.00", currency="USD")
    coupon(office, "not-this", excludedOptions=["basic-fee"])
    redeem(office, "once")
    assert reasons(office, "once", contractIdent="v-2") == ["coupon_used_up_by_customer"]
    assert reasons(office, "alone", contractIdent="v-1") == ["coupon_not_combinable"]
    assert reasons(office, "once", contractIdent="v-1") == ["coupon_used_up_by_customer", "coupon_repeated"]
    assert reasons(office, "dollars", contractIdent="v-1") == ["coupon_of_other_currency"]
    assert reasons(office, "not-this", contractIdent="v-1") == ["coupon_not_for_options"]
    redeem(office, "alone", "v-2")
    coupon(office, "third")
    assert codes(redeem(office, "third", "v-2", status=400)) == ["coupon_not_combinable"]
    redeem(office, "third", "v-1")
    first = next(one for one in office.call("GET", f"{CONTRACTS}/pageable")["_embedded"] if one["contractIdent"] == "v-1")
    assert [one["code"] for one in first["coupons"]] == ["once", "third"]


def test_what_a_coupon_gives_changes_with_it_alone(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    coupon(office)
    redeem(office)
    (given,) = office.call("GET", f"{CONTRACTS}/v-1/allowances")["_embedded"]
    assert (given["couponCode"], given["intervals"], given["percentage"]) == ("welcome", 1, 20)
    path = f"{CONTRACTS}/v-1/allowances/{given['ident']}"
    change = {"optionIdent": "basic-fee", "name": "Other", "type": "PERCENTAGE", "percentage": "90"}
    assert codes(office.call("PUT", path, change, 400)) == ["allowance_of_coupon"]
    assert codes(office.call("DELETE", path, None, 409)) == ["allowance_of_coupon"]


def test_a_coupon_that_was_redeemed_keeps_what_it_gives(office: Office) -> None:
    office.plan("10.00")
    office.contract()
    made = coupon(office, limitTotal=3, campaign="Spring")
    assert (made["state"], made["usages"], made["amountOn"], made["duration"]) == ("VALID", 0, "UNIT_PRICE", "ONCE")
    redeem(office)
    body = {"name": "Other", "type": "PERCENTAGE", "percentage": "30", "limitTotal": 3}
    assert places(office.call("PUT", f"{COUPONS}/welcome", body, 400)) == [("coupon_redeemed", "percentage")]
    changed = office.call("PUT", f"{COUPONS}/welcome", {**body, "percentage": "20", "validTo": "2026-12-31"})
    assert (changed["name"], changed["validTo"], changed.get("campaign")) == ("Other", "2026-12-31", None)
    assert codes(office.call("DELETE", f"{COUPONS}/welcome", None, 409)) == ["coupon_redeemed"]
    coupon(office, "unused")
    office.call("PUT", f"{COUPONS}/unused", {"name": "New", "type": "AMOUNT", "amount": "3.00"})
    listed = office.call("GET", f"{COUPONS}?sort=code")["_embedded"]
    assert [(entry["code"], entry["usages"]) for entry in listed] == [("unused", 0), ("welcome", 1)]
    office.call("DELETE", f"{COUPONS}/unused", None, 204)
    office.call("GET", f"{COUPONS}/unused", None, 404)


def test_everything_that_does_not_fit_in_a_coupon_is_said(office: Office) -> None:
    body = {
        "code": "c",
        "name": "C",
        "type": "AMOUNT",
        "percentage": "5",
        "duration": "LIMITED",
        "validFrom": "2026-06-01",
        "validTo": "2026-05-01",
    }
    assert sorted(places(office.call("POST", COUPONS, body, 400))) == [
        ("coupon_period_unclear", "period"),
        ("coupon_value_missing", "amount"),
        ("coupon_value_not_expected", "percentage"),
        ("validity_ends_before_it_begins", "validTo"),
    ]
    body = {"code": "c", "name": "C", "type": "AMOUNT", "amount": "1.234", "plans": ["nowhere"], "excludedOptions": ["nothing"]}
    assert office.findings("POST", COUPONS, body) == ["amount", "excludedOptions[0]", "plans[0]"]
    office.plan("10.00")
    coupon(office)
    asked = {"planIdent": "nowhere", "optionIdents": ["nothing"], "customerIdent": "nobody"}
    found = office.findings("POST", f"{COUPONS}/welcome/actions/check", asked)
    assert found == ["customerIdent", "optionIdents[0]", "planIdent"]
    body = {"code": "c", "name": "C", "type": "AMOUNT", "amount": "1.234"}
    assert codes(office.call("POST", COUPONS, body, 400)) == ["too_many_decimals"]


def test_an_allowance_by_hand_is_for_units_and_for_a_number_of_intervals(office: Office) -> None:
    office.plan("8.00")
    office.contract(quantity=4)
    given = {"ident": "a-1", "optionIdent": "basic-fee", "name": "Off", "amount": "5.00", "amountOn": "UNIT_PRICE", "intervals": 2}
    office.call("POST", f"{CONTRACTS}/v-1/allowances", given, 201)
    assert months(office, "2026-05-10", "2026-06-10", "2026-07-10") == [D(12), D(12), D(32)]
    change = {**{name: value for name, value in given.items() if name != "ident"}, "intervals": 3}
    found = office.call("PUT", f"{CONTRACTS}/v-1/allowances/a-1", change, 400)
    assert codes(found) == ["allowance_in_use"]
    office.call("POST", f"{CONTRACTS}/v-1/allowances", {**given, "ident": "a-2"}, 201)
    assert months(office, "2026-08-10", "2026-10-10")[3:] == [D(12), D(44)]


def test_a_coupon_is_previewed_and_counts_nothing(office: Office) -> None:
    office.plan("10.00")
    coupon(office, duration="FOREVER")
    office.contract(coupons=["welcome"])
    seen = office.call("POST", f"{CONTRACTS}/v-1/actions/preview", {})
    assert "Coupon welcome" in str(seen)
    assert office.call("GET", f"{COUPONS}/welcome")["usages"] == 1


def test_another_tenant_and_another_scope_find_no_coupon(
    office: Office, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    office.plan()
    office.contract()
    coupon(office)
    redeem(office)
    path = f"{CONTRACTS}/v-1"
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"{COUPONS}/welcome", None),
        ("PUT", f"{COUPONS}/welcome", {"name": "X", "type": "PERCENTAGE", "percentage": "5"}),
        ("DELETE", f"{COUPONS}/welcome", None),
        ("POST", f"{COUPONS}/welcome/actions/check", {}),
        ("POST", f"{COUPONS}/welcome/actions/withdraw", None),
        ("GET", f"{path}/coupons", None),
        ("POST", f"{path}/actions/redeem-coupon", {"code": "welcome"}),
        ("POST", f"{path}/actions/withdraw-coupon", {"code": "welcome"}),
    ]
    stranger, other = bearer(new_tenant()), bearer(office.tenant, "nbx-notification-management-read")
    for method, where, body in calls:
        assert office.client.request(method, where, json=body, headers=stranger).status_code == 404, where
        assert office.client.request(method, where, json=body, headers=other).status_code == 403, where
    assert office.call("GET", f"{COUPONS}/welcome")["usages"] == 1
