"""What changes the price of what is still to be supplied is declared with the supply: before, there is no tax to be corrected."""

from collections.abc import Callable

import pytest
from tests.factories.cases import decide, revert
from tests.factories.companies import a_row_of
from tests.factories.reported import Reported

DAY, OF_BILLING, OF_SUPPLY = "2028-01-20", "2028-01", "2028-03"


def credit(company: Reported, number: str, net: str, reason: str = "RETURN") -> None:
    row = {**a_row_of(net), "ident": "g-1", "referenceIdent": "i-1"}
    properties = [{"key": "reason", "value": reason}]
    company.document("credit-memos", items=[row], relatedDocumentIdent=number, properties=properties)


def credited(company: Reported, number: str) -> None:
    credit(company, number, "200.00")


def credited_in_part(company: Reported, number: str) -> None:
    credit(company, number, "33.33")


def reduced(company: Reported, number: str) -> None:
    credit(company, number, "33.33", "GOODWILL")


def less_skonto(company: Reported, number: str) -> None:
    decide(company, number, "CASH_DISCOUNT", amount="7.14")


def lost(company: Reported, number: str) -> None:
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE")


def lost_out_of_the_allowance(company: Reported, number: str) -> None:
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance="50.00")
    lost(company, number)


def discounted_by_mistake(company: Reported, number: str) -> None:
    revert(company, decide(company, number, "DISCOUNT", amount="23.80"))


@pytest.mark.parametrize(
    ("becomes", "base", "tax"),
    [
        (credited, "0.00", "0.00"),
        (credited_in_part, "166.67", "31.67"),
        (reduced, "166.67", "31.67"),
        (less_skonto, "194.00", "36.86"),
        (lost, "0.00", "0.00"),
        (lost_out_of_the_allowance, "0.00", "0.00"),
        (discounted_by_mistake, "200.00", "38.00"),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_a_change_before_the_supply_is_declared_with_it(
    company: Reported, becomes: Callable[[Reported, str], None], base: str, tax: str
) -> None:
    """200.00 and 38.00, billed in January for a service that ends in March."""
    number = company.sell(DAY, "200.00", servicePeriod={"start": "2028-01-20", "end": "2028-03-19"})
    becomes(company, number)
    company.turn("2028-04-01")
    declared = {}
    for month in (OF_BILLING, OF_SUPPLY):
        (line,) = [row for row in company.read("VAT", month) if row["Number"] == "81" and row["Section"] == "Return"]
        declared[month] = line["Base by the books"], line["Tax by the books"]
    assert declared == {OF_BILLING: ("0.00", "0.00"), OF_SUPPLY: (base, tax)}
    company.sound()
