"""What comes with a return is put to what is owed again by it, in whatever order the bank tells both (money 4: returns come first)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import tax_on_receipt
from tests.factories.companies import Company, day_here
from tests.factories.statements import OWN, BankLine, BankPaper, Reader

D = Decimal


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


def day_before() -> dt.date:
    return this_day() - dt.timedelta(days=1)


Line = tuple[str, str, str]
"""Amount, text, our name for it. `{0}` and `{1}`: numbers of invoices of 119.00, of which the first is paid already, as E."""


@pytest.fixture
def company(furnished: Any, client: Any, bearer: Any) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank(**OWN)
    return made


def told(day: dt.date, lines: Sequence[Line], numbers: Sequence[str], opening: str) -> BankPaper:
    found = [
        BankLine(D(amount), day, text.format(*numbers), end_to_end=name, reason="" if D(amount) > 0 else "AM04")
        for amount, text, name in lines
    ]
    return BankPaper(D(opening), day, found, number=1 + (day == this_day()))


AGAIN = ("119.00", "nochmal {0}", "F")
BACK = ("-119.00", "return", "E")
TOLD: dict[str, tuple[list[Line], list[str | None], list[int]]] = {
    "the return first": ([BACK, AGAIN], [None, None], [0, 119]),
    "the payment first": ([AGAIN, BACK], [None, None], [0, 119]),
    "under the same name": ([BACK, ("119.00", "{0}", "E")], [None, None], [0, 119]),
    "both invoices at once": ([BACK, ("238.00", "{0} {1}", "F")], [None, None], [0, 0]),
    "twice": ([AGAIN, BACK, ("119.00", "{0}", "G")], [None, None, "TARGET_CLOSED"], [0, 119]),
    "returned as well": ([AGAIN, BACK, ("-119.00", "return", "F")], [None, None, None], [119, 119]),
    "and anew": ([("-119.00", "", "F"), BACK, AGAIN, ("119.00", "{0}", "G")], [None, None, None, None], [0, 119]),
    "what is returned comes with it": (
        [("119.00", "{1}", "H"), ("-119.00", "", "H"), ("119.00", "{1}", "I")],
        [None, None, None],
        [0, 0],
    ),
}


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("case", TOLD)
def test_it_pays_what_is_owed_again(company: Company, case: str, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    lines, reasons, balances = TOLD[case]
    numbers = [company.document(), company.document()]
    reader = Reader(company)
    assert reader.send(told(day_before(), [("119.00", "{0}", "E")], numbers, "0").camt())["state"] == "READ"
    assert company.case(numbers[0])["status"] == "CLOSED"
    assert reader.send(told(this_day(), lines, numbers, "119.00").camt())["state"] == "READ"
    assert [row.reason for row in reader.payments()[1:]] == reasons
    assert [company.case(number)["balance"] for number in numbers] == balances
    waits = sum(D(amount) for (amount, _, _), reason in zip(lines, reasons, strict=True) if reason)
    assert company.sums().get(1792, 0) == -waits
    company.sound()
