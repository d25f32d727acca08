"""What is under way for a deposit invoice that its final invoice corrects: the same money is not demanded beside it, and debited once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import a_row_of, day_here
from tests.factories.creditors import AT_ONCE, Creditor

from contor.openitems.collection import collecting_of

D = Decimal


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


METHODS = pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])


def after(days: int) -> dt.date:
    return this_day() + dt.timedelta(days=days)


@pytest.fixture
def collecting(creditor: Creditor) -> Creditor:
    creditor.turn(this_day())
    return creditor


def rows(*nets: str) -> list[dict[str, Any]]:
    return [{**a_row_of(net), "ident": f"i-{place}"} for place, net in enumerate(nets, 1)]


def debited(creditor: Creditor, net: str = "100.00") -> tuple[str, str]:
    """A deposit invoice that was handed to the provider, and its intent."""
    deposit = creditor.document("deposit-invoices", items=rows(net), **AT_ONCE)
    assert creditor.collect().intents == 1
    creditor.submit()
    (intent,) = creditor.intents(f"&search=documentIdent=={deposit}")
    return deposit, str(intent["paymentIntentIdent"])


def final(creditor: Creditor, method: str, *deposits: str, net: str = "1000.00", **more: Any) -> str:
    """The final invoice over these deposits, of 100.00 net each."""
    related: dict[str, Any] = {"relatedDocumentIdents": list(deposits)}
    if method == "REVERSAL":
        related["relatedDocumentIdents"] = [
            creditor.document("deposit-invoice-corrections", items=rows("100.00"), relatedDocumentIdent=it) for it in deposits
        ]
    properties = [{"key": "finalInvoiceMethod", "value": method}]
    return creditor.document(items=rows(net), properties=properties, **related, **{**AT_ONCE, **more})


def booked(creditor: Creditor, intent: str, **more: Any) -> Any:
    key = creditor.intent(intent)["attempts"][-1]["endToEndIdent"]
    return creditor.pay("119.00", "", endToEndIdent=key, **more)


def balance(creditor: Creditor, *documents: str) -> list[Any]:
    return [creditor.case(it)["balance"] for it in documents]


def waiting(creditor: Creditor) -> list[Any]:
    return [it["amount"] for it in creditor.intents("&search=status==CREATED")]


@METHODS
def test_the_final_invoice_waits_for_the_debit_of_its_deposit_and_is_paid_by_it(collecting: Creditor, method: str) -> None:
    collecting.account()
    deposit, intent = debited(collecting)
    invoice = final(collecting, method, deposit)
    assert balance(collecting, deposit, invoice) == [0, 1190]
    assert (collecting.collect().planned, collecting.collect().intents) == (1, 0)
    task = next(it for it in collecting.tasks() if it["documentIdent"] == invoice)
    assert task["status"] == "ENABLED"
    assert f"the debit of its deposit {deposit} is under way" in task["reason"]
    assert "already being collected" in str(collecting.intend(invoice, 409))
    assert booked(collecting, intent)["status"] == "ASSIGNED"
    assert balance(collecting, deposit, invoice) == [0, 1071]
    assert collecting.collect().intents == 1
    assert waiting(collecting) == [1071]
    collecting.submit()
    assert sum((amount for amount, _ in collecting.moved()), D(0)) == 1190
    collecting.sound()


@METHODS
def test_what_fails_is_collected_with_the_final_invoice_on_the_day_of_its_retry(collecting: Creditor, method: str) -> None:
    collecting.account("slow-fail-AM04")
    deposit, intent = debited(collecting)
    invoice = final(collecting, method, deposit)
    collecting.collect()
    collecting.turn(this_day(), hour=10)
    collecting.submit()
    assert (collecting.intent(intent)["status"], collecting.intent(intent).get("retryDate")) == ("FAILED", None)
    assert (collecting.collect().retried, collecting.collect().intents) == (0, 0)
    collecting.turn(after(3))
    assert (collecting.collect().retried, waiting(collecting)) == (0, [1190])
    assert collecting.intents("&search=status==CREATED")[0]["documentIdent"] == invoice
    collecting.sound()


@METHODS
@pytest.mark.parametrize(("code", "again"), [("AM04", [119]), ("MD06", [])])
def test_what_comes_back_is_owed_on_the_final_invoice(collecting: Creditor, method: str, code: str, again: list[int]) -> None:
    """It had paid all of it; what may be tried again is, what the customer asked back is not."""
    collecting.account()
    deposit, intent = debited(collecting)
    invoice = final(collecting, method, deposit, net="100.00")
    collecting.collect()
    booked(collecting, intent)
    assert balance(collecting, deposit, invoice) == [0, 0]
    assert collecting.collect().intents == 0
    back = {"creditDebitIndicator": "DEBIT", "returnInformation": {"reasonCode": code}, "bookingDate": day_here()}
    assert booked(collecting, intent, **back)["status"] == "ASSIGNED"
    assert balance(collecting, deposit, invoice) == [0, 119]
    assert collecting.collect().intents == 0
    collecting.turn(after(3))
    collecting.collect()
    assert waiting(collecting) == again
    collecting.sound()


def test_it_waits_for_all_of_its_deposits(collecting: Creditor) -> None:
    collecting.account()
    (one, first), (other, second) = debited(collecting), debited(collecting)
    invoice = final(collecting, "FINAL", one, other)
    booked(collecting, first)
    assert (collecting.collect().intents, balance(collecting, invoice)) == (0, [1071])
    booked(collecting, second)
    assert (collecting.collect().intents, waiting(collecting)) == (1, [952])
    collecting.sound()


def test_what_came_too_much_for_a_smaller_final_invoice_is_the_customers(collecting: Creditor) -> None:
    collecting.account()
    deposit, intent = debited(collecting)
    invoice = final(collecting, "REMAINDER", deposit, net="50.00")
    assert booked(collecting, intent)["status"] == "ASSIGNED"
    case = collecting.case(invoice)
    assert (case["balance"], case["balanceDebitCreditIndicator"]) == (59.5, "CREDIT")
    assert (collecting.collect().intents, waiting(collecting)) == (0, [])
    collecting.sound()


def test_what_was_not_handed_on_is_collected_with_the_final_invoice_alone(collecting: Creditor) -> None:
    collecting.account()
    deposit = collecting.document("deposit-invoices", items=rows("100.00"), **AT_ONCE)
    assert collecting.collect().intents == 1
    final(collecting, "REMAINDER", deposit)
    assert (collecting.collect().intents, waiting(collecting)) == (1, [1190])
    collecting.sound()


def test_who_waits_for_the_debit_of_his_deposit_is_not_dunned(collecting: Creditor) -> None:
    collecting.account()
    deposit, _ = debited(collecting)
    invoice = final(collecting, "REMAINDER", deposit)
    collecting.collect()
    number = collecting.tenant.rows(f"SELECT document_id FROM opos_case WHERE ident = '{invoice}'")[0].document_id
    with collecting.tenant.runtime.transaction(collecting.tenant.caller()) as uow:
        assert collecting_of(uow, [number])[number].why == f"DEPOSIT_BEING_COLLECTED: {deposit}"
    collecting.sound()
