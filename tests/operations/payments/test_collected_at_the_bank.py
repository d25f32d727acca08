"""What was collected by a file of ours and what the bank says of it: M6, M9, M11 and M12 from the invoice to the statement."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.factories.cases import entries, last
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, OUR_IBAN, Creditor
from tests.factories.customers import another_customer
from tests.factories.statements import BankLine, BankPaper, Reader
from tests.factories.tenants import Tenant

D = Decimal


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


def day_after() -> dt.date:
    return this_day() + dt.timedelta(days=1)


ACCOUNT = "/v2/customer-payment-accounts/account-1"


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.mandate()
    return made


@pytest.fixture
def bank(creditor: Creditor) -> Reader:
    return Reader(creditor)


def paper(*lines: BankLine, opening: str = "0") -> bytes:
    return BankPaper(D(opening), lines[0].day, list(lines), iban=OUR_IBAN).camt()


def collected(creditor: Creditor, many: int = 1) -> tuple[list[str], str]:
    """Invoices that went out in one file, and the group in it (PmtInfId)."""
    invoices = [creditor.document(**AT_ONCE) for _ in range(many)]
    assert creditor.collect().intents == many
    wrote = creditor.write()
    assert (wrote.transactions, wrote.left_out, len(wrote.files)) == (many, 0, 1)
    content = etree.fromstring(creditor.file(wrote.files[0]))
    (group,) = content.findall(".//{*}PmtInf/{*}PmtInfId")
    return invoices, str(group.text)


def key_of(creditor: Creditor, invoice: str) -> str:
    return str(intent_of(creditor, invoice)["attempts"][-1]["endToEndIdent"])


def intent_of(creditor: Creditor, invoice: str) -> Any:
    (intent,) = creditor.intents(f"&search=documentIdent=={invoice}")
    return creditor.intent(intent["paymentIntentIdent"])


def standing(creditor: Creditor, *invoices: str) -> set[tuple[Any, ...]]:
    """Of each case: balance, what is under way; of its intent: status, whether it is promised still."""
    cases = {number: creditor.case(number) for number in invoices}
    intents = {number: intent_of(creditor, number) for number in invoices}
    return {
        (cases[number]["balance"], len(cases[number]["prebookedItems"]), intents[number]["status"], intents[number]["prebooked"])
        for number in invoices
    }


def test_m11_a_batch_without_details_closes_what_our_file_collected(creditor: Creditor, bank: Reader) -> None:
    invoices, group = collected(creditor, 5)
    assert standing(creditor, *invoices) == {(119, 1, "PROCESSING", True)}
    since = last(creditor)
    read = bank.send(paper(BankLine(D("595.00"), this_day(), group=group, reference="B1")))
    assert (read["state"], read["counts"]["payments"], read["counts"]["unresolved"]) == ("READ", 5, 0)
    assert bank.amounts() == [D("119.00")] * 5
    assert standing(creditor, *invoices) == {(0, 0, "SUCCESSFUL", False)}
    assert entries(creditor, since) == ["PAYMENT: D 1200 119, C 10000 119"] * 5
    assert creditor.sums() == {8400: D(-500), 1776: D(-95), 1200: D(595)}
    assert creditor.call("GET", ACCOUNT)["healthStatus"] == "HEALTHY"
    creditor.sound()


@pytest.mark.parametrize(("code", "retry", "health"), [("AM04", 3, "HEALTHY"), ("AC04", None, "UNHEALTHY")])
def test_m12_one_of_the_five_comes_back(creditor: Creditor, bank: Reader, code: str, retry: int | None, health: str) -> None:
    invoices, group = collected(creditor, 5)
    bank.send(paper(BankLine(D("595.00"), this_day(), group=group, reference="B1")))
    since = last(creditor)
    creditor.turn(day_after())
    line = BankLine(D("-119.00"), day_after(), "RETOURE", end_to_end=key_of(creditor, invoices[3]), reason=code, reference="C1")
    assert bank.send(paper(line, opening="595.00"))["state"] == "READ"
    assert standing(creditor, *(one for one in invoices if one != invoices[3])) == {(0, 0, "SUCCESSFUL", False)}
    assert standing(creditor, invoices[3]) == {(119, 0, "FAILED", False)}
    assert entries(creditor, since) == ["PAYMENT_OUT: D 10000 119, C 1200 119"]
    failed = intent_of(creditor, invoices[3])
    assert failed["reason"].startswith(code)
    assert failed.get("retryDate") == (None if retry is None else (day_after() + dt.timedelta(days=retry)).isoformat())
    assert creditor.call("GET", ACCOUNT)["healthStatus"] == health
    creditor.sound()


def test_m9_a_return_with_charges_through_the_statement(creditor: Creditor, bank: Reader) -> None:
    (invoice,), group = collected(creditor)
    bank.send(paper(BankLine(D("119.00"), this_day(), group=group, reference="B1")))
    assert standing(creditor, invoice) == {(0, 0, "SUCCESSFUL", False)}
    level = creditor.case(invoice)["dunningLevel"]
    since = last(creditor)
    creditor.turn(day_after())
    key = key_of(creditor, invoice)
    line = BankLine(D("-122.00"), day_after(), "RETOURE", end_to_end=key, charges=D("3.00"), reason="AC04", reference="C1")
    assert bank.send(paper(line, opening="119.00"))["state"] == "READ"
    assert standing(creditor, invoice) == {(119, 0, "FAILED", False)}
    assert creditor.case(invoice)["dunningLevel"] == level
    assert sorted(entries(creditor, since)) == ["PAYMENT_COST: D 4970 3, C 1200 3", "PAYMENT_OUT: D 10000 119, C 1200 119"]
    assert creditor.sums() == {8400: D(-100), 1776: D(-19), 10000: D(119), 1200: D(-3), 4970: D(3)}
    account = creditor.call("GET", ACCOUNT)
    assert (account["healthStatus"], account["healthReason"].split()[0]) == ("UNHEALTHY", "AC04")
    creditor.sound()


def test_our_reference_alone_says_whose_the_money_is(creditor: Creditor, bank: Reader) -> None:
    """No text, and another open item of the same amount: the reference of our attempt decides."""
    (invoice,), _ = collected(creditor)
    other = creditor.document()
    bank.send(paper(BankLine(D("119.00"), this_day(), end_to_end=key_of(creditor, invoice), reference="B1")))
    assert (creditor.case(invoice)["balance"], creditor.case(other)["balance"]) == (0, 119)
    (payment,) = creditor.call("GET", "/v2/merchant-payment-accounts/bank/payments")["_embedded"]
    (decision,) = creditor.call("GET", f"/v2/payments/{payment['paymentIdent']}/decisions")["decisions"]
    assert (decision["rule"], decision["numbers"]) == ("OWN_REFERENCE", [invoice])
    creditor.sound()


@pytest.mark.parametrize(
    "by",
    [
        {"counterpart": {"name": "Irgendwer", "iban": "DE02120300000000202051"}},
        {"counterpart": {"name": "Irgendwer"}, "mandateReference": "M-1"},
    ],
)
@pytest.mark.parametrize("automatic", [True, False])
def test_m6_an_account_that_is_known_by_its_mandate(creditor: Creditor, by: dict[str, Any], automatic: bool) -> None:
    """Nobody has paid before: the payment account and its mandate say whose it is."""
    configuration = {"automaticByScore": automatic}
    creditor.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", configuration, 201)
    numbers = [creditor.document(), creditor.document(**another_customer(creditor))]
    paid = creditor.pay("119.00", "Vielen Dank", **by)
    assert [creditor.case(number)["balance"] for number in numbers] == [0 if automatic else 119, 119]
    (decision,) = creditor.call("GET", f"/v2/payments/{paid['paymentIdent']}/decisions")["decisions"]
    assert decision["rule"] == "SCORE"
    if automatic:
        scores = {one["name"]: D(one["value"]) for one in decision["scores"]}
        assert (scores["amount"], scores["payer"]) == (D("0.450"), D("0.450"))
    else:
        found = creditor.call("GET", f"/v2/payments/{paid['paymentIdent']}/suggestions")["suggestions"]
        assert [one["targetIdent"] for one in found] == numbers
    creditor.sound()


def test_a_batch_of_payouts_closes_what_our_file_paid_out(creditor: Creditor, bank: Reader) -> None:
    memos = []
    for _ in range(2):
        invoice = creditor.document(**AT_ONCE)
        creditor.pay("119.00", invoice)
        memos.append(creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice))
        creditor.intend(memos[-1])
    wrote = creditor.write()
    assert wrote.transactions == 2
    (group,) = etree.fromstring(creditor.file(wrote.files[0])).findall(".//{*}PmtInf/{*}PmtInfId")
    since = last(creditor)
    bank.send(paper(BankLine(D("-119.00"), this_day(), group=str(group.text), reference="B1"), opening="238.00"))
    assert standing(creditor, *memos) == {(0, 0, "SUCCESSFUL", False)}
    assert entries(creditor, since) == ["PAYMENT_OUT: D 10000 59.5, C 1200 59.5"] * 2
    assert 10000 not in creditor.sums()
    # nothing is owed any more: it is not paid out twice
    creditor.intend(memos[0], 400)
    creditor.sound()
