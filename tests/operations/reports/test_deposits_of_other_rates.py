"""A deposit was taxed at another rate than what is supplied: what was declared on its receipt is corrected in the month of the supply, not
before and not twice (section 27 (1) sentence 3 UStG, accounting reference 2.5); reversed, nothing stands of either rate."""

from typing import Any

import pytest
from tests.factories.billed_ahead import BILLED, BilledAhead, Declared
from tests.factories.cases import clearing
from tests.factories.companies import a_row_of
from tests.factories.reported import Reported

METHODS = ("REMAINDER", "FINAL", "REVERSAL")
DEPOSIT = {"86": "100.00 7.00"}
SUPPLY = {"81": "200.00 38.00", "86": "-100.00 -7.00"}
# 131.00 of the rest before the supply are 110.08 and 20.92
REST = {"81": "110.08 20.92"}
AFTER_REST = {"81": "89.92 17.08", "86": "-100.00 -7.00"}
# 107.00 that were moved are 89.92 and 17.08
BACK = {"81": "-200.00 -38.00"}
MOVED = {"81": "89.92 17.08"}


@pytest.fixture
def book(company: Reported) -> BilledAhead:
    made = BilledAhead(company.tenant, company.client, company.headers)
    made.take_parts()
    return made


def sell(
    book: BilledAhead,
    method: str,
    *,
    rate: int = 7,
    received: str = "107.00",
    days: tuple[str, str, str] = ("2028-01-05", "2028-01-10", BILLED),
    until: str = "2028-03-19",
) -> None:
    """A deposit of 100.00 net at `rate` and the money for it; then 238.00 are billed at 19 %, to be supplied in a later month."""
    asked_on, received_on, billed_on = days
    book.turn(asked_on)
    row = {**a_row_of("100.00", rate), "ident": "d-1"}
    deposit = book.document("deposit-invoices", items=[row], documentDate=asked_on)
    book.paid(received_on, received, deposit)
    said: dict[str, Any] = {"properties": [{"key": "finalInvoiceMethod", "value": method}], "relatedDocumentIdents": [deposit]}
    book.turn(billed_on)
    if method == "REVERSAL":
        back = [{**row, "referenceIdent": "d-1"}]
        corrected = book.document("deposit-invoice-corrections", items=back, relatedDocumentIdent=deposit, documentDate=billed_on)
        said |= {"relatedDocumentIdent": deposit, "relatedDocumentIdents": [corrected]}
    items = [{**a_row_of("200.00"), "servicePeriod": {"start": billed_on, "end": until}}]
    book.number = book.document(items=items, documentDate=billed_on, **said)


def by_rates(book: BilledAhead) -> dict[str, str]:
    """Base and tax of all that was ever booked, by tax key."""
    rows = book.tenant.rows(
        "SELECT tax_key, sum(CASE side WHEN 'C' THEN tax_base ELSE -tax_base END) AS base,"
        " sum(CASE side WHEN 'C' THEN amount ELSE -amount END) AS tax FROM journal_line WHERE tax_base IS NOT NULL GROUP BY 1"
    )
    return {row.tax_key: f"{row.base:.2f} {row.tax:.2f}" for row in rows if row.base or row.tax}


def books(book: BilledAhead) -> dict[int, str]:
    return {account: f"{amount:.2f}" for account, amount in book.sums().items() if amount}


