"""Rows that are asked for keep to the rounding that their billing group agreed."""

from decimal import Decimal

import pytest
from tests.factories.requests import a_gross_row, a_request, a_row, facts

from contor.documents.judge import BillingGroup, request_findings
from contor.documents.types import DocumentType, RequestedItem


@pytest.mark.parametrize(
    ("row", "currency", "unit", "field"),
    [
        (a_row(unit="10.55"), "EUR", "0.1", "items[0].prices.total.net"),
        (a_gross_row(gross="9.99"), "EUR", "1", "items[0].prices.total.gross"),
        (a_row(unit="10.55", total="10.60", extras=[("Rounding", "0.05")]), "EUR", "0.1", None),
        (a_row(unit="10.55"), "CHF", "0.1", None),  # another currency keeps its own
    ],
)
def test_rows_keep_to_the_rounding_of_their_group(row: RequestedItem, currency: str, unit: str, field: str | None) -> None:
    group = BillingGroup("external", True, units={currency: Decimal(unit)})
    found = request_findings(a_request(row), DocumentType.INVOICE, facts(billing_group=group))
    assert [(problem.code, problem.field) for problem in found] == ([("not_rounded_as_agreed", field)] if field else [])
    for more in ({"own": True}, {"imported": True}, {"repeats": True}):  # rounded already, or as it was said once
        assert request_findings(a_request(row), DocumentType.INVOICE, facts(billing_group=group, **more)) == []
