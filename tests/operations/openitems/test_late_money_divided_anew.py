"""Posting table row 24: an earlier payment goes again, and what is left of later ones pays what is open, then what was written off, as if
that one had never been."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.factories.cases import decide, entries, last, revert, tax_on_receipt
from tests.factories.companies import Company, a_row_of

D = Decimal
LOST = "UNCOLLECTABLE_RECEIVABLE"
DOLLARS: dict[str, Any] = {"currency": "USD", "exchangeRate": {"rate": "1.1000", "date": "2026-11-02"}}
TWO = [{**a_row_of("333.33"), "ident": "i-1"}, {**a_row_of("77.77", 7), "ident": "i-2"}]


def put(company: Company, amount: str, number: str, name: str, **more: Any) -> str:
    """The assignment's ident."""
    paid = company.pay(amount, "?", endToEndIdent=name, **more)
    body = {"paymentIdent": paid["paymentIdent"], "targetIdent": number}
    return str(company.call("POST", "/v2/payment-assignments", body, 201)["paymentAssignmentIdent"])


def returned(company: Company, name: str, amount: str, **more: Any) -> str:
    information = {"reasonCode": "AM04"}
    back = company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent=name, returnInformation=information, **more)
    assert back["status"] == "ASSIGNED"
    return str(company.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]["paymentAssignmentIdent"])


def reversed_by_hand(company: Company, ident: str) -> str:
    company.call("POST", f"/v2/payment-assignments/{ident}/actions/reverse")
    return ident


def balance(company: Company, number: str) -> Decimal:
    """Signed: what is too much is below zero."""
    return D(company.tenant.rows("SELECT balance FROM opos_case WHERE ident = %s", (number,))[0].balance)


def books(company: Company, *but: int) -> dict[int, Decimal]:
    return {account: amount for account, amount in company.sums().items() if amount and account not in but}


def all_lost(company: Company) -> str:
    number = company.document()
    decide(company, number, LOST)
    return number


def lost_in_part(company: Company) -> str:
    number = company.document()
    decide(company, number, LOST, amount=69)
    return number


def doubtful(company: Company) -> str:
    number = company.document()
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance=80)
    return number


def doubtful_and_lost_in_part(company: Company) -> str:
    number = doubtful(company)
    decide(company, number, LOST, amount=69)
    return number


def credited_in_part(company: Company) -> str:
    number = all_lost(company)
    company.document("credit-memos", "20.00", relatedDocumentIdent=number)
    return number


CASES: dict[str, tuple[Callable[[Company], str], str, str]] = {
    "all of it was lost": (all_lost, "100.00", "30.00"),
    "a part was lost": (lost_in_part, "60.00", "70.00"),
    "a part was lost, and what was open paid": (lost_in_part, "40.00", "70.00"),
    "all of it was lost, and a part credited": (credited_in_part, "80.00", "30.00"),
    "doubtful": (doubtful, "100.00", "30.00"),
    "doubtful, and paid beyond": (doubtful, "130.00", "20.00"),
    "doubtful, and a part was lost": (doubtful_and_lost_in_part, "60.00", "70.00"),
}


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_what_is_left_is_divided_as_if_the_other_had_never_been(company: Company, case: str, by_hand: bool, cash: bool) -> None:
    """Each of both may go, in any order; and a return that was a mistake is taken back."""
    company.take_parts()
    if cash:
        tax_on_receipt(company)
    begun, first, second = CASES[case]
    number = begun(company)
    before, owed = books(company), balance(company, number)
    later = put(company, second, number, "b")
    alone, left = books(company), balance(company, number)
    reversed_by_hand(company, later)
    assert (books(company, 1200, 1792), balance(company, number)) == (before, owed)
    earlier = put(company, first, number, "a")
    waiting = company.tenant.rows("SELECT ident FROM payment WHERE end_to_end_ident = 'b'")[0].ident
    body = {"paymentIdent": waiting, "targetIdent": number}
    later = company.call("POST", "/v2/payment-assignments", body, 201)["paymentAssignmentIdent"]
    both, of_both = books(company, 1200, 1792), balance(company, number)
    if by_hand:
        reversed_by_hand(company, earlier)
    else:
        mistake = returned(company, "a", first)
    assert (books(company, 1200, 1792), balance(company, number)) == ({k: v for k, v in alone.items() if k != 1200}, left)
    company.sound()
    if not by_hand:
        reversed_by_hand(company, mistake)
        assert (books(company, 1200, 1792), balance(company, number)) == (both, of_both)
        company.sound()
        reversed_by_hand(company, earlier)
    reversed_by_hand(company, later)
    assert (books(company, 1200, 1792), balance(company, number)) == (before, owed)
    company.sound()


def test_the_difference_is_booked(company: Company) -> None:
    company.take_parts()
    number = all_lost(company)
    put(company, "100.00", number, "a")
    put(company, "30.00", number, "b")
    since = last(company)
    returned(company, "a", "100.00")
    assert entries(company, since)[1:] == ["UNCOLLECTABLE_RECEIVABLE: D 10000 11, C 2732 9.24, C 1776 1.76"]
    assert balance(company, number) == 0
    company.sound()


