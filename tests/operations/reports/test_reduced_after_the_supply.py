"""What reduces the price after the supply concerns the month in which it happens: what was declared before the supply stays, and the books
are sound."""

from collections.abc import Callable

import pytest
from tests.factories.billed_ahead import AHEAD, BilledAhead, Declared
from tests.factories.cases import decide, revert
from tests.factories.companies import a_row_of
from tests.factories.reported import Reported


@pytest.fixture
def book(company: Reported) -> BilledAhead:
    return BilledAhead(company.tenant, company.client, company.headers)


def paid_in_part_at_two_rates(book: BilledAhead) -> None:
    book.bill({**a_row_of("100.00"), **AHEAD}, {**a_row_of("200.00", 7), "ident": "i-2", **AHEAD})
    book.come("2028-01-25", "100.00")


def a_discount(book: BilledAhead) -> None:
    paid_in_part_at_two_rates(book)
    book.turn("2028-04-03")
    decide(book, book.number, "DISCOUNT", amount="5.00")


def a_credit(book: BilledAhead) -> None:
    paid_in_part_at_two_rates(book)
    book.credit("2028-04-03", a_row_of("20.00"))


def a_discount_taken_back(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "119.00")
    book.turn("2028-03-03")
    decided = decide(book, book.number, "DISCOUNT", amount="50.00")
    book.turn("2028-04-03")
    revert(book, decided)


def money_before_a_discount_is_taken_back(book: BilledAhead) -> None:
    """The day on which a reduction is taken back is none of a supply: nothing was paid before it."""
    a_discount_taken_back(book)
    book.turn("2028-04-04")
    book.pay("119.00", book.number, bookingDate="2028-03-20")


BEFORE = {"81": "30.03 5.71", "86": "60.06 4.20"}
SUPPLIED = {"81": "69.97 13.29", "86": "139.94 9.80"}
HALF = {"81": "100.00 19.00"}
LATER = {"03": {"81": "57.98 11.02"}, "04": {"81": "42.02 7.98"}}


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (a_discount, {"01": BEFORE, "03": SUPPLIED, "04": {"81": "-1.50 -0.29", "86": "-3.00 -0.21"}}),
        (a_credit, {"01": BEFORE, "03": SUPPLIED, "04": {"81": "-20.00 -3.80"}}),
        (a_discount_taken_back, {"01": HALF, **LATER}),
        (money_before_a_discount_is_taken_back, {"01": HALF, **LATER}),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_what_was_declared_before_the_supply_stays(
    book: BilledAhead, happens: Callable[[BilledAhead], None], expected: Declared
) -> None:
    book.take_parts()
    happens(book)
    book.turn("2028-05-01")
    assert book.declared() == expected
    book.sound()
