"""Skonto, deposits and credits of one supply, in any order: what is granted belongs to the supply, and credits take back just that."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing
from tests.factories.companies import Company, a_row_of

from contor.documents import treatment
from contor.documents.amounts import totals
from contor.documents.amounts.discounts import plus
from contor.documents.treatment import TaxPart
from contor.kernel.shapes import replace

D = Decimal
BANK, INTERIM, DEBTOR = 1200, 1792, 10000


def skonto(percentage: int) -> dict[str, Any]:
    return {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": percentage}]}


def a_row(ident: str, net: str, rate: int = 19, **more: Any) -> dict[str, Any]:
    return {**a_row_of(net, rate), "ident": ident, **more}


def all_but_the_customer(company: Company) -> dict[int, Decimal]:
    return {account: amount for account, amount in company.sums().items() if account not in (BANK, INTERIM, DEBTOR)}


def discounts(company: Company) -> dict[int, Decimal]:
    """What stands on the accounts of discounts, and of the tax at 7 %."""
    return {account: amount for account, amount in company.sums().items() if account in (8731, 8736, 1771)}


def final_of(company: Company, deposit: str, deposit_rate: int, net: str, percentage: int) -> str:
    number = company.document("deposit-invoices", items=[a_row("i-1", deposit, deposit_rate)])
    gross = company.call("GET", f"/v2/opos-cases/{number}")["balance"]
    assert company.pay(str(gross), number)["status"] == "ASSIGNED"
    return company.document(net=net, relatedDocumentIdent=number, paymentTerm=skonto(percentage))


@pytest.mark.parametrize(
    ("deposit", "rate", "net", "percentage", "paid", "credits", "payables"),
    [
        ("1000.00", 19, "2000.00", 3, "1154.30", ["2000.00"], ["2344.30"]),
        ("1000.00", 19, "2000.00", 3, "1154.30", ["500.00", "1500.00"], ["586.07", "1758.23"]),
        ("500.00", 19, "800.00", 2, "349.86", ["800.00"], ["944.86"]),
        # deposits of another rate: the discount is one on the supply at 19 %
        ("100.00", 7, "333.33", 3, "280.97", ["333.33"], ["387.97"]),
        ("100.00", 7, "333.33", 3, "280.97", ["100.00", "233.33"], ["116.39", "271.58"]),
        ("50.00", 7, "400.00", 2, "414.05", ["123.45", "276.55"], ["144.30", "323.25"]),
    ],
)
def test_credits_of_a_final_invoice_take_back_what_was_granted(
    company: Company, deposit: str, rate: int, net: str, percentage: int, paid: str, credits: list[str], payables: list[str]
) -> None:
    final = final_of(company, deposit, rate, net, percentage)
    assert company.pay(paid, final)["status"] == "ASSIGNED"
    assert company.case(final)["status"] == "CLOSED"
    assert set(discounts(company)) <= {8736}
    found = []
    for credit in credits:
        memo = company.document("credit-memos", credit, relatedDocumentIdent=final)
        found.append(f"{D(str(company.case(memo)['balance'])):.2f}")
    assert found == payables
    # what was received on the deposit was for a supply that is taken back: it is the customer's, as what he paid on the final invoice
    assert all_but_the_customer(company) == {}
    company.sound()


@pytest.mark.parametrize(
    ("rows", "percentage", "credited", "paid", "granted", "payable"),
    [
        (("100.00", "50.00"), 2, "i-1", "169.05", "1.07", "52.43"),
        (("100.00", "50.00"), 2, "i-2", "169.05", "2.38", "116.62"),
        (("33.33", "77.77"), 3, "i-1", "119.18", "2.50", "80.71"),
    ],
)
def test_a_discount_after_a_credit_belongs_to_the_rows_that_are_left(
    company: Company, rows: tuple[str, str], percentage: int, credited: str, paid: str, granted: str, payable: str
) -> None:
    by_ident = {"i-1": a_row("i-1", rows[0]), "i-2": a_row("i-2", rows[1], 7)}
    invoice = company.document(items=list(by_ident.values()), paymentTerm=skonto(percentage))
    company.document("credit-memos", items=[by_ident.pop(credited)], relatedDocumentIdent=invoice)
    assert company.pay(paid, invoice)["status"] == "ASSIGNED"
    account, rate = (8731, D("1.07")) if credited == "i-1" else (8736, D("1.19"))
    assert {number: f"{amount * rate:.2f}" for number, amount in discounts(company).items() if number != 1771} == {account: granted}
    memo = company.document("credit-memos", items=list(by_ident.values()), relatedDocumentIdent=invoice)
    assert D(str(company.case(memo)["balance"])) == D(payable)
    assert all_but_the_customer(company) == {}
    assert company.sums().get(DEBTOR) == -D(paid)
    company.sound()


@pytest.mark.parametrize(
    ("nets", "paid", "parts", "payables"),
    [
        (("100.00", "80.00"), ["116.62", "93.30"], [("90.00", "10.00"), ("10.00", "70.00")], ["116.62", "93.30"]),
        (("33.33", "7.77"), ["38.87", "9.06"], [("11.11", "3.33"), ("22.22", "4.44")], ["16.84", "31.09"]),
    ],
)
def test_one_memo_credits_several_invoices(
    company: Company, nets: tuple[str, str], paid: list[str], parts: list[tuple[str, str]], payables: list[str]
) -> None:
    """Rows of one ident say whose they are; each invoice has its own limit, its own discount, and a second memo sees what is left."""
    one, two = (company.document(net=net, paymentTerm=skonto(2)) for net in nets)
    for number, amount in zip((one, two), paid, strict=True):
        assert company.pay(amount, number)["status"] == "ASSIGNED"

    def both(first: str, second: str) -> dict[str, Any]:
        rows = [
            a_row(f"c-{number}", net, referenceIdent="i-1", relatedDocumentIdent=number)
            for number, net in ((one, first), (two, second))
        ]
        return {"items": rows, "relatedDocumentIdents": [one, two]}

    found = []
    for first, second in parts:
        memo = company.document("credit-memos", **both(first, second))
        said = company.call("GET", f"/v2/documents/{memo}")
        assert [row["relatedDocumentIdent"] for row in said["items"]] == [one, two]
        assert said["relatedDocumentIdents"] == [one, two]
        found.append(f"{D(str(company.case(memo)['balance'])):.2f}")
        company.sound()
    assert found == payables
    assert all_but_the_customer(company) == {}
    refused = company.ask("credit-memos", 400, **both("0.01", "0.01"))
    assert [it["error"] for it in refused["errors"]] == [f"only 0.00 EUR are left of row i-1 of {number}" for number in (one, two)]
    unsaid = [a_row("i-1", "0.01")]
    refused = company.ask("credit-memos", 400, items=unsaid, relatedDocumentIdents=[one, two])
    assert [it["fieldName"] for it in refused["errors"]] == ["items[0].relatedDocumentIdent"]


def planted(company: Company, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, wrong: Any) -> list[str]:
    """What the checks say of an invoice over two rates whose discount is credited, with one function that does something else."""
    honest = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: wrong(honest(*given)))
    rows = [a_row("i-1", "100.00"), a_row("i-2", "50.00", 7)]
    invoice = company.document(items=rows, paymentTerm=skonto(2))
    company.pay("169.05", invoice)
    company.document("credit-memos", items=rows, relatedDocumentIdent=invoice)
    return [finding.check for finding in company.tenant.broken()]


def test_what_is_taken_back_twice_is_found(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    found = planted(company, monkeypatch, totals, "taken_back", lambda parts: tuple(plus(it, it) for it in parts))
    assert "documents.credits_take_back_no_more_than_was_granted" in found


def test_what_is_not_taken_back_is_found(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    found = planted(company, monkeypatch, totals, "taken_back", lambda parts: parts[:1])
    assert "documents.credits_take_back_no_more_than_was_granted" in found


def test_a_discount_that_raises_another_rate_is_found(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(parts: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
        first, second = parts
        return (
            replace(first, gross=first.gross + 2 * second.gross, net=first.net + 2 * second.gross),
            replace(second, gross=-second.gross, net=-second.net, tax=-second.tax),
        )

    found = planted(company, monkeypatch, treatment, "of_decision", wrong)
    assert "openitems.a_reduction_raises_no_tax" in found


@pytest.mark.parametrize(
    ("paid", "balance", "reason"),
    [("116.62", 0, None), ("117.00", 0, None), ("119.00", 0, None), ("114.24", 119, "UNDERPAID"), ("116.61", 119, "UNDERPAID")],
)
def test_after_a_credit_was_cleared_no_more_is_deducted_than_is_granted(
    company: Company, paid: str, balance: int, reason: str | None
) -> None:
    """2 % of 238.00, of which 119.00 were credited and cleared: 2.38, not the 4.76 of the document."""
    invoice = company.document(items=[a_row("i-1", "100.00"), a_row("i-2", "100.00")], paymentTerm=skonto(2))
    company.document("credit-memos", items=[a_row("i-1", "100.00")], relatedDocumentIdent=invoice)
    assert clearing(company, customerIdent="muster-handel", currency="EUR")["status"] == "COMPLETED"
    assert company.case(invoice)["balance"] == 119
    payment = company.pay(paid, invoice)
    assert (company.case(invoice)["balance"], payment.get("reason")) == (balance, reason)
    found = company.call("GET", f"/v2/payments/{payment['paymentIdent']}/suggestions")["suggestions"]
    assert [(D(str(one["amount"])), one["reason"]) for one in found] == ([(D(paid), reason)] if reason else [])
    company.sound()


def test_a_transfer_for_several_deducts_of_each_what_is_granted(company: Company) -> None:
    rows = [a_row("i-1", "100.00"), a_row("i-2", "100.00")]
    invoice, other = company.document(items=rows, paymentTerm=skonto(2)), company.document(paymentTerm=skonto(2))
    company.document("credit-memos", items=rows[:1], relatedDocumentIdent=invoice)
    clearing(company, customerIdent="muster-handel", currency="EUR")
    owed = [D(str(company.case(number)["balance"])) for number in (invoice, other)]
    assert company.pay(str(sum(owed) - D("4.76")), f"{invoice} {other}")["status"] == "ASSIGNED"
    assert [company.case(number)["balance"] for number in (invoice, other)] == [0, 0]
    company.sound()