def test_a_credit_in_foreign_currency_is_what_it_was_worth(company: Company) -> None:
    company.take_parts()
    number = company.document(**DOLLARS)
    decide(company, number, LOST)
    dollars = {"originalAmount": {"amount": "100.00", "currency": "USD"}, "exchangeRate": "1.1111"}
    put(company, "90.00", number, "a", **dollars)
    more = {"originalAmount": {"amount": "30.00", "currency": "USD"}, "exchangeRate": "1.2000"}
    put(company, "25.00", number, "b", **more)
    returned(company, "a", "90.00", **dollars)
    sums = company.sums()
    assert (balance(company, number), sums.get(10000, D(0))) == (D(0), D(0))
    assert sums[2732] + sums[1776] == D("-27.27")  # 30.00 at the rate of the invoice
    assert sums[2151] == D("2.27")
    company.sound()


@pytest.mark.parametrize("reductions", [("DISCOUNT", LOST), ("DISCOUNT", "DISCOUNT")])
def test_no_cent_of_tax_on_receipt_stays_when_all_is_undone(company: Company, reductions: tuple[str, str]) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document(items=TWO)
    before, owed = books(company), balance(company, number)
    put(company, "100.00", number, "a")
    decided = [decide(company, number, reductions[0], amount=50), decide(company, number, reductions[1])]
    returned(company, "a", "100.00")
    for it in reversed(decided):
        revert(company, it)
    assert (books(company), balance(company, number)) == (before, owed)
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("goes", [False, True])
def test_what_a_credit_took_back_of_a_loss_is_owed_by_nobody(company: Company, goes: bool, cash: bool) -> None:
    """Whether the payment goes before the counter decision or after it."""
    company.take_parts()
    if cash:
        tax_on_receipt(company)
    number = company.document()
    decision = decide(company, number, LOST)
    company.document("credit-memos", "20.00", relatedDocumentIdent=number)
    put(company, "47.60", number, "a")
    if goes:
        returned(company, "a", "47.60")
    revert(company, decision)
    (owed,) = company.tenant.rows("SELECT sum(balance) AS it FROM opos_case")
    assert D(owed.it) == (D("95.20") if goes else D("47.60"))
    company.sound()
    if not goes:
        returned(company, "a", "47.60")
        (owed,) = company.tenant.rows("SELECT sum(balance) AS it FROM opos_case")
        assert D(owed.it) == D("95.20")
    sums = company.sums()
    assert sums.get(2406, D(0)) + sums.get(2732, D(0)) == 0  # a loss, and what money brought back of it
    company.sound()


def undone(company: Company, decision: Any) -> bool:
    """Not where payments have brought all of it back: those go first."""
    path = f"/v2/opos-cases/{decision['oposCaseIdent']}/decisions/{decision['ident']}/actions/revert"
    answer = company.client.post(path, headers=company.headers)
    assert answer.status_code == 200 or "have taken it back" in answer.text
    return bool(answer.status_code == 200)


def happens(company: Company, number: str, name: str, chance: Random) -> Callable[[], str | bool]:
    """A payment or a decision; answers what undoes it."""
    amount, owed = D(chance.randint(100, 20000)) / 100, balance(company, number)
    if chance.random() < 0.5 or owed <= 0:
        ident = put(company, str(amount), number, name)
        ways = [lambda: returned(company, name, str(amount)), lambda: reversed_by_hand(company, ident)]
        return chance.choice(ways)
    decision = decide(company, number, chance.choice([LOST, "DISCOUNT"]), amount=str(min(amount, owed)))
    return lambda: undone(company, decision)


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_all_is_undone_the_books_are_as_before(company: Company, seed: int, cash: bool) -> None:
    chance = Random(seed)
    company.take_parts()
    if cash:
        tax_on_receipt(company)
    number = company.document(items=TWO)
    before, owed = books(company), balance(company, number)
    undoing = [happens(company, number, f"E-{at}", chance) for at in range(6)]
    chance.shuffle(undoing)
    while undoing:
        undo = undoing.pop(0)
        if not undo():
            undoing.append(undo)
        company.sound()
    assert (books(company, 1200, 1792), balance(company, number)) == (before, owed)


@pytest.mark.parametrize("goes", [False, True], ids=["stays", "goes"])
@pytest.mark.parametrize("came_before", ["", "19.00"], ids=["nothing", "a_part"])
def test_money_for_a_loss_that_was_issued_anew_recovers_it(company: Company, came_before: str, goes: bool) -> None:
    """The loss stays on the open item on which it was decided; the money names the document in its place."""
    company.take_parts()
    lost = all_lost(company)
    if came_before:
        put(company, came_before, lost, "early")
    made = company.call("POST", f"/v2/documents/{lost}/actions/reissue", {"requestId": "anew"}, 202)
    company.work()
    number = company.call("GET", f"/v2/documents/requests/{made['requestId']}")["documentIdent"]
    since, before = last(company), books(company, 1200, 1792)
    late = put(company, "59.50", number, "late")
    assert balance(company, number) == 0
    recovered = "PAYMENT: D 1792 59.5, C 2732 50, C 1776 9.5"
    assert entries(company, since)[1:] == [recovered]
    company.sound()
    if goes:
        reversed_by_hand(company, late)
        assert (books(company, 1200, 1792), balance(company, number)) == (before, 0)
        company.sound()
