"""A payout under way is booked when less is owed by then than it pays out: it has gone, and what is too much is owed to us (money 4: own
references)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import Creditor
from tests.factories.tenants import Tenant

D = Decimal
OUT: dict[str, Any] = {"creditDebitIndicator": "DEBIT"}


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.take_parts()
    made.mandate()
    return made


def balance(creditor: Creditor, number: str) -> Decimal:
    """Positive is owed to us."""
    case = creditor.case(number)
    return D(str(case["balance"])) * (-1 if case["balanceDebitCreditIndicator"] == "CREDIT" else 1)


def surplus(creditor: Creditor, kind: str) -> str:
    """119.00, of which 154.70 are paid, as E."""
    number = creditor.document(kind)
    creditor.pay("154.70", number, endToEndIdent="E")
    return number


def memo(creditor: Creditor, kind: str) -> str:
    """35.70 that are owed for a credit."""
    invoice = creditor.document(kind)
    creditor.pay("119.00", invoice)
    return creditor.document("credit-memos", "30.00", relatedDocumentIdent=invoice)


def comes_back(creditor: Creditor, number: str) -> None:
    back = creditor.pay("154.70", "", **OUT, endToEndIdent="E", returnInformation={"reasonCode": "MD06"})
    assert back["status"] == "ASSIGNED"


def paid_in_cash(creditor: Creditor, number: str) -> None:
    cash = creditor.pay("20.00", "", **OUT)
    creditor.call("POST", "/v2/payment-assignments", {"paymentIdent": cash["paymentIdent"], "targetIdent": number}, 201)


OVERTAKEN: dict[str, tuple[Callable[[Creditor, str], str], Callable[[Creditor, str], None], str, str]] = {
    "a surplus whose payment comes back": (surplus, comes_back, "119.00", "invoices"),
    "a deposit's": (surplus, comes_back, "119.00", "deposit-invoices"),
    "a credit that was paid in cash": (memo, paid_in_cash, "-15.70", "invoices"),
}


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("way", OVERTAKEN)
def test_it_is_booked_and_what_is_too_much_is_owed(creditor: Creditor, way: str, cash: bool) -> None:
    if cash:
        with creditor.tenant.runtime.transaction(creditor.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    made, then, left, kind = OVERTAKEN[way]
    number = made(creditor, kind)
    assert balance(creditor, number) == D("-35.70")
    ident = creditor.intend(number, dueDate=day_here())["paymentIntentIdent"]
    assert creditor.write().transactions == 1
    key = creditor.intent(ident)["attempts"][-1]["endToEndIdent"]
    then(creditor, number)
    assert balance(creditor, number) == D(left)
    before = creditor.sums()
    paid = creditor.pay("35.70", "", **OUT, endToEndIdent=key)
    assert (paid["status"], balance(creditor, number)) == ("ASSIGNED", D(left) + D("35.70"))
    assert (creditor.intent(ident)["status"], creditor.intent(ident)["prebooked"]) == ("SUCCESSFUL", False)
    creditor.sound()
    # once: a second booking of that name is for a person
    again = creditor.pay("35.70", "", **OUT, endToEndIdent=key)
    assert (again["status"], again["reason"]) == ("OPEN", "NOT_A_RECEIPT")
    (decision,) = creditor.call("GET", f"/v2/payments/{again['paymentIdent']}/decisions")["decisions"]
    assert "owed less by now" in decision["note"]
    assert creditor.sums().pop(1792) == D("35.70")
    # it comes back itself
    back = creditor.pay("35.70", "", endToEndIdent=key, returnInformation={"reasonCode": "AC01"})
    assert (back["status"], balance(creditor, number)) == ("ASSIGNED", D(left))
    assert creditor.intent(ident)["status"] == "FAILED"
    waits = {1792: D("35.70"), 1200: before.get(1200, D(0)) - D("35.70")}
    assert creditor.sums() == {account: amount for account, amount in {**before, **waits}.items() if amount}
    creditor.sound()
