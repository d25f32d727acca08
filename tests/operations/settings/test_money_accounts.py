"""Accounts of the chart that money can stand on, and numbers that are no account of a chart."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import BANK
from tests.factories.desks import Desk, a_desk
from tests.factories.tenants import Tenant

from contor.kernel.checks import CHECKS

ACCOUNTS, CHART, SETTINGS = "/v2/merchant-payment-accounts", "/v2/bookingAccounts", "/v2/tenant-settings"


@pytest.fixture
def desk(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    return a_desk(furnished, client, bearer(furnished))


def named(number: int, ident: str = "second") -> dict[str, Any]:
    return {**BANK, "ident": ident, "bookingAccount": number}


def own(number: int, kind: str = "ASSET") -> dict[str, Any]:
    return {"accountNumber": number, "currency": "EUR", "accountType": kind, "name": "Volksbank"}


@pytest.mark.parametrize("number", [99, 8400, 1776, 1400, 1600, 1792, 4970, 10001, 999_999_999])
def test_money_stands_on_no_account_of_another_kind(desk: Desk, number: int) -> None:
    """None of the chart, revenue, tax, the customers' and vendors' sums, what is not assigned, costs, a customer's own."""
    for method, path in (("POST", ACCOUNTS), ("PUT", f"{ACCOUNTS}/bank")):
        body = named(number) if method == "POST" else {"name": "Bank", "active": True, "bookingAccount": number}
        (error,) = desk.call(method, path, body, 400)["errors"]
        assert (error["fieldName"], error["rejectedValue"]) == ("bookingAccount", number)
        assert "no account of the chart in EUR" in error["error"] or "money stands on an account of a bank" in error["error"]


@pytest.mark.parametrize("number", [1200, 1360])
def test_money_stands_on_the_chart_s_own(desk: Desk, number: int) -> None:
    assert desk.call("POST", ACCOUNTS, named(number), 201)["bookingAccount"] == number


def test_an_account_of_ours_takes_money_and_stays(desk: Desk) -> None:
    desk.call("POST", CHART, own(1210), 201)
    desk.call("POST", CHART, own(4711, "EXPENSE"), 201)
    desk.call("POST", ACCOUNTS, named(4711), 400)
    desk.call("POST", ACCOUNTS, named(1210), 201)
    assert "second" in desk.call("DELETE", f"{CHART}/1210/EUR", status=409)["message"]
    desk.call("PUT", f"{ACCOUNTS}/second", {"name": "Bank", "active": True})
    desk.call("DELETE", f"{CHART}/1210/EUR", status=204)


def test_another_chart_has_the_account_as_well(desk: Desk) -> None:
    desk.call("POST", ACCOUNTS, named(1200), 201)
    assert "second" in str(desk.call("PATCH", SETTINGS, {"chart": "SKR04"}, 409))
    desk.call("PUT", f"{ACCOUNTS}/second", {"name": "Bank", "active": True})
    assert desk.call("PATCH", SETTINGS, {"chart": "SKR04"})["chart"] == "SKR04"
    desk.call("POST", ACCOUNTS, named(1800, "third"), 201)


@pytest.mark.parametrize("number", [0, 10_000, 69_999, 70_000, 99_999])
def test_numbers_of_customers_and_vendors_are_given_by_themselves(desk: Desk, number: int) -> None:
    (error,) = desk.call("POST", CHART, own(number), 400)["errors"]
    assert error["fieldName"] == "accountNumber"


def test_an_older_account_on_another_kind_is_found(desk: Desk) -> None:
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE merchant_payment_account SET booking_account = 8400")
        (found,) = CHECKS["bookkeeping.money_stands_on_accounts_of_money"](uow)
        assert "bank: 8400 is" in found
        uow.run("UPDATE merchant_payment_account SET booking_account = NULL")


def test_what_another_system_closed_stands_on_an_account_of_ours(desk: Desk) -> None:
    """Posting table row 31: nobody could name the account, and all of it stood on that of payment providers."""
    taken = {**own(1375), "role": "EXTERNAL_CLOSED"}
    assert desk.call("POST", CHART, taken, 201)["role"] == "EXTERNAL_CLOSED"
    assert [one["accountNumber"] for one in desk.call("GET", f"{CHART}?search=role==external_closed")["_embedded"]] == [1375]
    for number, more in ((1376, {}), (1377, {"currency": "USD"})):
        assert "role" in {
            error["fieldName"] for error in desk.call("POST", CHART, {**taken, "accountNumber": number, **more}, 400)["errors"]
        }
    for number in (1200, 8400):
        known = desk.call("GET", f"{CHART}/{number}/EUR")
        assert known.get("role") is None
        (error, *_) = desk.call("PUT", f"{CHART}/{number}/EUR", {"name": known["name"], "role": "EXTERNAL_CLOSED"}, 400)["errors"]
        assert error["error"] == "the account has another use already"
        desk.call("PUT", f"{CHART}/{number}/EUR", {"name": known["name"]})  # keeps what the chart has it for
    desk.call("PATCH", SETTINGS, {"chart": "SKR04"})
    desk.call("PATCH", SETTINGS, {"chart": "SKR03"})
    desk.order(paymentInformation={"paymentStatus": "PAID"})
    desk.bill()
    assert {account: str(amount) for account, amount in desk.balances().items()} == {
        1375: "119.0000",
        8400: "-100.0000",
        1776: "-19.0000",
    }
    desk.call("PUT", f"{CHART}/1375/EUR", {"name": "Shop"})
    desk.order("o-2", paymentInformation={"paymentStatus": "PAID"})
    desk.bill()
    assert desk.balances()[1360] == desk.balances()[1375]
