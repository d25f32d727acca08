"""A tax group of several treatments (one-stop shop: goods and services) in foreign currency: its parts are those of the converted whole."""

from decimal import Decimal

import pytest
from tests.factories.requests import TODAY, a_request, a_row, issued
from tests.factories.sales import accounts, case_of

from contor.bookkeeping.posting.posting import post_document
from contor.documents.treatment import tax_parts
from contor.documents.types import ExchangeRate, Location
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.ledger import ledger_share
from contor.openitems.rules import moved, pay

D = Decimal


@pytest.mark.parametrize(
    ("nets", "rate", "booked"),
    [
        # 20.01 of tax is 18.44; 6.67 of 20.01 is 6.15 of it, and 12.29 the rest
        (("33.35", "66.70"), "1.0850", ["6.15", "12.29"]),
        (("0.07", "0.08"), "1.2000", ["0.01", "0.02"]),
        (("1000.01", "499.99"), "0.9317", ["214.66", "107.33"]),
    ],
)
def test_parts_of_a_group_add_up_to_the_converted_whole(nets: tuple[str, str], rate: str, booked: list[str]) -> None:
    rows = [
        replace(a_row(f"i-{at}", net, rate="20", performance_location=Location(country="FR")), category=kind)
        for at, (net, kind) in enumerate(zip(nets, ("PHYSICAL_PRODUCT", "SERVICE"), strict=True))
    ]
    document = issued(a_request(*rows, currency="USD", exchange_rate=ExchangeRate(rate=D(rate), date=TODAY)))
    assert document.ledger is not None
    assert (len(document.taxes), len(tax_parts(document))) == (1, 2)
    case = case_of(document, cash_taxation=True)
    assert [str(tax) for tax in case.ledger_tax] == booked
    assert sum(case.ledger_tax, ZERO) == document.ledger.tax
    (entry,) = post_document(document, accounts(cash_taxation=True))
    assert [str(line.amount) for line in entry.lines if line.tax_base is not None] == booked
    due = [ZERO, ZERO]
    for part in (D("0.03"), D("0.05"), case.balance - D("0.08")):
        movement = pay(case, part, ledger_share(case, part))
        due = [before + it.tax for before, it in zip(due, movement.ledger_parts, strict=True)]
        case = moved(case, movement)
    assert [str(tax) for tax in due] == booked
