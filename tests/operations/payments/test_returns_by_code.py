"""What comes back, by its code (money 5): the case, the account, the mandate, the next try; named by our reference, or by the mandate."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


CODES = [
    ("AC01", "UNHEALTHY", "ACTIVE", None),
    ("AC04", "UNHEALTHY", "ACTIVE", None),
    ("AC06", "UNHEALTHY", "ACTIVE", None),
    ("AC13", "UNHEALTHY", "ACTIVE", None),
    ("AM04", "HEALTHY", "ACTIVE", 3),
    ("AM05", "HEALTHY", "ACTIVE", None),
    ("MD01", "HEALTHY", "REVOKED", None),
    ("MD06", "HEALTHY", "ACTIVE", None),
    ("MD07", "UNHEALTHY", "ACTIVE", None),
    ("MS02", "HEALTHY", "ACTIVE", None),
    ("MS03", "HEALTHY", "ACTIVE", 3),
    ("SL01", "UNHEALTHY", "ACTIVE", None),
    ("AG01", "HEALTHY", "ACTIVE", None),
    ("RR04", "HEALTHY", "ACTIVE", None),
    ("ZZ99", "HEALTHY", "ACTIVE", None),
]


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.mandate()
    return made


def collected(creditor: Creditor) -> str:
    """An invoice that was collected, and the collection booked."""
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    book(creditor, invoice)
    return invoice


def book(creditor: Creditor, invoice: str) -> None:
    assert creditor.write().transactions == 1
    creditor.pay("119.00", "", endToEndIdent=key_of(creditor, invoice), mandateReference="M-1")
    assert creditor.case(invoice)["balance"] == 0


def intent_of(creditor: Creditor, invoice: str) -> Any:
    (intent,) = creditor.intents(f"&search=documentIdent=={invoice}")
    return creditor.intent(intent["paymentIntentIdent"])


def key_of(creditor: Creditor, invoice: str) -> str:
    return str(intent_of(creditor, invoice)["attempts"][-1]["endToEndIdent"])


def come_back(creditor: Creditor, code: str, **more: Any) -> Any:
    return creditor.pay("119.00", "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": code}, **more)


def account(creditor: Creditor) -> tuple[str, str]:
    shown = creditor.call("GET", "/v2/customer-payment-accounts/account-1")
    return shown["healthStatus"], shown["mandateStatus"]


@pytest.mark.parametrize("by_mandate", [False, True])
@pytest.mark.parametrize(("code", "health", "mandate", "retry"), CODES)
def test_a_return_by_its_code(
    creditor: Creditor, code: str, health: str, mandate: str, retry: int | None, by_mandate: bool
) -> None:
    invoice = collected(creditor)
    assert account(creditor) == ("HEALTHY", "ACTIVE")
    named = {"mandateReference": "M-1"} if by_mandate else {"endToEndIdent": key_of(creditor, invoice)}
    assert come_back(creditor, code, **named)["status"] == "ASSIGNED"
    assert creditor.case(invoice)["balance"] == 119
    assert creditor.case(invoice)["prebookedItems"] == []
    assert account(creditor) == (health, mandate)
    intent = intent_of(creditor, invoice)
    assert (intent["status"], intent["prebooked"], intent["reason"].split()[0]) == ("FAILED", False, code)
    assert intent.get("retryDate") == (None if retry is None else (this_day() + dt.timedelta(days=retry)).isoformat())
    assert intent["attempts"][-1]["state"] == "RETURNED"
    assert [one["documentIdent"] for one in creditor.intents("&search=status==FAILED")] == [invoice]
    creditor.sound()


@pytest.mark.parametrize("by_mandate", [False, True])
def test_m10_a_code_of_success_changes_nothing(creditor: Creditor, by_mandate: bool) -> None:
    invoice = collected(creditor)
    before = creditor.sums()
    named = {"mandateReference": "M-1"} if by_mandate else {"endToEndIdent": key_of(creditor, invoice)}
    back = come_back(creditor, "0000", **named)
    assert (back["status"], back["reason"]) == ("IGNORED", "RETURN_OF_SUCCESS")
    assert (creditor.case(invoice)["balance"], intent_of(creditor, invoice)["status"]) == (0, "SUCCESSFUL")
    assert account(creditor) == ("HEALTHY", "ACTIVE")
    assert creditor.sums().get(10000) == before.get(10000)
    creditor.sound()


def test_ms03_is_tried_once_more_and_no_more(creditor: Creditor) -> None:
    invoice = collected(creditor)
    come_back(creditor, "MS03", mandateReference="M-1")
    creditor.turn(this_day() + dt.timedelta(days=3))
    assert creditor.collect().retried == 1
    book(creditor, invoice)
    come_back(creditor, "MS03", mandateReference="M-1")
    intent = intent_of(creditor, invoice)
    assert (intent["status"], intent.get("retryDate"), len(intent["attempts"])) == ("FAILED", None, 2)
    assert creditor.case(invoice)["balance"] == 119
    creditor.sound()


def test_of_two_collections_by_one_mandate_none_is_guessed(creditor: Creditor) -> None:
    """The account is closed, whichever came back."""
    invoices = [collected(creditor), collected(creditor)]
    back = come_back(creditor, "AC04", mandateReference="M-1")
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_NOT_CLEAR")
    assert {creditor.case(invoice)["balance"] for invoice in invoices} == {0}
    assert {intent_of(creditor, invoice)["status"] for invoice in invoices} == {"SUCCESSFUL"}
    assert account(creditor) == ("UNHEALTHY", "ACTIVE")
    creditor.sound()


@pytest.mark.parametrize(("code", "expected"), [("MD01", ("UNKNOWN", "REVOKED")), ("AC04", ("UNHEALTHY", "ACTIVE"))])
def test_a_mandate_that_was_collected_by_elsewhere(creditor: Creditor, code: str, expected: tuple[str, str]) -> None:
    """No attempt is ours; the mandate is."""
    invoice = creditor.document()
    creditor.pay("119.00", invoice, mandateReference="M-1")
    assert come_back(creditor, code, mandateReference="M-1", endToEndIdent="theirs")["status"] == "ASSIGNED"
    assert creditor.case(invoice)["balance"] == 119
    assert account(creditor) == expected
    creditor.sound()


# --- what had failed, and whose money came after all ------------------------------------------------------------------------------


def failed(creditor: Creditor, is_rejected: bool) -> str:
    """An invoice whose collection went out in a file; the bank rejects it, or a person says that it never came."""
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    file = creditor.write().files[0]
    if is_rejected:
        creditor.report(a_report("R-1", file, group=f"{file}-1", transactions=[(key_of(creditor, invoice), "RJCT", "AM04")]))
    else:
        creditor.turn(this_day() + dt.timedelta(days=20))
        ident = intent_of(creditor, invoice)["paymentIntentIdent"]
        creditor.call("POST", f"/v2/payment-intents/{ident}/actions/end", {"reason": "never came"})
        creditor.turn(this_day())
    assert intent_of(creditor, invoice)["status"] == "FAILED"
    return invoice


@pytest.mark.parametrize("is_rejected", [False, True])
@pytest.mark.parametrize("by_mandate", [False, True])
@pytest.mark.parametrize(("code", "health", "mandate", "retry"), [it for it in CODES if it[0] in ("AC04", "AM04", "MD01", "MD06")])
def test_money_that_came_after_all_comes_back(
    creditor: Creditor, code: str, health: str, mandate: str, retry: int | None, by_mandate: bool, is_rejected: bool
) -> None:
    invoice = failed(creditor, is_rejected)
    key = key_of(creditor, invoice)
    creditor.pay("119.00", "", endToEndIdent=key, mandateReference="M-1")
    named = {"mandateReference": "M-1"} if by_mandate else {"endToEndIdent": key}
    assert come_back(creditor, code, **named)["status"] == "ASSIGNED"
    assert creditor.case(invoice)["balance"] == 119
    assert account(creditor) == ("UNHEALTHY" if health == "UNHEALTHY" else "UNKNOWN", mandate)
    intent = intent_of(creditor, invoice)
    assert (intent["status"], intent["attempts"][-1]["state"], intent["reason"].split()[0]) == ("FAILED", "RETURNED", code)
    assert intent.get("retryDate") == (None if retry is None else (this_day() + dt.timedelta(days=retry)).isoformat())
    creditor.sound()


def test_what_is_tried_again_already_goes_on(creditor: Creditor) -> None:
    """Of the account it says all the same what it says."""
    invoice = failed(creditor, is_rejected=True)
    first = key_of(creditor, invoice)
    creditor.turn(this_day() + dt.timedelta(days=3))
    assert creditor.collect().retried == 1
    assert creditor.write().transactions == 1
    creditor.pay("119.00", "", endToEndIdent=first)
    come_back(creditor, "AC04", endToEndIdent=first)
    assert (account(creditor)[0], intent_of(creditor, invoice)["status"]) == ("UNHEALTHY", "PROCESSING")
    creditor.sound()
