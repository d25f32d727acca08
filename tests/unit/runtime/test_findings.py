"""Findings in words of the domain, one for each fault."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError
from tests.checkers.wording import unfit

from contor.kernel.shapes import SENT, Currency, Ident, Name255, Quantity, shape
from contor.organizations.types import Credentials
from contor.runtime.refusals import problems_of


@shape
class Part:
    ident: Ident
    price: Annotated[Decimal, Field(gt=0, le=100, max_digits=6, decimal_places=2)]


@shape
class Whole:
    name: Name255
    parts: Annotated[tuple[Part, ...], Field(min_length=2, max_length=3)]
    side: Literal["DEBIT", "CREDIT"] = "DEBIT"
    count: int = 1
    open: bool = False
    currency: Currency = "EUR"
    quantity: Quantity = Decimal(1)
    stop: bool | Part = False
    value: bool | int | Annotated[Decimal, Field(lt=1000)] | Annotated[Name255, Field(min_length=2)] = False
    cancel: Literal[True] | None = None
    version: Literal[9, 12, 13] = 13


def part(**changes: Any) -> dict[str, Any]:
    return {"ident": "p-1", "price": "1.00", **changes}


def findings(kind: Any, content: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(content, context=SENT)
    return [(problem.field, problem.message) for problem in problems_of(refused.value)]


GOOD: dict[str, Any] = {"name": "Whole", "parts": [part(), part()]}
FORM = "1 to 100 letters of a to z, digits, and . _ ~ -"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"name": ""}, [("name", "must not be empty")]),
        ({"name": "x" * 256}, [("name", "must have at most 255 characters")]),
        ({"name": "\0"}, [("name", "must be a text without control characters")]),
        ({"name": " \u200b\u00a0"}, [("name", "must not be of blanks alone")]),
        ({"name": "A\ue000"}, [("name", "must not hold U+E000: it is of private use, and everybody sees another sign")]),
        ({"name": "A\U00100000"}, [("name", "must not hold U+100000: it is of private use, and everybody sees another sign")]),
        ({"name": "A\U0010ffff"}, [("name", "must not hold U+10FFFF: it is no character")]),
        ({"name": "A\ufdd0"}, [("name", "must not hold U+FDD0: it is no character")]),
        ({"name": "A\U0001fffe"}, [("name", "must not hold U+1FFFE: it is no character")]),
        ({"name": "A\x85B"}, [("name", "must not hold U+0085: it is a control character")]),
        ({"name": "\u0301"}, [("name", "must not begin with U+0301, a mark that belongs on the letter before it")]),
        ({"name": 7}, [("name", "must be a text")]),
        ({"value": "x" * 256}, [("value", "must have at most 255 characters")]),
        ({"value": "x"}, [("value", "must have at least 2 characters")]),
        ({"value": Decimal("1000.5")}, [("value", "must be less than 1000")]),
        ({"version": 8}, [("version", "must be one of 9, 12, 13")]),
        ({"side": "LEFT"}, [("side", "must be one of DEBIT, CREDIT")]),
        ({"parts": []}, [("parts", "must have at least 2 entries")]),
        ({"parts": [part()] * 4}, [("parts", "must have at most 3 entries")]),
        ({"parts": {}}, [("parts", "must be a list")]),
        ({"parts": [part(), "x"]}, [("parts[1]", "must be an object")]),
        # the list is not short, its rows are faulty
        ({"parts": [part(ident="ä"), part(price=None)]}, [("parts[0].ident", f"must be {FORM}"), ("parts[1].price", "must be a number")]),
        ({"parts": [part(price="1.005"), part()]}, [("parts[0].price", "must have at most 2 decimals")]),
        ({"parts": [part(), part(price=0)]}, [("parts[1].price", "must be more than 0")]),
        ({"parts": [part(price=101), part()]}, [("parts[0].price", "must be at most 100")]),
        # one is faulty and one is missing: both are said
        ({"parts": [part(more=1)]}, [("parts[0].more", "is not a field that this request has"), ("parts", "must have at least 2 entries")]),
        ({"side": "debit"}, [("side", "must be one of DEBIT, CREDIT")]),
        ({"cancel": False}, [("cancel", "must be true")]),
        ({"count": "1"}, [("count", "must be a whole number")]),
        ({"open": "yes"}, [("open", "must be true or false")]),
        ({"currency": "EURO"}, [("currency", "is not an active ISO 4217 currency")]),
        ({"quantity": "-1"}, [("quantity", "must be at least 0")]),
        ({"quantity": "many"}, [("quantity", "must be a number")]),
        # one of two: what is wrong with the one that is meant
        ({"stop": {"ident": "p-1"}}, [("stop.price", "is required")]),
        ({"stop": "x"}, [("stop", "must be true or false")]),
    ],
)  # fmt: skip
def test_a_fault_is_said_once(changes: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    found = findings(Whole, {**GOOD, **changes})
    assert found == wanted
    assert [unfit(message) for _, message in found if unfit(message)] == []


@pytest.mark.parametrize(
    "name",
    [
        "Zoe\u0301 N\u0303andu",
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "\U0001f469\u200d\U0001f680",
        "\u4e2d\U00020000",
        "A\nB\u2028C",
        "\ufffd",
    ],
)
def test_every_name_of_people_is_one(name: str) -> None:
    """Marks on letters, signs of all planes, joiners."""
    assert TypeAdapter(Whole).validate_python({**GOOD, "name": name}, context=SENT).name == name


def test_what_is_stored_is_older_than_the_rule() -> None:
    assert TypeAdapter(Whole).validate_python({**GOOD, "name": "A\ue000"}).name == "A\ue000"


def test_what_is_missing_is_named() -> None:
    assert findings(Whole, {}) == [("name", "is required"), ("parts", "is required")]
    assert findings(Whole, []) == [(None, "must be an object")]


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ({}, ["api_key", "api_secret"]),
        ({"api_key": "k"}, ["api_secret"]),
        ({"email": "ada@example.org"}, ["password"]),
        ({"refresh_token": ""}, ["refresh_token"]),
    ],
)
def test_credentials_are_judged_as_what_they_resemble(content: dict[str, str], fields: list[str]) -> None:
    assert [field for field, _ in findings(Credentials, content)] == fields
