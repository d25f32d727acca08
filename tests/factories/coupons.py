"""Coupons by the platform API."""

from typing import Any

from tests.factories.offices import Office

COUPONS = "/v2/coupons"


def coupon(office: Office, code: str = "welcome", **more: Any) -> Any:
    value = {} if {"amount", "percentage"} & set(more) else {"percentage": "20"}
    body = {"code": code, "name": f"Coupon {code}", "type": "AMOUNT" if "amount" in more else "PERCENTAGE", **value, **more}
    return office.call("POST", COUPONS, body, 201)


def reasons(office: Office, code: str = "welcome", **asked: Any) -> list[str]:
    found = office.call("POST", f"{COUPONS}/{code}/actions/check", asked)
    assert found["valid"] == (not found.get("reasons"))
    return [reason["code"] for reason in found.get("reasons", ())]
