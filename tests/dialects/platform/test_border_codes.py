"""Countries and languages are what they mean, however they are written: two letters inside, the unknown refused, and so is a VAT id of no
country (BR-CO-09). For every body."""

from typing import Any

import pytest
from tests.factories.tenants import Tenant

from contor.api.exchange import shaped
from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.catalogue.rules import price_at
from contor.catalogue.types import Price
from contor.commands.demo import master_data
from contor.kernel.errors import Refused
from contor.kernel.places import language_code
from contor.kernel.shapes import Language
from contor.orders.types import LineItemBody
from contor.runtime.execute import adapter, validated

SENDING = [row for row in ROUTES if row.body is not None and not row.upload]


@pytest.mark.parametrize(
    ("given", "meant"),
    [("de", "de"), ("deu", "de"), ("ger", "de"), ("fre", "fr"), ("gsw", "gsw"), ("xx", None), ("zzz", None), ("mul", None)],
)
def test_a_language(given: str, meant: str | None) -> None:
    assert language_code(given) == meant
    if meant is None:
        with pytest.raises(Refused):
            validated(Language, given)
    else:
        assert validated(Language, given) == meant


@pytest.mark.parametrize(("given", "meant"), [("AUT", "AT"), ("AT", "AT"), ("UK", "GB"), ("XX", None), ("ZZZ", None)])
def test_the_place_of_a_line(given: str, meant: str | None) -> None:
    content = {"ident": "l", "tax_location": {"country": given}}
    if meant is None:
        with pytest.raises(Refused) as refused:
            validated(LineItemBody, content)
        assert [problem.field for problem in refused.value.problems] == ["tax_location.country"]
    else:
        location = validated(LineItemBody, content).tax_location
        assert location is not None
        assert location.country == meant


def places(kind: Any) -> list[list[str | int]]:
    """The paths of all countries, languages and VAT ids in a body."""
    root = adapter(kind).json_schema(by_alias=True, mode="validation")
    found: list[list[str | int]] = []

    def walk(schema: Any, path: list[str | int], seen: tuple[str, ...]) -> None:
        while "$ref" in schema:
            if schema["$ref"] in seen:
                return
            seen = (*seen, schema["$ref"])
            schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        for inner in [one for name in ("anyOf", "oneOf", "allOf") for one in schema.get(name, ())]:
            walk(inner, path, seen)
        if "items" in schema:
            walk(schema["items"], [*path, 0], seen)
        for name, field in schema.get("properties", {}).items():
            if name in ("country", "language", "languages", "defaultLanguage", "fallbackLanguage", "vatId"):
                found.append([*path, name])
            walk(field, [*path, name], seen)

    walk(root, [], ())
    return found


@pytest.mark.parametrize("row", SENDING, ids=lambda row: f"{row.method} {row.path}")
def test_no_body_takes_what_does_not_exist(row: Route) -> None:
    for path in places(row.body):
        unknown = {"country": "XX", "vatId": "XX123456789"}.get(str(path[-1]), "xx")
        body: Any = [unknown] if path[-1] == "languages" else unknown
        for part in reversed(path):
            body = [body] if isinstance(part, int) else {part: body}
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        with pytest.raises(Refused) as refused:
            shaped(row.body, body, camel=True, in_part=row.in_part)
        codes = {problem.code for problem in refused.value.problems if (problem.field or "").startswith(where)}
        # where only some are possible, they are told
        known = {"country_unknown", "language_unknown", "vat_id_of_no_country", "word_unknown"}
        assert codes & known, (row.path, where, refused.value.problems)


def test_a_price_for_a_country_holds_however_the_place_is_written() -> None:
    """Also in a contract that was made when three letters were kept."""
    prices = [
        validated(Price, {"price": "10.00"}),
        validated(Price, {"price": "8.00", "criteria": {"country": "AUT"}}),
    ]
    found = [price_at(prices, country, None, None) for country in ("AT", "AUT", "DE", "DEU")]
    assert [str(price.price) for price in found if price is not None] == ["8.00", "8.00", "10.00", "10.00"]


def test_two_spellings_are_one_document(tenant: Tenant) -> None:
    master_data(tenant.runtime, tenant.caller())
    body = {
        "orderIdent": "o-1",
        "language": "deu",
        "debtorOrderDetails": {"debtorIdent": "muster-handel"},
        "lineItems": [
            {"ident": "l-1", "name": "A", "unitPriceNet": "1.00", "taxLocation": {"country": "DEU"}},
            {"ident": "l-2", "name": "B", "unitPriceNet": "1.00", "taxLocation": {"country": "DE"}},
        ],
    }
    made = tenant.call("POST", "/orders", body)
    assert (made.status, made.body["language"]) == (201, "de"), made.body
    assert {line["taxLocation"]["country"] for line in made.body["lineItems"]} == {"DE"}
