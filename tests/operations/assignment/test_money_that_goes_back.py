"""Taxed on receipt (section 20 UStG): what was taxed is taken back when the money goes back, wherever what returns it is assigned."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.factories.companies import Company, a_row_of

D = Decimal
BANK, INTERIM, DEBTOR = 1200, 1792, 10000
DUE, DUE_7, NOT_DUE, NOT_DUE_7 = 1776, 1771, 1766, 1761
DOLLARS = {"currency": "USD", "exchangeRate": {"rate": "1.0937", "date": "2026-11-02"}}


@pytest.fixture
def cash(company: Company) -> Company:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    company.take_parts()
    return company


def returned(company: Company, amount: str, target: str, currency: str = "EUR") -> None:
    """A payment of ours, assigned by hand."""
    dollars = {"originalAmount": {"amount": amount, "currency": "USD"}, "exchangeRate": "1.0937"}
    euro = str((D(amount) / D("1.0937")).quantize(D("0.01"))) if currency == "USD" else amount
    made = company.pay(euro, "returned", creditDebitIndicator="DEBIT", **(dollars if currency == "USD" else {}))
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": target}, 201)
    company.sound()


def bounce(company: Company, at: int = 0) -> None:
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    company.call("POST", f"/v2/payment-assignments/{made[at]['paymentAssignmentIdent']}/actions/reverse")
    company.sound()


def tax(company: Company) -> dict[int, Decimal]:
    return {account: amount for account, amount in company.sums().items() if account in (DUE, DUE_7, NOT_DUE, NOT_DUE_7)}


def books(company: Company) -> dict[int, Decimal]:
    """What is not even, but for the bank and the money that waits there."""
    return {account: amount for account, amount in company.sums().items() if account not in (BANK, INTERIM)}


def row(net: str, rate: int, number: int) -> dict[str, object]:
    """The row of an invoice, or of a memo over it."""
    return a_row_of(net, rate) | {"ident": f"i-{number}"}


def test_what_goes_back_on_an_invoice_is_taxed_no_more(cash: Company) -> None:
    invoice = cash.document(net="100.00")
    cash.pay("119.00", invoice)
    returned(cash, "50.00", invoice)
    assert tax(cash) == {DUE: D("-11.02"), NOT_DUE: D("-7.98")}
    cash.pay("50.00", invoice)
    assert tax(cash) == {DUE: D("-19.00")}


def test_what_was_credited_goes_back_on_the_invoice(cash: Company) -> None:
    invoice = cash.document(net="100.00")
    cash.pay("119.00", invoice)
    cash.document("credit-memos", "100.00", relatedDocumentIdent=invoice)
    returned(cash, "119.00", invoice)
    assert books(cash) == {}


@pytest.mark.parametrize("again", [False, True])
def test_what_was_returned_and_bounces_is_taken_back_once(cash: Company, again: bool) -> None:
    invoice = cash.document(net="100.00")
    cash.pay("119.00", invoice)
    memo = cash.document("credit-memos", "100.00", relatedDocumentIdent=invoice)
    returned(cash, "119.00", memo)
    assert books(cash) == {}
    bounce(cash)
    assert books(cash) == {DEBTOR: D("119.00")}
    if again:  # what he pays then is what was given to him
        cash.pay("119.00", invoice)
    else:  # or what was returned did not arrive
        bounce(cash, 1)
    assert tax(cash) == {}


def test_what_was_never_paid_gives_no_tax_back(cash: Company) -> None:
    invoice = cash.document(net="100.00")
    memo = cash.document("credit-memos", "100.00", relatedDocumentIdent=invoice)
    returned(cash, "119.00", memo)
    assert books(cash) == {DEBTOR: D("119.00")}


@pytest.mark.parametrize("credited", [0, 1])
def test_in_dollars_what_was_paid_of_credited_rows_pays_the_others(cash: Company, credited: int) -> None:
    rows = [row("700.00", 19, 1), row("300.00", 7, 2)]
    invoice = cash.document(items=rows, **DOLLARS)
    dollars = {"originalAmount": {"amount": "600.00", "currency": "USD"}, "exchangeRate": "1.0937"}
    cash.pay("548.60", invoice, **dollars)
    memo = cash.document("credit-memos", items=[rows[credited]], relatedDocumentIdent=invoice, currency="USD")
    if credited:  # 600 of 833 are paid, and nothing of them is for what is not owed
        assert tax(cash) == {DUE: D("-87.60"), NOT_DUE: D("-34.01")}
    else:
        returned(cash, "279.00", memo, "USD")
        assert tax(cash) == {DUE_7: D("-19.20")}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_goes_back_on_a_memo_is_what_was_taxed(cash: Company, order: Sequence[int]) -> None:
    """Not what the rows of the memo say."""
    rows = [row("400.00", 19, 1), row("300.00", 7, 2)]
    invoice = cash.document(items=rows)
    cash.pay("200.00", invoice)
    memos = [cash.document("credit-memos", items=[one], relatedDocumentIdent=invoice) for one in rows]
    returned(cash, "200.00", memos[order[0]])
    assert tax(cash) == {}
    returned(cash, "50.00", memos[order[1]])
    assert tax(cash) == {}


@pytest.mark.parametrize("credited", [0, 1])
def test_partly_credited_and_paid_all_that_is_left_is_due(cash: Company, credited: int) -> None:
    invoice = cash.document(items=[row("400.00", 19, 1), row("100.00", 7, 2)])
    taken, left = (row("60.00", 7, 2), "518.80") if credited else (row("40.00", 19, 1), "535.40")
    cash.document("credit-memos", items=[taken], relatedDocumentIdent=invoice)
    cash.pay(left, invoice)
    due = {DUE: D("-76.00"), DUE_7: D("-2.80")} if credited else {DUE: D("-68.40"), DUE_7: D("-7.00")}
    assert tax(cash) == due


@pytest.mark.parametrize("method", ["FINAL", "REMAINDER", "REVERSAL"])
@pytest.mark.parametrize("way", ["reversed", "on the deposit", "on the memo"])
@pytest.mark.parametrize("currency", ["EUR", "USD"])
@pytest.mark.parametrize(("rate", "rows"), [(19, [("1000.00", 19)]), (7, [("400.00", 19), ("300.00", 7)])])
def test_deposits_go_back_with_their_tax(
    cash: Company, method: str, way: str, currency: str, rate: int, rows: list[tuple[str, int]]
) -> None:
    more = DOLLARS if currency == "USD" else {}

    def pay(amount: str, document: str) -> None:
        euro = str((D(amount) / D("1.0937")).quantize(D("0.01"))) if more else amount
        dollars = {"originalAmount": {"amount": amount, "currency": "USD"}, "exchangeRate": "1.0937"} if more else {}
        assert cash.pay(euro, document, **dollars)["status"] == "ASSIGNED"

    deposit = cash.document("deposit-invoices", items=[row("100.00", rate, 1)], **more)
    pay("107.00", deposit)
    items = [row(*one, at) for at, one in enumerate(rows, 1)]
    properties = [{"key": "finalInvoiceMethod", "value": method}]
    if method == "REVERSAL":
        of_it = {"currency": "USD"} if more else {}
        cash.document("deposit-invoice-corrections", items=[row("100.00", rate, 1)], relatedDocumentIdent=deposit, **of_it)
    final = cash.document(items=items, relatedDocumentIdent=deposit, properties=properties, **more)
    pay("300.00", final)
    memo = cash.document("credit-memos", items=items, relatedDocumentIdent=final, **({"currency": "USD"} if more else {}))
    if way == "reversed":
        bounce(cash)
    else:
        returned(cash, "107.00", deposit if way == "on the deposit" else memo, currency)
    returned(cash, "300.00", memo, currency)
    assert tax(cash) == {}
