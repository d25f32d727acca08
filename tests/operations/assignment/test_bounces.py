"""A payment bounces after a correction or a credit took something back: nothing is taken back twice, and no account keeps a cent."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.factories.companies import Company, a_row_of, day_here

D = Decimal
INTERIM = 1792
BANK = 1200


def bounce(company: Company, at: int = 0) -> None:
    """The payment's assignment (in the order made) is reversed."""
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    company.call("POST", f"/v2/payment-assignments/{made[at]['paymentAssignmentIdent']}/actions/reverse")
    company.sound()


def balance(company: Company, number: str) -> Decimal:
    """What is open of a document, digit for digit as it was answered."""
    return D(str(company.case(number)["balance"]))


def books(company: Company) -> dict[int, Decimal]:
    """What is not even, but for the money that waits at the bank."""
    sums = company.sums()
    assert sums.pop(BANK, 0) + sums.pop(INTERIM, 0) == 0
    return sums


@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(
    ("net", "paid", "currency"),
    [
        ("500.00", ["595.00"], "EUR"),
        ("333.33", ["100.01", "296.65"], "EUR"),
        ("2000.00", ["700.00"], "EUR"),
        ("77.77", ["92.55"], "USD"),
    ],
)
def test_a_corrected_deposit_whose_payment_bounces_leaves_nothing(
    company: Company, net: str, paid: list[str], currency: str, is_memo: bool
) -> None:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    company.take_parts()
    more = {"currency": "USD", "exchangeRate": {"rate": "1.0937", "date": day_here()}} if currency == "USD" else {}
    deposit = company.document("deposit-invoices", net, **more)
    for part in paid:
        euro = str((D(part) / D("1.0937")).quantize(D("0.01"))) if more else part
        dollars = {"originalAmount": {"amount": part, "currency": "USD"}, "exchangeRate": "1.0937"} if more else {}
        assert company.pay(euro, deposit, **dollars)["status"] == "ASSIGNED"
    company.document("deposit-invoice-corrections", net, relatedDocumentIdent=deposit, **({"currency": "USD"} if more else {}))
    for at in range(len(paid)):
        bounce(company, at)
    assert (company.case(deposit)["status"], company.case(deposit)["balance"]) == ("CLOSED", 0)
    assert books(company) == {}


@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(
    ("net", "corrected", "paid", "left"),
    [("500.00", "100.00", ["595.00"], "476.00"), ("333.33", "11.11", ["200.00", "196.66"], "383.44")],
)
def test_of_a_deposit_corrected_in_part_the_rest_is_owed_again(
    company: Company, net: str, corrected: str, paid: list[str], left: str, is_memo: bool
) -> None:
    """Paid again, its tax is that of the rest."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    company.take_parts()
    deposit = company.document("deposit-invoices", net)
    for part in paid:
        company.pay(part, deposit)
    company.document("deposit-invoice-corrections", corrected, relatedDocumentIdent=deposit)
    for at in range(len(paid)):
        bounce(company, at)
    assert balance(company, deposit) == D(left)
    found = books(company)
    assert (found.get(10000, 0), found.get(1718, 0), found.get(1776, 0)) == (0 if is_memo else D(left), 0, 0)
    company.pay(left, deposit)
    net_left = D(net) - D(corrected)
    sums = company.sums()
    assert (sums.get(10000, 0), sums[1718], sums[1776]) == (0, -net_left, net_left - D(left))
    company.sound()


SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}


def revenue_and_tax(company: Company) -> dict[int, Decimal]:
    return {account: amount for account, amount in company.sums().items() if account not in (BANK, INTERIM, 10000)}


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize(("net", "paid"), [("100.00", "116.62"), ("249.90", "291.43")])
def test_no_discount_on_a_supply_that_was_taken_back(company: Company, net: str, paid: str, in_parts: bool) -> None:
    """The money is the customer's: it waits, or stands as his credit."""
    if in_parts:
        company.take_parts()
    number = company.document(net=net, paymentTerm=SKONTO)
    company.document("credit-memos", net, relatedDocumentIdent=number)
    assert company.pay(paid, number)["status"] == ("ASSIGNED" if in_parts else "OPEN")
    assert revenue_and_tax(company) == {}
    assert company.sums().get(10000, 0) == (-D(paid) if in_parts else 0)
    company.sound()


