"""Money that is under way and that nobody names: a person says by which payment it came, or that it never came."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.tenants import Tenant


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


@pytest.fixture
def by_file(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    """Two debits in a file."""
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.turn(this_day())
    made.mandate()
    for _ in range(2):
        made.document(**AT_ONCE)
    assert made.collect().intents == 2
    assert made.write().transactions == 2
    return made


def end(creditor: Creditor, ident: str, status: int = 200, **said: Any) -> Any:
    return creditor.act(ident, "end", status, said)


def error(answer: Any) -> str:
    return " ".join(str(it["error"]) for it in answer["errors"])


def idents(creditor: Creditor) -> list[str]:
    return [it["paymentIntentIdent"] for it in creditor.intents()]


def test_money_without_a_reference_ends_the_intent_that_it_is_of(by_file: Creditor) -> None:
    first, second = idents(by_file)
    invoice = by_file.intent(first)["documentIdent"]
    paid = by_file.pay("119.00", "Lastschrift")["paymentIdent"]
    assert by_file.intent(first)["prebooked"] is True
    assert "119.00 EUR of the payment wait: assign it first" in error(end(by_file, first, 400, paymentIdent=paid))
    by_file.call("POST", "/v2/payment-assignments", {"paymentIdent": paid, "targetIdent": invoice}, 201)
    ended = end(by_file, first, paymentIdent=paid)
    assert (ended["status"], ended["prebooked"], ended["attempts"][0]["paymentIdent"]) == ("SUCCESSFUL", False, paid)
    case = by_file.case(invoice)
    assert (case["balance"], case["prebookedItems"]) == (0, [])
    assert "only what was handed on and is not booked" in error(end(by_file, first, 400, paymentIdent=paid))
    assert "Only 0.00 EUR of the payment can be the money" in error(end(by_file, second, 400, paymentIdent=paid))
    by_file.sound()


def test_a_collective_booking_is_the_money_of_several(by_file: Creditor) -> None:
    both = idents(by_file)
    paid = by_file.pay("238.00", "Sammler")["paymentIdent"]
    for ident in both:
        target = by_file.intent(ident)["documentIdent"]
        by_file.call("POST", "/v2/payment-assignments", {"paymentIdent": paid, "targetIdent": target, "amount": "119.00"}, 201)
    for ident in both:
        assert end(by_file, ident, paymentIdent=paid)["prebooked"] is False
    by_file.sound()


def test_money_that_never_came_is_open_again(by_file: Creditor) -> None:
    first, _ = idents(by_file)
    day = dt.date.fromisoformat(by_file.intent(first)["attempts"][0]["collectedOn"])
    by_file.turn(day)
    assert f"The bank moves it on {day}" in error(end(by_file, first, 400, reason="The bank lost the file."))
    by_file.turn(day + dt.timedelta(days=1))
    ended = end(by_file, first, reason="The bank lost the file.")
    assert (ended["status"], ended["prebooked"], ended["reason"]) == ("FAILED", False, "The bank lost the file.")
    assert (ended.get("retryDate"), by_file.case(ended["documentIdent"])["prebookedItems"]) == (None, [])
    assert by_file.act(first, "retry")["status"] == "CREATED"
    by_file.sound()


def test_a_file_of_which_nothing_is_wanted_is_not_given_to_the_bank(by_file: Creditor) -> None:
    """Who obeyed it would debit customers for nothing; of a part it says which."""
    (file,) = by_file.call("GET", "/v2/payment-files")["_embedded"]
    path = f"/v2/payment-files/{file['paymentFileIdent']}"
    first, second = idents(by_file)
    invoices = sorted(by_file.intent(ident)["documentIdent"] for ident in (first, second))
    by_file.turn(dt.date.fromisoformat(by_file.intent(first)["attempts"][0]["collectedOn"]) + dt.timedelta(days=1))
    end(by_file, first, reason="The bank never had the file.")
    part, named = by_file.call("GET", path), by_file.intent(first)["documentIdent"]
    assert (part["status"], part["givenUp"]) == ("CREATED", 1)
    assert part["reason"].startswith(f"1 of its transactions was ended by hand and is not wanted any more: {named}. Do not give it")
    end(by_file, second, reason="The bank never had the file.")
    over = by_file.call("GET", path)
    assert (over["status"], over["givenUp"], over.get("expectedBy"), over["late"]) == ("GIVEN_UP", 2, None, False)
    assert over["reason"] == (
        f"2 of its transactions were ended by hand and are not wanted any more: {', '.join(invoices)}."
        " Nothing of it is wanted any more: do not give it to the bank."
    )
    assert over["reason"] in error(by_file.call("POST", f"{path}/actions/confirm", status=400))
    (found,) = by_file.call("GET", "/v2/payment-files?search=status==GIVEN_UP;givenUp==2")["_embedded"]
    assert found["paymentFileIdent"] == file["paymentFileIdent"]
    by_file.act(first, "retry")
    assert by_file.write().transactions == 1
    by_file.sound()


def test_who_confirms_a_file_is_told_what_of_it_was_ended(by_file: Creditor) -> None:
    (file,) = by_file.call("GET", "/v2/payment-files")["_embedded"]
    first, _ = idents(by_file)
    by_file.turn(dt.date.fromisoformat(by_file.intent(first)["attempts"][0]["collectedOn"]) + dt.timedelta(days=1))
    end(by_file, first, reason="The customer has paid in cash.")
    told = by_file.call("POST", f"/v2/payment-files/{file['paymentFileIdent']}/actions/confirm")
    assert (told["status"], told["givenUp"]) == ("SENT", 1)
    assert by_file.intent(first)["documentIdent"] in told["reason"]
    assert told["reason"].endswith("What the bank moves of them all the same is to be given back.")
    by_file.sound()


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        ({}, "is one of the two"),
        ({"paymentIdent": "p", "reason": "r"}, "is one of the two"),
        ({"reason": "It never came."}, "SIMULATED says itself whether it moves the money"),
    ],
)
def test_what_a_provider_knows_no_person_says(creditor: Creditor, said: dict[str, str], finding: str) -> None:
    creditor.account()
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    creditor.submit()
    assert finding in error(end(creditor, ident, 400, **said))
    assert creditor.intent(ident)["prebooked"] is True
    creditor.sound()


def test_what_is_not_handed_on_is_cancelled_instead(creditor: Creditor) -> None:
    creditor.account()
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    assert "It is CREATED" in error(end(creditor, ident, 400, reason="It never came."))
    creditor.act("unknown", "end", 404, {"reason": "It never came."})


def test_money_of_another_kind_is_not_its(creditor: Creditor) -> None:
    creditor.account()
    creditor.take_parts()
    invoice = creditor.document(**AT_ONCE)
    ident = creditor.intend(invoice)["paymentIntentIdent"]
    creditor.submit()
    creditor.pay("19.00", invoice)
    paid = creditor.call("GET", "/v2/merchant-payment-accounts/bank/payments")["_embedded"][0]["paymentIdent"]
    assert "Only 19.00 EUR of the payment" in error(end(creditor, ident, 400, paymentIdent=paid))
    out = creditor.pay("119.00", "out", creditDebitIndicator="DEBIT")["paymentIdent"]
    assert "A CHARGE is a payment that came in" in error(end(creditor, ident, 400, paymentIdent=out))
    creditor.sound()
