"""The tax of a supply, case by case."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from contor.tax.determine import determine
from contor.tax.supply import Supply

DAY = dt.date(2026, 5, 31)
HERE = Supply("DE", False, "B2B", "DE811907980", "DE", "STANDARD", "DEFAULT", "SERVICE", DAY)


@pytest.mark.parametrize(
    ("changes", "rate", "category"),
    [
        ({}, "19", "S"),
        ({"tax_code": "REDUCED"}, "7", "S"),
        ({"tax_code": "ZERO"}, "0", "Z"),
        ({"tax_code": "NOT_TAXABLE"}, "0", "O"),
        ({"day": dt.date(2020, 7, 14)}, "16", "S"),  # worked example 8 a: completed on 14 July
        ({"day": dt.date(2020, 12, 31)}, "16", "S"),
        ({"day": dt.date(2021, 1, 1)}, "19", "S"),
        ({"small_business": True}, "0", "E"),
        ({"country": "AT", "customer_vat_id": "ATU62500000"}, "0", "AE"),
        ({"country": "AT", "customer_vat_id": "ATU62500000", "category": "PHYSICAL_PRODUCT"}, "0", "K"),
        ({"country": "FR", "customer_type": "B2C", "customer_vat_id": None}, "19", "S"),
        ({"country": "FR", "customer_type": "B2C", "customer_vat_id": None, "tax_scheme": "OSS"}, "20", "S"),
        ({"country": "FI", "customer_type": "B2C", "customer_vat_id": None, "tax_scheme": "OSS"}, "25.5", "S"),
        ({"country": "US"}, "0", "O"),
        ({"country": "US", "category": "PHYSICAL_PRODUCT"}, "0", "G"),
    ],
)
def test_the_tax_of_a_supply(changes: dict[str, Any], rate: str, category: str) -> None:
    found = determine(HERE._replace(**changes))
    assert (found.rate, found.category_code, found.problem) == (Decimal(rate), category, None)


@pytest.mark.parametrize("changes", [{"tax_code": "EXEMPT"}, {"day": dt.date(1990, 1, 1)}])
def test_what_cannot_be_determined_is_said(changes: dict[str, Any]) -> None:
    assert determine(HERE._replace(**changes)).problem