@pytest.mark.parametrize(
    ("net", "credited", "paid", "granted"),
    [
        ("100.00", "50.00", "116.62", "1.19"),  # as the invoice says
        ("100.00", "50.00", "58.31", "1.19"),  # the rest, less the discount
        ("249.90", "100.10", "174.69", "3.57"),
    ],
)
def test_the_discount_is_that_of_what_credits_have_left(company: Company, net: str, credited: str, paid: str, granted: str) -> None:
    number = company.document(net=net, paymentTerm=SKONTO)
    company.document("credit-memos", credited, relatedDocumentIdent=number)
    assert company.pay(paid, number)["status"] == "ASSIGNED"
    left = D(net) - D(credited)
    tax = (left * D("0.19")).quantize(D("0.01"))
    customer = left + tax - D(granted) - D(paid)
    sums = company.sums()
    assert (sums.get(10000, 0), sums[8400], sums[8736] + sums[1776] + tax) == (customer, -left, D(granted))
    company.sound()
    rest = f"{left:.2f}"
    company.document("credit-memos", rest, relatedDocumentIdent=number)
    assert revenue_and_tax(company) == {}
    bounce(company)
    assert books(company) == {}


@pytest.mark.parametrize(
    ("net", "rate", "percentage", "paid"), [("1000.00", 7, 3, "1037.90"), ("100.00", 19, 2, "116.62"), ("333.33", 19, 2, "388.73")]
)
@pytest.mark.parametrize("cash", [False, True])
def test_a_discount_that_a_credit_took_back_is_not_taken_back_again(
    company: Company, net: str, rate: int, percentage: int, paid: str, cash: bool
) -> None:
    if cash:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": percentage}]}
    number = company.document(items=[a_row_of(net, rate)], paymentTerm=term)
    assert company.pay(paid, number)["status"] == "ASSIGNED"
    memo = company.document("credit-memos", items=[a_row_of(net, rate)], relatedDocumentIdent=number)
    assert D(str(company.call("GET", f"/v2/documents/{memo}")["totals"]["payable"])) == D(paid)
    bounce(company)
    assert balance(company, number) == balance(company, memo) == D(paid)
    assert books(company) == {}


def test_of_a_discount_taken_back_in_part_the_rest_is_taken_back_by_the_bounce(company: Company) -> None:
    number = company.document(net="200.00", paymentTerm=SKONTO)
    company.pay("233.24", number)
    company.document("credit-memos", "50.00", relatedDocumentIdent=number)
    bounce(company)
    assert books(company) == {10000: D("178.50"), 8400: D("-150.00"), 1776: D("-28.50")}
    company.document("credit-memos", "150.00", relatedDocumentIdent=number)
    assert books(company) == {}
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("first", [0, 1])
def test_what_one_memo_took_back_of_two_invoices_is_told_apart_by_the_bounce(company: Company, first: int, cash: bool) -> None:
    """The other invoice at the same rate has Skonto left: it is not that of the one whose payment goes."""
    if cash:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    large, small = (company.document(net=net, paymentTerm=SKONTO) for net in ("200.00", "100.00"))
    for amount, number in (("233.24", large), ("116.62", small)):
        assert company.pay(amount, number)["status"] == "ASSIGNED"
    rows = [
        {**a_row_of("100.00"), "ident": f"c-{number}", "referenceIdent": "i-1", "relatedDocumentIdent": number}
        for number in (large, small)
    ]
    company.document("credit-memos", items=rows, relatedDocumentIdents=[large, small])
    bounce(company, (1, 0)[first])
    stands = ((D("2.00"), D("-116.62")), (None, D("2.38")))[first]
    assert (company.sums().get(8736), company.sums()[10000]) == stands
    company.document("credit-memos", "100.00", relatedDocumentIdent=large)
    bounce(company, first)
    assert books(company) == {}


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("by_payment", [False, True])
@pytest.mark.parametrize(
    ("net", "percentage", "first", "last", "left"),
    [
        ("1000.00", 3, "1000.00", "154.30", "1035.70"),
        ("249.90", 2, "91.43", "200.00", "97.38"),
        ("100.00", 2, "0.01", "116.61", "2.39"),
    ],
)
def test_a_discount_falls_with_the_earlier_part_that_it_rests_on(
    company: Company, net: str, percentage: int, first: str, last: str, left: str, by_payment: bool, cash: bool
) -> None:
    """The assignment is reversed, or the bank books the part back; paid again in time, it is earned again."""
    if cash:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    company.take_parts()
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": percentage}]}
    number = company.document(net=net, paymentTerm=term)
    for part in (first, last):
        assert company.pay(part, number)["status"] == "ASSIGNED"
    assert company.case(number)["status"] == "CLOSED"
    if by_payment:
        returned = company.pay(first, "returned", creditDebitIndicator="DEBIT")["paymentIdent"]
        company.call("POST", "/v2/payment-assignments", {"paymentIdent": returned, "targetIdent": number}, 201)
    else:
        bounce(company)
    assert balance(company, number) == D(left)
    assert company.sums().get(8736) is None
    company.sound()
    company.pay(first, number)
    assert balance(company, number) == 0
    assert company.sums()[8736] > 0
    company.sound()
    bounce(company, 1)  # what was granted for the last part falls with the next of its own, and once
    assert company.sums().get(8736) is None
    company.sound()


