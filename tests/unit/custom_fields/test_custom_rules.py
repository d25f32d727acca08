"""What a value of each type of field may be, by a table."""

from decimal import Decimal
from typing import Any

import pytest

from contor.custom_fields.rules import judged
from contor.custom_fields.types import FieldType, KnownField

OPTIONS = [{"value": "gold", "label": "Gold"}, {"value": "silver", "label": None}]


def field(kind: FieldType) -> KnownField:
    return KnownField("f", "f", kind, OPTIONS if "SELECTION" in kind else ())


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("TEXT", "Nordsee", "Nordsee"),
        ("TEXT", "", None),
        ("TEXT", None, None),
        ("NUMBER", 0, Decimal(0)),
        ("NUMBER", Decimal("12.50"), Decimal("12.50")),
        ("NUMBER", 10**19 - 1, Decimal(10**19 - 1)),
        ("NUMBER", Decimal("-0.0000000001"), Decimal("-0.0000000001")),
        ("DATE", "2026-02-28", "2026-02-28"),
        ("DATE", "2026-02-28T00:00:00+00:00", "2026-02-28"),
        ("SELECTION", "gold", "gold"),
        ("MULTI_SELECTION", ["silver", "gold"], ["silver", "gold"]),
        ("MULTI_SELECTION", [], None),
        ("LIST", ["a", "a"], ["a", "a"]),
        ("CHECKBOX", False, False),
        ("CHECKBOX", True, True),
    ],
)
def test_what_is_stored(kind: FieldType, value: Any, stored: Any) -> None:
    assert judged(field(kind), value) == (stored, "")


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("TEXT", 1, "must be a text"),
        ("TEXT", "a\x00b", "must be a text without control characters"),
        ("TEXT", "a" * 10_001, "must have at most 10000 characters"),
        ("NUMBER", "12", "must be a number"),
        ("NUMBER", True, "must be a number"),
        ("NUMBER", 10**19, "must be a number of at most 19 digits before the point"),
        ("NUMBER", Decimal("1E+999999"), "must be a number of at most 19 digits before the point"),
        ("NUMBER", Decimal("NaN"), "must be a number of at most 19 digits before the point"),
        ("NUMBER", Decimal("0.00000000001"), "must be a number of at most 10 digits behind the point"),
        ("DATE", "2026-02-30", "must be a day, such as 2026-11-30"),
        ("DATE", "20260228", "must be a day, such as 2026-11-30"),
        ("DATE", "2026-W09-6", "must be a day, such as 2026-11-30"),
        ("SELECTION", "bronze", "must be one of the options: gold, silver"),
        ("SELECTION", ["gold"], "must be one of the options: gold, silver"),
        ("MULTI_SELECTION", "gold", "must be a list of the options: gold, silver"),
        ("MULTI_SELECTION", ["gold", {}], "must be a list of the options: gold, silver"),
        ("MULTI_SELECTION", ["gold", "gold"], "must name no option twice"),
        ("LIST", ["a", ""], "must be a list of texts; entry 1 is empty"),
        ("LIST", [1], "must be a list of texts; entry 0 must be a text"),
        ("CHECKBOX", 1, "must be true or false"),
    ],
)
def test_what_is_refused(kind: FieldType, value: Any, why: str) -> None:
    assert judged(field(kind), value) == (None, why)
