"""What an assignment did is undone by the return of its payment as by its reversal: every account and every balance is as it was before
(posting table rows 10 to 24, 28). What a surplus was used for is named, or taken back first."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, entries, last, said, tax_on_receipt
from tests.factories.companies import Company, a_row_of

D = Decimal
BANK, INTERIM, GAIN, LOSS = 1200, 1792, 2661, 2151
SKONTO = {"paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}}
DOLLARS = {"currency": "USD", "exchangeRate": {"rate": "1.1000", "date": "2026-11-02"}}


def in_dollars(euro: str, amount: str) -> dict[str, Any]:
    rate = (D(amount) / D(euro)).quantize(D("0.00001"))
    return {"originalAmount": {"amount": amount, "currency": "USD"}, "exchangeRate": str(rate)}


def paid(company: Company, amount: str, number: str, **more: Any) -> dict[str, Any]:
    """Put to the document by hand, where it does not go by itself."""
    made = company.pay(amount, "?", endToEndIdent="E-1", **more)
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": number}, 201)
    return dict(made)


def came_back(company: Company, amount: str, status: str = "ASSIGNED", **more: Any) -> dict[str, Any]:
    information = {"reasonCode": "AM04"}
    back = company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent="E-1", returnInformation=information, **more)
    assert back["status"] == status, back
    return dict(back)


def reverse(company: Company, at: int, status: int = 200) -> Any:
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    return company.call("POST", f"/v2/payment-assignments/{made[at]['paymentAssignmentIdent']}/actions/reverse", status=status)


def balance(company: Company, number: str) -> Decimal:
    return D(str(company.case(number)["balance"]))


def invoice(company: Company) -> str:
    return company.document()


def of_two_rates(company: Company) -> str:
    return company.document(items=[a_row_of("100.00"), a_row_of("100.00", 7) | {"ident": "i-2"}])


def with_skonto(company: Company) -> str:
    return company.document(**SKONTO)


def doubtful(company: Company) -> str:
    number = company.document()
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance=60)
    return number


def doubted_in_dollars(company: Company) -> str:
    number = company.document(**DOLLARS)
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance=60)
    return number


def doubtful_with_skonto(company: Company) -> str:
    number = company.document(**SKONTO)
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance=60)
    return number


def written_off(company: Company) -> str:
    number = company.document()
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE")
    return number


def written_off_in_part(company: Company) -> str:
    number = of_two_rates(company)
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE", amount=100)
    return number


def lost_out_of_the_allowance(company: Company) -> str:
    number = doubtful(company)
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE")
    return number


def with_a_small_rest_given_up(company: Company) -> str:
    number = company.document()
    decide(company, number, "DISCOUNT", amount=1)
    return number


def deposit(company: Company) -> str:
    return company.document("deposit-invoices")


def deposit_memo(company: Company) -> str:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = false")
    return deposit(company)


def dollars(company: Company) -> str:
    return company.document(**DOLLARS)


def deposit_in_dollars(company: Company) -> str:
    return company.document("deposit-invoices", **DOLLARS)


USD = in_dollars("105.00", "119.00")
ROWS: dict[str, tuple[Callable[[Company], str], str, dict[str, Any]]] = {
    "15 whole": (invoice, "119.00", {}),
    "15 part": (of_two_rates, "50.01", {}),
    "18 too much": (invoice, "150.00", {}),
    "19": (with_skonto, "116.62", {}),
    "19 given up before": (with_a_small_rest_given_up, "118.00", {}),
    "21 whole": (doubtful, "119.00", {}),
    "21 part": (doubtful, "33.33", {}),
    "21 too much": (doubtful, "150.00", {}),
    "21 in dollars": (doubted_in_dollars, "105.00", USD),
    "21 with 19": (doubtful_with_skonto, "116.62", {}),
    "24 whole": (written_off, "119.00", {}),
    "24 part": (written_off, "50.00", {}),
    "24 too much": (written_off, "150.00", {}),
    "24 and what was open": (written_off_in_part, "180.00", {}),
    "24 after an allowance": (lost_out_of_the_allowance, "119.00", {}),
    "28 gain": (dollars, "115.00", in_dollars("115.00", "119.00")),
    "28 loss": (dollars, "105.00", USD),
    "28 too much": (dollars, "130.00", in_dollars("130.00", "150.00")),
    "28 part": (dollars, "44.00", in_dollars("44.00", "50.00")),
    "10": (deposit, "119.00", {}),
    "10 part": (deposit, "50.00", {}),
    "10 too much": (deposit, "150.00", {}),
    "10 without receivable": (deposit_memo, "119.00", {}),
    "10 in dollars": (deposit_in_dollars, "105.00", USD),
}


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("row", ROWS)
def test_all_accounts_are_as_before(company: Company, row: str, cash: bool) -> None:
    """Reversed, and assigned again, and returned, which was a mistake: reversed as well."""
    company.take_parts()
    if cash:
        tax_on_receipt(company)
    begun, amount, more = ROWS[row]
    number = begun(company)
    before, owed = company.sums(), balance(company, number)
    payment = paid(company, amount, number, **more)
    assigned, left = company.sums(), balance(company, number)
    reverse(company, 0)
    waits = company.sums()
    assert (waits.pop(BANK), waits.pop(INTERIM)) == (D(amount), -D(amount))
    assert (waits, balance(company, number)) == (before, owed)
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": payment["paymentIdent"], "targetIdent": number}, 201)
    assert (company.sums(), balance(company, number)) == (assigned, left)
    company.sound()
    came_back(company, amount, **more)
    assert (company.sums(), balance(company, number)) == (before, owed)
    company.sound()
    reverse(company, 2)
    again = company.sums()
    assert again.pop(INTERIM) == D(amount)
    assert again.pop(BANK, D(0)) == 0
    assert (again, balance(company, number)) == ({k: v for k, v in assigned.items() if k != BANK}, left)
    company.sound()


# --- row 28: only what the two payments differ by is a result -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "went", "result"),
    [
        ("105.00", "105.00", {}),
        ("115.00", "117.00", {LOSS: D(2)}),
        ("115.00", "110.00", {GAIN: D(-5)}),
        ("100.00", "101.00", {LOSS: D(1)}),
    ],
)
@pytest.mark.parametrize("waited", [False, True])
def test_a_return_restores_the_receivable_at_its_own_rate(
    company: Company, came: str, went: str, result: dict[int, Decimal], waited: bool
) -> None:
    number = dollars(company)
    before = company.sums()
    back = {**in_dollars(went, "119.00")}
    if waited:
        came_back(company, went, "OPEN", **back)
    company.pay(came, number, endToEndIdent="E-1", **in_dollars(came, "119.00"))
    if not waited:
        came_back(company, went, **back)
    assert {account: amount for account, amount in company.sums().items() if account not in (BANK, INTERIM)} == before | result
    assert company.sums().get(BANK, 0) == D(came) - D(went)
    assert balance(company, number) == D(119)
    company.sound()


@pytest.mark.parametrize("waited", [False, True])
@pytest.mark.parametrize(("went", "result"), [("180.00", {}), ("171.00", {GAIN: D(-9)}), ("182.01", {LOSS: D("2.01")})])
def test_what_waits_of_foreign_money_meets_its_return(
    company: Company, went: str, result: dict[int, Decimal], waited: bool
) -> None:
    number = dollars(company)
    before = company.sums()
    made = company.pay("180.00", "?", endToEndIdent="E-1", **in_dollars("180.00", "200.00"))
    if waited:
        came_back(company, went, "OPEN", **in_dollars(went, "200.00"))
    body = {"paymentIdent": made["paymentIdent"], "targetIdent": number, "amount": "119.00"}
    company.call("POST", "/v2/payment-assignments", body, 201)
    if not waited:
        came_back(company, went, **in_dollars(went, "200.00"))
    sums = company.sums()
    assert sums.pop(BANK, D(0)) == 180 - D(went)
    assert sums == before | result
    statuses = [row.status for row in company.tenant.rows("SELECT status FROM payment ORDER BY id")]
    assert (statuses, balance(company, number)) == (["ASSIGNED"] * 2, 119)
    company.sound()


# --- what a surplus was used for --------------------------------------------------------------------------------------------------


def overpaid(company: Company) -> tuple[str, str]:
    """An invoice, and another one that its surplus of 81.00 has paid a part of."""
    company.take_parts()
    number = company.document()
    paid(company, "200.00", number)
    another = company.document()
    return number, another


def paid_out(company: Company, amount: str, number: str) -> None:
    made = company.pay(amount, "refund", creditDebitIndicator="DEBIT")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": number}, 201)


@pytest.mark.parametrize("cash", [False, True])
def test_a_surplus_that_was_cleared_stands_in_the_way_of_the_reversal(company: Company, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    number, another = overpaid(company)
    run = clearing(company, customerIdent="muster-handel", currency="EUR")
    assert (balance(company, number), balance(company, another)) == (0, 38)
    refused = reverse(company, 0, 400)
    assert f"What was paid on {number} beyond it was used by clearing run {run['ident']}: reverse that first." in said(refused)
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    reverse(company, 0)
    assert (balance(company, number), balance(company, another)) == (119, 119)
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
def test_a_return_takes_back_what_its_surplus_has_cleared(company: Company, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    number, another = overpaid(company)
    run = clearing(company, customerIdent="muster-handel", currency="EUR")
    since = last(company)
    came_back(company, "200.00")
    assert (balance(company, number), balance(company, another)) == (119, 119)
    tax = {account: amount for account, amount in company.sums().items() if account in (1766, 1776)}
    assert tax == {1766 if cash else 1776: D(-38)}
    assert "CLEARING: D 10000 -81, C 10000 -81" in entries(company, since)
    company.sound()
    items = company.call("GET", f"/v2/opos-cases/clearing-runs/{run['ident']}/items")["_embedded"]
    assert {it["status"] for it in items if it["amount"] == 81} == {"REVERSED"}
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
def test_a_surplus_that_was_paid_out_is_owed_once_its_payment_comes_back(company: Company, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    number, _ = overpaid(company)
    paid_out(company, "81.00", number)
    refused = reverse(company, 0, 400)
    assert f"What was paid on {number} beyond it was used by assignment" in said(refused)
    company.sound()
    came_back(company, "200.00")
    assert balance(company, number) == 200
    assert {account: amount for account, amount in company.sums().items() if account in (1766, 1776)} == (
        {1766: D(-38)} if cash else {1776: D(-38)}
    )
    company.sound()


def test_a_surplus_that_is_there_still_stands_in_no_way(company: Company) -> None:
    """What is left has paid for what it was used for."""
    number, another = overpaid(company)
    clearing(company, customerIdent="muster-handel", currency="EUR")
    paid(company, "119.00", number)
    reverse(company, 0)
    assert (balance(company, number), balance(company, another)) == (81, 38)
    company.sound()


def test_of_what_we_owe_the_same(company: Company) -> None:
    """Too much was paid out on a credit memo: that is a debt, which was cleared with another memo."""
    company.take_parts()
    number = company.document(net="300.00")
    first, second = (company.document("credit-memos", "100.00", relatedDocumentIdent=number) for _ in range(2))
    company.pay("357.00", number)
    paid_out(company, "200.00", first)
    assert balance(company, first) == 81
    run = clearing(company, cases=[first, second])
    assert (balance(company, first), balance(company, second)) == (0, 38)
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]
    path = f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse"
    refused = company.call("POST", path, status=400)
    assert f"used by clearing run {run['ident']}" in said(refused)
    company.sound()
