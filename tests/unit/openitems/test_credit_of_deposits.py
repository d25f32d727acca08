"""The credit that a correction makes of a received deposit is the customer's: what of it is kept or paid out is received no more."""

from decimal import Decimal

import pytest
from tests.factories.requests import a_request, a_row, issued
from tests.factories.sales import DAY, case_of

from contor.documents.types import DocumentType
from contor.openitems.bounces import gross_of, reversed_movement
from contor.openitems.cases import Done, received
from contor.openitems.deposits import close_deposit
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import Case, DecisionType, Movement

D = Decimal


def corrected(paid: str, taken_back: str) -> Case:
    """Of a deposit of 119.00 and 53.50."""
    rows = a_row("i-1"), a_row("i-2", "50.00", rate="7")
    case = case_of(issued(a_request(*rows), DocumentType.DEPOSIT_INVOICE))
    case = moved(case, pay(case, D(paid)))
    return moved(case, close_deposit(case, D(taken_back)))


def received_by(movement: Movement) -> Decimal:
    return gross_of(received(Done(1, "", DAY, movement)).parts)  # type: ignore[arg-type]  # parts of another shape


@pytest.mark.parametrize(
    ("paid", "taken_back", "gone", "less"),
    [
        ("172.50", "172.50", "172.50", "172.50"),
        ("172.50", "100.00", "30.00", "30.00"),
        # what was paid beyond the deposit goes first
        ("200.00", "100.00", "127.50", "100.00"),
        ("200.00", "100.00", "27.50", "0.00"),
        # nothing was corrected: that was never received for the deposit
        ("200.00", "0.00", "27.50", "0.00"),
    ],
)
def test_what_leaves_the_credit_is_received_no_more(paid: str, taken_back: str, gone: str, less: str) -> None:
    case = corrected(paid, taken_back)
    for movement in (pay(case, -D(gone)), decide(case, DecisionType.OTHER_REVENUE, D(gone))):
        assert received_by(movement) == -D(less)
        assert received_by(reversed_movement(movement)) == D(less)
        after = moved(case, movement)
        assert after.balance == case.balance + D(gone)
        assert gross_of(after.groups) == gross_of(case.groups) - D(less)
