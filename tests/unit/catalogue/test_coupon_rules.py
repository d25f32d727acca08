"""Why a coupon does not hold: every reason, each by itself and all at once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from contor.catalogue.coupons.rules import Asked, state_of, why_not, why_not_together
from contor.catalogue.coupons.types import Coupon

DAY = dt.date(2026, 5, 10)
NONE = frozenset[str]()


def a_coupon(code: str = "c", **values: Any) -> Coupon:
    fields: dict[str, Any] = {
        "name": code,
        "type": "AMOUNT",
        "percentage": None,
        "amount": Decimal(5),
        "amount_on": "UNIT_PRICE",
        "currency": "EUR",
        "duration": "ONCE",
        "period": None,
        "limit_total": None,
        "limit_per_customer": None,
        "valid_from": None,
        "valid_to": None,
        "plans": NONE,
        "excluded_plans": NONE,
        "options": NONE,
        "excluded_options": NONE,
        "combination": "WITH_OTHERS",
        "usages": 0,
        "is_withdrawn": False,
    }
    return Coupon(code, **{**fields, **values})


@pytest.mark.parametrize(
    ("values", "asked", "reasons"),
    [
        ({}, {}, []),
        ({"is_withdrawn": True}, {}, ["coupon_withdrawn"]),
        ({"valid_from": DAY, "valid_to": DAY}, {}, []),
        ({"valid_from": dt.date(2026, 5, 11)}, {}, ["coupon_premature"]),
        ({"valid_to": dt.date(2026, 5, 9)}, {}, ["coupon_expired"]),
        ({"limit_total": 2, "usages": 1}, {}, []),
        ({"limit_total": 2, "usages": 2}, {}, ["coupon_used_up"]),
        ({"limit_per_customer": 2}, {"by_customer": 1}, []),
        ({"limit_per_customer": 2}, {"by_customer": 2}, ["coupon_used_up_by_customer"]),
        ({"plans": frozenset({"a"})}, {"plan_ident": "a"}, []),
        ({"plans": frozenset({"a"})}, {"plan_ident": "b"}, ["coupon_not_for_plan"]),
        ({"excluded_plans": frozenset({"a"})}, {"plan_ident": "a"}, ["coupon_not_for_plan"]),
        ({"plans": frozenset({"a"})}, {}, []),
        ({"options": frozenset({"x"})}, {"options": ["x", "y"]}, []),
        ({"options": frozenset({"x"})}, {"options": ["y"]}, ["coupon_not_for_options"]),
        ({"excluded_options": frozenset({"y"})}, {"options": ["y"]}, ["coupon_not_for_options"]),
        ({}, {"options": []}, ["coupon_not_for_options"]),
        ({}, {"currency": "USD"}, ["coupon_of_other_currency"]),
        ({"amount": None, "percentage": Decimal(5)}, {"currency": "USD"}, []),
        (
            {"is_withdrawn": True, "valid_from": dt.date(2027, 1, 1), "limit_total": 1, "usages": 1, "plans": frozenset({"a"})},
            {"plan_ident": "b", "options": []},
            ["coupon_withdrawn", "coupon_premature", "coupon_used_up", "coupon_not_for_plan", "coupon_not_for_options"],
        ),
    ],
)
def test_every_reason_is_said(values: dict[str, Any], asked: dict[str, Any], reasons: list[str]) -> None:
    assert [problem.code for problem in why_not(a_coupon(**values), Asked(DAY, **asked))] == reasons


def test_what_holds_alone_has_no_other_beside_it() -> None:
    alone, free, more = a_coupon("alone", combination="ALONE"), a_coupon("free"), a_coupon("more")
    assert why_not_together([alone], ("alone",)) == []
    assert why_not_together([free, more], ("more",)) == []
    assert [problem.rejected_value for problem in why_not_together([free, alone], ("alone",))] == ["alone"]
    assert [problem.rejected_value for problem in why_not_together([alone, more], ("more",))] == ["more"]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({}, "VALID"),
        ({"usages": 5}, "VALID"),
        ({"usages": 5, "limit_total": 5}, "USED_UP"),
        ({"valid_to": dt.date(2026, 5, 9), "usages": 5, "limit_total": 5}, "EXPIRED"),
        ({"valid_from": dt.date(2026, 5, 11)}, "PREMATURE"),
        ({"valid_from": DAY, "valid_to": DAY}, "VALID"),
        ({"withdrawn_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "valid_from": dt.date(2026, 5, 11)}, "WITHDRAWN"),
    ],
)
def test_the_state_says_what_becomes_of_who_names_it(row: dict[str, Any], state: str) -> None:
    usual = {"withdrawn_at": None, "valid_from": None, "valid_to": None, "limit_total": None, "usages": 0}
    assert state_of({**usual, **row}, DAY) == state
