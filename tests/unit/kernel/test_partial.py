"""What may be missing, and what a change in part leaves and takes away."""

from typing import Any

import pytest
from pydantic import ValidationError

from contor.documents.types import DocumentRequest
from contor.kernel.partial import partial, patched, said

WRITTEN: Any = partial(DocumentRequest, "Written")


@pytest.mark.parametrize(
    ("content", "patch", "after"),
    [
        ({"a": "1"}, {}, {"a": "1"}),
        ({"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "2"}),
        ({"a": "1", "b": "2"}, {"a": None}, {"b": "2"}),
        ({"b": "2"}, {"a": None}, {"b": "2"}),
        ({"a": {"x": "1", "y": "2"}}, {"a": {"x": "3"}}, {"a": {"x": "3", "y": "2"}}),
        ({"a": {"x": "1", "y": "2"}}, {"a": {"x": None}}, {"a": {"y": "2"}}),
        ({"a": "1"}, {"a": {"x": "1", "y": None}}, {"a": {"x": "1"}}),
        ({"a": ["1", "2"]}, {"a": ["3"]}, {"a": ["3"]}),
        ({"a": ["1", "2"]}, {"a": []}, {"a": []}),
        ({"a": [{"x": "1", "y": "2"}]}, {"a": [{"x": "3", "y": None}]}, {"a": [{"x": "3"}]}),
        ({"a": {"x": {"y": "1", "z": "2"}}}, {"a": {"x": {"z": None}}}, {"a": {"x": {"y": "1"}}}),
    ],
)
def test_a_change_in_part(content: Any, patch: Any, after: Any) -> None:
    before = repr(content)
    assert patched(content, patch) == after
    assert repr(content) == before


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        ({}, {}),
        ({"currency": None}, {"currency": None}),
        ({"items": []}, {"items": []}),
        ({"items": [{"quantity": "3.50"}]}, {"items": [{"quantity": "3.50"}]}),
        ({"documentDate": "2026-03-31"}, {"document_date": "2026-03-31"}),
        ({"items": [{"taxDetail": {"taxes": []}}]}, {"items": [{"tax_detail": {"taxes": []}}]}),
        ({"customerDetail": {"shippingAddressIdent": None}}, {"customer_detail": {"shipping_address_ident": None}}),
    ],
)
def test_only_what_is_said(sent: Any, content: Any) -> None:
    assert said(WRITTEN.model_validate(sent)) == content


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"currency": "EURO"}, ("currency",)),
        ({"items": [{"quantity": -1}]}, ("items", 0, "quantity")),
        ({"items": [{}] * 101}, ("items",)),
        ({"items": [{"prices": {"unit": {"net": "1.12345678901"}}}]}, ("items", 0, "prices", "unit", "net")),
        ({"paymentTerm": {"periodInDays": True}}, ("paymentTerm", "periodInDays")),
        ({"documentDate": 20260331}, ("documentDate",)),
        ({"unknown": 1}, ("unknown",)),
    ],
)
def test_what_is_given_must_be_right(sent: Any, place: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as wrong:
        WRITTEN.model_validate(sent)
    assert [entry["loc"] for entry in wrong.value.errors()] == [place]


def test_every_field_of_a_request_can_be_written() -> None:
    assert set(WRITTEN.model_fields) == set(DocumentRequest.__struct_fields__)
