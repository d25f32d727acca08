"""What was assigned and taken back waits since then: put elsewhere it counts from that day on, so that no month has it twice."""

from decimal import Decimal

import pytest
from tests.factories.billed_ahead import BILLED, BilledAhead
from tests.factories.cases import tax_on_receipt
from tests.factories.companies import a_row_of
from tests.factories.reported import Reported

BANK, INTERIM, DEBTOR = 1200, 1792, 10000
OF_APRIL = {**a_row_of("300.00"), "servicePeriod": {"start": BILLED, "end": "2028-04-19"}}


@pytest.fixture
def book(company: Reported) -> BilledAhead:
    made = BilledAhead(company.tenant, company.client, company.headers)
    made.take_parts()
    return made


def at_the_end_of(book: BilledAhead, month: str) -> dict[int, Decimal]:
    """Of the bank, of what waits and of the customer: debit less credit."""
    rows = book.tenant.rows(
        "SELECT l.account, sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END) AS balance FROM journal_line l"
        " JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id WHERE to_char(e.posting_date, 'YYYY-MM') <= %s"
        " AND l.account IN (1200, 1792, 10000) GROUP BY l.account",
        (month,),
    )
    return {row.account: row.balance for row in rows if row.balance}


def two_bills(book: BilledAhead) -> tuple[str, str]:
    book.bill()
    first = book.number
    book.bill(OF_APRIL)
    second, book.number = book.number, first
    return first, second


def test_each_month_has_it_where_it_was(book: BilledAhead) -> None:
    _, second = two_bills(book)
    payment = book.come("2028-01-25", "238.00")["paymentIdent"]
    book.unassign("2028-02-05")
    book.turn("2028-03-02")
    book.put(payment, second)
    assert at_the_end_of(book, "2028-01") == {BANK: 238, DEBTOR: 357}
    assert at_the_end_of(book, "2028-02") == {BANK: 238, DEBTOR: 357}
    assert [f"{row.booked_on}" for row in book.tenant.rows("SELECT booked_on FROM payment_assignment ORDER BY id")] == [
        "2028-01-25",
        "2028-02-05",
    ]
    book.sound()


def test_under_section_20_its_tax_is_of_one_month(book: BilledAhead) -> None:
    tax_on_receipt(book)
    _, second = two_bills(book)
    payment = book.come("2028-01-25", "238.00")["paymentIdent"]
    book.unassign("2028-02-05")
    book.put(payment, second)
    assert book.declared() == {"01": {"81": "200.00 38.00"}}
    book.sound()


def test_what_has_waited_from_the_first_counts_from_then(book: BilledAhead) -> None:
    """100.00 are put to the first, 138.00 wait; 100.00 are taken back: of the second 138.00 were there before, 100.00 were not."""
    first, second = two_bills(book)
    payment = book.paid("2028-01-25", "238.00", "who")["paymentIdent"]
    book.put(payment, first, amount="100.00")
    book.unassign("2028-02-05")
    book.put(payment, second, amount="138.00")
    book.put(payment, second)
    rows = book.tenant.rows("SELECT trim_scale(amount) AS amount, booked_on FROM payment_assignment ORDER BY id")
    assert [(row.amount, f"{row.booked_on}") for row in rows] == [
        (100, "2028-01-25"),
        (138, "2028-01-25"),
        (100, "2028-02-05"),
    ]
    assert at_the_end_of(book, "2028-01") == {BANK: 238, DEBTOR: 357}
    book.sound()


def test_what_is_found_by_itself_the_second_time_counts_from_then_as_well(book: BilledAhead) -> None:
    two_bills(book)
    payment = book.come("2028-01-25", "238.00")["paymentIdent"]
    book.unassign("2028-02-05")
    said = {"category": "CUSTOMER_PAYMENT"}
    book.call("PATCH", f"/v2/merchant-payment-accounts/bank/payments/{payment}", said)
    assert at_the_end_of(book, "2028-01") == {BANK: 238, DEBTOR: 357}
    assert book.declared()["01"] == {"81": "200.00 38.00"}
    book.sound()