def test_a_discount_stands_while_what_was_paid_in_time_is_enough(company: Company) -> None:
    company.take_parts()
    number = company.document(net="100.00", paymentTerm=SKONTO)
    for part in ("16.62", "100.00"):
        company.pay(part, number)
    again = company.pay("16.62", number)["paymentIdent"]
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": again, "targetIdent": number}, 201)
    bounce(company)
    assert (balance(company, number), company.sums()[8736]) == (0, D("2.00"))


def test_no_discount_where_a_part_was_paid_too_late(company: Company) -> None:
    """By value dates, in whatever order the payments are put to the document."""
    company.take_parts()
    day = dt.date.fromisoformat(day_here()) - dt.timedelta(days=20)
    number = company.document(paymentTerm=SKONTO, documentDate=day.isoformat())
    company.pay("16.62", number, valueDate=(day + dt.timedelta(days=18)).isoformat())
    company.pay("100.00", number, valueDate=(day + dt.timedelta(days=5)).isoformat())
    assert (balance(company, number), company.sums().get(8736)) == (D("2.38"), None)


def taxes(company: Company) -> dict[int, Decimal]:
    return {account: amount for account, amount in company.sums().items() if account in (1776, 1771)}


@pytest.mark.parametrize(("before", "then"), [("", "238.00"), ("100.00", "138.00"), ("237.99", "0.01"), ("300.00", "")])
def test_money_pays_the_rows_that_credits_have_left_where_tax_arises_on_receipt(company: Company, before: str, then: str) -> None:
    """What was received for the credited rows before pays the others; what is paid back on the credit takes its own tax back."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    company.take_parts()
    reduced = {**a_row_of("100.00", 7), "ident": "i-2"}
    number = company.document(items=[a_row_of("200.00"), reduced])
    if before:
        company.pay(before, number)
    memo = company.document("credit-memos", items=[reduced], relatedDocumentIdent=number)
    if then:
        company.pay(then, number)
        assert taxes(company) == {1776: D("-38.00")}
    company.sound()
    company.pay(str(company.case(number)["balance"]), number)
    out = company.pay("107.00", "back", creditDebitIndicator="DEBIT")["paymentIdent"]
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": out, "targetIdent": memo}, 201)
    assert taxes(company) == {1776: D("-38.00")}
    company.sound()


def test_a_discount_falls_on_the_day_of_the_return_whenever_it_is_read(company: Company) -> None:
    """The return was booked on the third day, and is read on the ninth; what a person reverses goes on the day on which he does."""
    company.take_parts()
    number = company.document(net="100.00", paymentTerm=SKONTO)
    first = dt.date.fromisoformat(day_here())
    for part in ("16.62", "100.00"):
        company.pay(part, number)
    returned_on, read_on = first + dt.timedelta(days=2), first + dt.timedelta(days=8)
    company.tenant.turn_clock(dt.datetime.combine(read_on, dt.time(10), dt.UTC))
    back = company.pay("16.62", "returned", creditDebitIndicator="DEBIT", bookingDate=returned_on.isoformat())["paymentIdent"]
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": back, "targetIdent": number}, 201)
    sql = (
        "SELECT e.posting_date, l.amount FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
        " WHERE l.account = 8736 ORDER BY e.id"
    )
    assert [tuple(row) for row in company.tenant.rows(sql)] == [(first, D("2.00")), (returned_on, D("-2.00"))]
    fallen = [it["bookedOn"] for it in company.case(number)["items"] if it.get("decision") == "CASH_DISCOUNT"]
    assert fallen == [first.isoformat(), returned_on.isoformat()]
    company.tenant.turn_clock(None)
    company.sound()
