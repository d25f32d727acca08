"""Accounts to which nothing is paid any more: a bank has said that there is none of that number, or that it is closed or blocked."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant

ACCOUNT = "/v2/customer-payment-accounts/account-1"
OTHER_IBAN = "DE75512108001245126199"


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.turn(dt.date.fromisoformat(day_here()))
    made.account(None, iban="DE02120300000000202051")
    return made


def a_memo(creditor: Creditor) -> str:
    invoice = creditor.document(paymentTerm={"periodInDays": 0})
    creditor.pay("119.00", invoice)
    return creditor.document("credit-memos", "42.02", relatedDocumentIdent=invoice, **AT_ONCE)


def refused(creditor: Creditor, code: str) -> None:
    """A transfer to its customer came to nothing."""
    a_memo(creditor)
    assert creditor.collect().intents == 1
    (file,) = creditor.write().files
    group = str(creditor.file(file)).split("<PmtInfId>")[1].split("<")[0]
    key = creditor.intents()[-1]["attempts"][0]["endToEndIdent"]
    creditor.report(a_report("R-1", file, group=group, transactions=[(key, "RJCT", code)]))


@pytest.mark.parametrize("code", ["AC01", "AC04", "AC06"])
@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("POST", {"healthStatus": "HEALTHY"}),
        (
            "PUT",
            {
                "debtorIdent": "muster-handel",
                "merchantPaymentGatewayIdent": "main",
                "accountHolderName": "Muster Handel GmbH",
                "iban": OTHER_IBAN,
            },
        ),
    ],
)
def test_nothing_is_paid_to_a_wrong_account_before_somebody_changes_it(
    creditor: Creditor, code: str, verb: str, body: dict[str, Any]
) -> None:
    refused(creditor, code)
    memo = a_memo(creditor)
    assert (creditor.collect().planned, creditor.collect().intents) == (0, 0)
    why = f"The customer's payment account 'account-1' does not work: {code}"
    reason = creditor.case(memo)["collectionReason"]
    assert reason.startswith(why)
    assert reason.endswith("Nothing is paid to it before somebody changes it, or says that it works.")
    assert why in str(creditor.intend(memo, 400))
    creditor.call(verb, ACCOUNT + ("/actions/change-health-status" if verb == "POST" else ""), body)
    assert creditor.call("GET", ACCOUNT)["healthStatus"] == ("HEALTHY" if verb == "POST" else "UNKNOWN")
    assert creditor.collect().intents == 1
    assert creditor.write().transactions == 1
    creditor.sound()


def test_a_transfer_that_waits_for_its_file_waits_for_the_account(creditor: Creditor) -> None:
    waiting = a_memo(creditor)
    intent = creditor.intend(waiting, dueDate=day_here(), paymentIntentIdent="waits")["paymentIntentIdent"]
    creditor.call("POST", f"{ACCOUNT}/actions/change-health-status", {"healthStatus": "UNHEALTHY", "reason": "a dispute"})
    assert creditor.write().transactions == 1, "what a person calls unhealthy is paid to"
    assert creditor.intent(intent)["status"] == "PROCESSING"
    other = a_memo(creditor)
    assert creditor.collect().intents == 1
    key = creditor.intent(intent)["attempts"][0]["endToEndIdent"]
    back: dict[str, Any] = {"endToEndIdent": key, "returnInformation": {"reasonCode": "AC04"}, "bookingDate": day_here()}
    creditor.pay("50.00", "", creditDebitIndicator="DEBIT", endToEndIdent=key)
    creditor.pay("50.00", "", **back)
    assert creditor.write().transactions == 0
    (task,) = (it for it in creditor.tasks() if it["documentIdent"] == other)
    assert task["status"] == "ENABLED"
    creditor.collect()
    assert "AC04" in creditor.case(other)["collectionReason"]
    creditor.call("POST", f"{ACCOUNT}/actions/change-health-status", {"healthStatus": "HEALTHY"})
    assert creditor.collect().intents == 1
    assert creditor.write().transactions == 1
    creditor.sound()
