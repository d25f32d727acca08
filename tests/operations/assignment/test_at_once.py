"""Money and papers of one matter that meet: the one waits for the other and decides on what it has done; whoever comes first, every
account ends where the law says."""

import itertools
import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.meeting import Meeting
from tests.factories.companies import Company, a_row_of

D = Decimal
BANK, INTERIM, CUSTOMER = 1200, 1792, 10000
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
ISSUE, PAY, BOUNCE, REISSUE = "document.issue_waiting", "payment.create", "payment_assignment.reverse", "document.reissue"
BOTH_WAYS = pytest.mark.parametrize("money_first", [True, False])


@pytest.fixture
def meeting(company: Company, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    company.take_parts()
    return Meeting(company.tenant, monkeypatch)


def bounce(company: Company, *statuses: int) -> None:
    """The last payment's assignment is reversed; answered by one of the statuses."""
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]
    path = f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse"
    answer = company.client.post(path, headers=company.headers)
    assert answer.status_code in (statuses or (200,)), answer.text


def reissue(company: Company, number: str) -> None:
    company.call("POST", f"/v2/documents/{number}/actions/reissue", {}, 202)


def without_money(company: Company) -> dict[int, Decimal]:
    """Balances, but for what came to the bank and waits."""
    return {account: amount for account, amount in company.sums().items() if account not in (BANK, INTERIM)}


def meet(meeting: Meeting, money_first: bool, money: tuple[str, Callable[[], Any]], paper: tuple[str, Callable[[], Any]]) -> None:
    (operation, first), (_, second) = (money, paper) if money_first else (paper, money)
    meeting.of(operation, first, second)


@BOTH_WAYS
@pytest.mark.parametrize(("net", "paid"), [("100.00", "119.00"), ("333.33", "396.66")])
def test_a_final_invoice_and_the_return_of_its_deposits_payment(
    company: Company, meeting: Meeting, net: str, paid: str, money_first: bool
) -> None:
    """What went back is not deducted; what was deducted does not go back."""
    deposit = company.document("deposit-invoices", net)
    company.pay(paid, deposit)
    meet(
        meeting,
        money_first,
        (BOUNCE, lambda: bounce(company, 200 if money_first else 400)),
        (ISSUE, lambda: company.document("invoices", "1000.00", relatedDocumentIdent=deposit)),
    )
    company.sound()
    received = 0 if money_first else D(paid)
    assert without_money(company) == {CUSTOMER: D("1190.00") - received, 8400: D("-1000.00"), 1776: D("-190.00")}


@BOTH_WAYS
@pytest.mark.parametrize(("net", "paid"), [("100.00", "116.62"), ("249.90", "291.43")])
def test_a_payment_with_skonto_and_a_credit_memo_of_the_whole_invoice(
    company: Company, meeting: Meeting, net: str, paid: str, money_first: bool
) -> None:
    invoice = company.document(net=net, paymentTerm=SKONTO)
    meet(
        meeting,
        money_first,
        (PAY, lambda: company.pay(paid, invoice)),
        (ISSUE, lambda: company.document("credit-memos", net, relatedDocumentIdent=invoice)),
    )
    company.sound()
    assert without_money(company) == {CUSTOMER: -D(paid)}


@BOTH_WAYS
def test_the_return_of_a_payment_with_skonto_and_a_credit_memo(company: Company, meeting: Meeting, money_first: bool) -> None:
    invoice = company.document(paymentTerm=SKONTO)
    company.pay("116.62", invoice)
    meet(
        meeting,
        money_first,
        (BOUNCE, lambda: bounce(company)),
        (ISSUE, lambda: company.document("credit-memos", relatedDocumentIdent=invoice)),
    )
    company.sound()
    assert without_money(company) == {}


@BOTH_WAYS
def test_the_return_of_a_payment_with_skonto_and_a_credit_memo_of_two_invoices(
    company: Company, meeting: Meeting, money_first: bool
) -> None:
    """Both invoices are of one matter as soon as one credit takes from both."""
    first, second = (company.document(paymentTerm=SKONTO) for _ in range(2))
    company.pay("116.62", second)
    rows = [
        {**a_row_of("100.00"), "ident": f"c-{n}", "referenceIdent": "i-1", "relatedDocumentIdent": number}
        for n, number in enumerate((first, second))
    ]
    both = {"relatedDocumentIdents": [first, second], "items": rows}
    meet(
        meeting,
        money_first,
        (BOUNCE, lambda: bounce(company)),
        (ISSUE, lambda: company.document("credit-memos", **both)),
    )
    company.sound()
    assert without_money(company) == {}


@BOTH_WAYS
@pytest.mark.parametrize("paid", ["116.62", "119.00", "50.00"])
def test_a_payment_and_a_reissue(company: Company, meeting: Meeting, paid: str, money_first: bool) -> None:
    """What is paid counts for the document in the place of the old one."""
    old = company.document(paymentTerm=SKONTO)
    meet(meeting, money_first, (PAY, lambda: company.pay(paid, old)), (REISSUE, lambda: reissue(company, old)))
    company.sound()
    assert sum(without_money(company).values()) == -company.sums()[BANK] - company.sums().get(INTERIM, 0)


@BOTH_WAYS
@pytest.mark.parametrize("paid", ["116.62", "119.00", "50.00"])
def test_the_return_of_a_payment_and_a_reissue(company: Company, meeting: Meeting, paid: str, money_first: bool) -> None:
    """All of the new document is owed."""
    old = company.document(paymentTerm=SKONTO)
    company.pay(paid, old)
    meet(meeting, money_first, (BOUNCE, lambda: bounce(company)), (REISSUE, lambda: reissue(company, old)))
    company.sound()
    assert without_money(company) == {CUSTOMER: D("119.00"), 8400: D("-100.00"), 1776: D("-19.00")}


def test_whatever_meets_whatever_the_books_hold(company: Company, meeting: Meeting) -> None:
    """Every pair of what can happen to a paid invoice and to a paid deposit, again and again; none of it ends in a fault."""
    draw = random.Random(8)
    for kind in ("invoices", "deposit-invoices"):
        memo = "credit-memos" if kind == "invoices" else "deposit-invoice-corrections"
        for _ in range(3):
            number = company.document(kind, **({"paymentTerm": SKONTO} if kind == "invoices" else {}))
            company.pay("116.62", number)
            deeds: list[Callable[[], Any]] = [
                lambda: bounce(company, 200, 400),
                lambda number=number, memo=memo: company.client.post(  # type: ignore[misc]
                    f"/v2/documents/{memo}", json=company.body(relatedDocumentIdent=number), headers=company.headers
                ),
                lambda number=number: company.pay("116.62", number),  # type: ignore[misc]
                lambda number=number: company.client.post(  # type: ignore[misc]
                    f"/v2/documents/{number}/actions/reissue", json={}, headers=company.headers
                ),
            ]
            for pair in draw.sample(list(itertools.combinations(deeds, 2)), 3):
                threads = [threading.Thread(target=one) for one in draw.sample(pair, 2)]
                for thread in threads:
                    thread.start()
                company.work()
                for thread in threads:
                    thread.join()
                company.work()
                company.sound()
    assert company.waiting() == 0