@pytest.mark.parametrize(
    ("paid_on", "taxed_elsewhere", "reversal"),
    [
        (None, {"01": DEPOSIT, "03": SUPPLY}, {"01": MOVED, "03": {"81": "110.08 20.92"}}),
        ("2028-02-10", {"01": DEPOSIT, "02": REST, "03": AFTER_REST}, {"01": MOVED, "02": {"81": "110.08 20.92"}}),
        ("2028-04-02", {"01": DEPOSIT, "03": SUPPLY}, {"01": MOVED, "03": {"81": "110.08 20.92"}}),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_the_difference_is_declared_with_the_supply(
    book: BilledAhead, method: str, paid_on: str | None, taxed_elsewhere: Declared, reversal: Declared
) -> None:
    """By REVERSAL the deposit is corrected by a document of its own: its tax goes back with that, and its money comes for the invoice."""
    sell(book, method)
    if paid_on is not None:
        book.come(paid_on, "131.00")
    book.turn("2028-05-01")
    assert book.declared() == (reversal if method == "REVERSAL" else taxed_elsewhere)
    owed = {10000: "131.00"} if paid_on is None else {}
    assert books(book) == {1200: "107.00" if owed else "238.00", **owed, 1776: "-38.00", 8400: "-200.00"}
    assert by_rates(book) == {"S19": "200.00 38.00"}
    book.sound()


# what is credited stays declared as long as the money is there; what goes back of a deposit before the supply is corrected then
TAKEN_BACK = [
    (
        ("2028-02-10", "2028-02-20", "2028-02-25"),
        {"01": DEPOSIT, "02": {"86": "-100.00 -7.00"}},
        {"01": MOVED, "02": {"81": "-89.92 -17.08"}},
    ),
    (
        ("2028-02-10", "2028-02-20", "2028-04-25"),
        {"01": DEPOSIT, "02": REST, "03": {"86": "-100.00 -7.00"}, "04": {"81": "-110.08 -20.92"}},
        {"01": MOVED, "02": REST, "04": BACK},
    ),
    (
        ("2028-02-10", "2028-04-20", "2028-04-25"),
        {"01": DEPOSIT, "02": REST, "03": AFTER_REST, "04": BACK},
        {"01": MOVED, "02": REST, "04": BACK},
    ),
    (
        ("2028-04-02", "2028-04-20", "2028-04-25"),
        {"01": DEPOSIT, "03": SUPPLY, "04": BACK},
        {"01": MOVED, "03": REST, "04": BACK},
    ),
]


@pytest.mark.parametrize(("days", "taxed_elsewhere", "reversal"), TAKEN_BACK)
@pytest.mark.parametrize("method", METHODS)
def test_reversed_nothing_stands_of_either_rate(
    book: BilledAhead, method: str, days: tuple[str, str, str], taxed_elsewhere: Declared, reversal: Declared
) -> None:
    """The rest is paid, the supply is credited in full, and all of the money goes back."""
    paid_on, credited_on, returned_on = days
    sell(book, method)
    book.come(paid_on, "131.00")
    memo = book.credit(credited_on)
    book.give_back(returned_on, "238.00", memo)
    book.turn("2028-05-01")
    assert book.declared() == (reversal if method == "REVERSAL" else taxed_elsewhere)
    assert books(book) == {}
    assert by_rates(book) == {}
    assert [book.case(it)["balance"] for it in (book.number, memo)] == [0, 0]
    book.sound()


@pytest.mark.parametrize("method", ["REMAINDER", "FINAL"])
def test_what_of_a_deposit_goes_back_before_the_supply_is_corrected_then(book: BilledAhead, method: str) -> None:
    """Of 238.00 only 50.00 are supplied: 57.00 of the deposit go back in February, 53.27 and 3.73; 50.00 of it pay the supply in March."""
    sell(book, method)
    memo = book.credit("2028-02-20", a_row_of("157.98"))
    clearing(book)
    book.give_back("2028-02-25", "57.00", memo)
    book.turn("2028-05-01")
    assert book.declared() == {
        "01": DEPOSIT,
        "02": {"86": "-53.27 -3.73"},
        "03": {"81": "42.02 7.98", "86": "-46.73 -3.27"},
    }
    book.sound()


@pytest.mark.parametrize("method", METHODS)
def test_a_deposit_at_the_lowered_rate_of_2020_on_a_supply_of_2021(book: BilledAhead, method: str) -> None:
    """116.00 at 16 % in November, the rest of 122.00 at 19 % in January; the service ends in February (section 28 (1) UStG)."""
    sell(book, method, rate=16, received="116.00", days=("2020-11-05", "2020-11-10", "2020-12-20"), until="2021-02-19")
    book.come("2021-01-15", "122.00")
    book.turn("2021-03-05")
    months = ("2020-11", "2020-12", "2021-01", "2021-02", "2021-03")
    rest = {"81": "102.52 19.48"}
    assert book.declared(months) == (
        {"11": {"35": "100.00 16.00"}, "12": {"81": "97.48 18.52", "35": "-100.00 -16.00"}, "01": rest}
        if method == "REVERSAL"
        else {"11": {"35": "100.00 16.00"}, "01": rest, "02": {"81": "97.48 18.52", "35": "-100.00 -16.00"}}
    )
    assert books(book) == {1200: "238.00", 1776: "-38.00", 8400: "-200.00"}
    assert by_rates(book) == {"S19": "200.00 38.00"}
    book.sound()
