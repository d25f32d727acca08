"""Section 20 UStG: a decision is taken back after a credit has divided anew what it made due. Where nothing was received nothing is due,
of no rate; else as much as the money pays."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import decide, revert, tax_on_receipt
from tests.factories.companies import Company, a_row_of

D = Decimal
FIRST, SECOND = {**a_row_of("61.37"), "ident": "i-1"}, {**a_row_of("28.41", 7), "ident": "i-2"}
TAXES = (1776, 1771, 1766, 1761)
Step = tuple[str, str]
STORIES: dict[str, tuple[list[Step], tuple[str, str]]] = {
    "a row is credited whole": ([("BANK_FEE", "50.00"), ("credit 7", "28.41")], ("-11.66", "0")),
    "both, one in part": ([("BANK_FEE", "90.00"), ("credit 7", "28.41"), ("credit 19", "30.00")], ("-5.96", "0")),
    "a discount of what a payment left": (
        [("credit 7", "28.41"), ("pay", "69.00"), ("DISCOUNT", "2.00"), ("back", "69.00")],
        ("-11.66", "0"),
    ),
    "a fee beside a payment": (
        [("pay", "99.00"), ("BANK_FEE", "4.43"), ("credit 7", "20.00"), ("back", "99.00")],
        ("-11.66", "-0.59"),
    ),
    "two decisions about a credit": ([("BANK_FEE", "60.00"), ("credit 19", "61.37"), ("DISCOUNT", "30.00")], ("0", "-1.99")),
}


def tell(company: Company, number: str, steps: list[Step]) -> list[Any]:
    """What was decided."""
    decided = []
    for kind, amount in steps:
        if kind == "pay":
            company.pay(amount, number, endToEndIdent="E-1")
        elif kind == "back":
            information = {"reasonCode": "MD06"}
            company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent="E-1", returnInformation=information)
        elif kind.startswith("credit"):
            row = a_row_of(amount) if kind == "credit 19" else {**a_row_of(amount, 7), "ident": "i-2"}
            company.document("credit-memos", items=[row], relatedDocumentIdent=number)
        else:
            decided.append(decide(company, number, kind, amount=amount))
    return decided


@pytest.mark.parametrize("story", STORIES)
def test_nothing_is_due_of_what_was_never_received(company: Company, story: str) -> None:
    company.take_parts()
    tax_on_receipt(company)
    steps, (first, second) = STORIES[story]
    number = company.document(items=[FIRST, SECOND])
    for it in reversed(tell(company, number, steps)):
        revert(company, it)
    sums = company.sums()
    assert [sums.get(account, D(0)) for account in TAXES] == [D(0), D(0), D(first), D(second)]
    company.sound()
