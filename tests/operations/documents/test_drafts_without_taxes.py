"""A draft may leave its taxes out: they are determined for the supply as it says it, and it says them once it is completed."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.drafts import Writer, a_body, a_row, findings
from tests.factories.tenants import Tenant


@pytest.fixture
def writer(furnished: Tenant, client: TestClient, bearer: Callable[[Any], dict[str, str]]) -> Writer:
    return Writer(client, bearer(furnished))


def without(ident: str = "i-1", amount: str = "100.00", basis: str = "NET", code: str | None = None, **more: Any) -> dict[str, Any]:
    taxes = {"taxes": [{"code": code}]} if code else {}
    return a_row(ident, amount, basis=basis, **more) | {"taxDetail": {"calculationBasis": basis, **taxes}}


def taxes_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(tax["categoryCode"], f"{tax['rate']}") for item in document["items"] for tax in item["taxDetail"]["taxes"]]


@pytest.mark.parametrize(
    ("row", "tax"),
    [
        (without(), ("S", "19")),
        (without(deliveryDate="2020-08-01"), ("S", "16")),
        (without(servicePeriod={"start": "2020-12-01", "end": "2021-01-31"}), ("S", "19")),
        (without(code="REDUCED"), ("S", "7")),
        (without(code="ZERO"), ("Z", "0")),
        (without(amount="119.00", basis="GROSS"), ("S", "19")),
    ],
)
def test_a_row_bears_what_is_determined_for_its_day(writer: Writer, furnished: Tenant, row: dict[str, Any], tax: Any) -> None:
    writer.create(**a_body(row))
    preview = writer.preview()
    assert preview["findings"] == []
    assert [(one["categoryCode"], f"{one['rate']}") for one in preview["taxes"]] == [tax]
    assert "taxes" not in writer.call("GET", "/drafts/d-1")["items"][0]["taxDetail"] or row["taxDetail"].get("taxes")
    writer.complete()
    assert taxes_of(writer.document()) == [tax]
    assert taxes_of(writer.call("GET", "/drafts/d-1")) == [tax]
    assert furnished.unsound() == []


def test_what_is_said_stays_as_it_is_said(writer: Writer) -> None:
    writer.create(**a_body(a_row("i-1", rate=7), without("i-2")))
    writer.complete()
    assert taxes_of(writer.document()) == [("S", "7"), ("S", "19")]


def test_a_credit_takes_back_the_tax_of_its_original(writer: Writer, furnished: Tenant) -> None:
    writer.create(**a_body(a_row("i-1", rate=7)))
    writer.complete()
    number = writer.document()["ident"]
    rule = {"country": "DE", "variants": [{"applicableFrom": "2020-01-01", "taxRate": 5}]}
    writer.call("POST", "/tax/rules", rule, 201)
    writer.create("d-2", **a_body(without("i-1"), relatedDocumentIdent=number) | {"type": "CREDIT_MEMO"})
    assert writer.preview("d-2")["findings"] == []
    writer.complete("d-2")
    assert taxes_of(writer.document("d-2")) == [("S", "7")]
    writer.create("d-3", **a_body(without("i-1")))
    writer.complete("d-3")
    assert taxes_of(writer.document("d-3")) == [("S", "5")]


def test_as_long_as_nobody_is_named_the_taxes_are_missing(writer: Writer) -> None:
    body = a_body(without())
    del body["customerDetail"]
    writer.create(**body)
    assert [field for field, _ in findings(writer.preview()) if field and "axes" in field] == ["items[0].taxDetail.taxes"]
