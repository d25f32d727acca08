"""Which days a payment may have: a bank reports what it has booked, not longer ago than the books take it."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.desks import Desk, a_desk
from tests.factories.tenants import Tenant

PAYMENTS = "/v2/merchant-payment-accounts/bank/payments"


@pytest.fixture
def desk(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    """On 10 May 2026."""
    return a_desk(furnished, client, bearer(furnished))


def paid(day: str, **more: Any) -> dict[str, Any]:
    amount = {"amount": "10.00", "currency": "EUR"}
    return {
        "externalIdent": f"bank {day} {more}",
        "baseAmount": amount,
        "bookingDate": day,
        "creditDebitIndicator": "CREDIT",
        **more,
    }


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        (paid("2026-05-11"), "bookingDate", "is after 2026-05-10: no bank has booked it by today (2026-05-10)"),
        (paid("2999-12-31"), "bookingDate", "is after 2026-05-10"),
        (paid("2024-05-09"), "bookingDate", "is before 2024-05-10: at most 24 months back are taken"),
        (paid("1900-01-01"), "bookingDate", "is before 2024-05-10"),
        (paid("2026-05-10", valueDate="2026-05-18"), "valueDate", "is after 2026-05-17"),
        (paid("2026-05-10", valueDate="1900-01-01"), "valueDate", "is before 2024-05-10"),
    ],
)
def test_a_day_on_which_nothing_can_have_been_booked(desk: Desk, body: dict[str, Any], field: str, words: str) -> None:
    (error,) = desk.call("POST", PAYMENTS, body, 400)["errors"]
    assert (error["fieldName"], error["rejectedValue"]) == (field, body[field])
    assert words in error["error"]
    assert desk.call("GET", PAYMENTS)["page"]["totalElements"] == 0


def test_days_that_a_bank_can_report(desk: Desk) -> None:
    for body in (
        paid("2026-05-10", valueDate="2026-05-17"),
        paid("2026-05-08", valueDate="2026-05-11"),
        paid("2026-05-08", valueDate="2026-05-04"),
        paid("2024-05-10"),
    ):
        desk.call("POST", PAYMENTS, body, 201)


def test_a_tenant_that_takes_older_days_says_so(desk: Desk) -> None:
    desk.call("POST", PAYMENTS, paid("2023-01-01"), 400)
    desk.call("PATCH", "/v2/tenant-settings", {"backdatingLimitMonths": 60})
    desk.call("POST", PAYMENTS, paid("2023-01-01"), 201)
