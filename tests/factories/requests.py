"""Requests and the facts beside them, for tests of the rules that judge, compute and freeze.

`a_request()` can be issued as it stands; whatever a test is about, it overrides. Nothing here computes an amount: what a test
expects, it says.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.factories.documents import a_customer, a_seller

from contor.documents.amounts import total_of, what_is_left
from contor.documents.issue import freeze
from contor.documents.judge import BillingGroup, Facts, Related, examine
from contor.documents.types import (
    CustomerDetail,
    DepositGroup,
    Document,
    DocumentRequest,
    DocumentType,
    ItemExtra,
    Location,
    Prices,
    Property,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
    with_number,
)

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def a_tax(rate: str = "19", category: str | None = "S", **overrides: Any) -> Tax:
    return Tax(**{"rate": Decimal(rate), "category_code": category} | overrides)


def a_row(
    ident: str = "i-1",
    unit: str = "100.00",
    quantity: str = "1",
    rate: str = "19",
    category: str | None = "S",
    basis: str = "NET",
    original: str | None = None,
    total: str | None = None,
    extras: Sequence[tuple[str, str]] = (),
    **overrides: Any,
) -> RequestedItem:
    """A row whose agreed side (`basis`) is given; `original` defaults to unit, and `total` to `original` (both as text).

    `extras` are pairs of name and amount on the agreed side.
    """
    side = basis.lower()
    first = Decimal(original if original is not None else unit)
    last = Decimal(total) if total is not None else first
    fields: dict[str, Any] = {
        "ident": ident,
        "category": "PHYSICAL_PRODUCT" if category in ("K", "G") else "SERVICE",
        "name": "Hosting",
        "quantity": Decimal(quantity),
        "quantity_type": "PC",
        "prices": Prices(
            unit=UnitSides(**{side: Decimal(unit)}), original_total=Sides(**{side: first}), total=Sides(**{side: last})
        ),
        "extras": tuple(
            ItemExtra(ident=f"x-{index}", name=name, total=Sides(**{side: Decimal(amount)}))
            for index, (name, amount) in enumerate(extras, 1)
        ),
        "tax_detail": TaxDetail(taxes=(a_tax(rate, category),), calculation_basis=basis),
        "performance_location": Location(country="DE", city="Hamburg", postal_code="20095"),
    }
    return RequestedItem(**fields | overrides)


def a_gross_row(ident: str = "i-1", gross: str = "9.99", rate: str = "19", **overrides: Any) -> RequestedItem:
    return a_row(ident, gross, rate=rate, basis="GROSS", **overrides)


def a_request(*items: RequestedItem, **overrides: Any) -> DocumentRequest:
    fields: dict[str, Any] = {
        "request_id": "r-1",
        "billing_group_ident": "external",
        "currency": "EUR",
        "customer_detail": CustomerDetail(customer_ident="c-1", invoice_address_ident="a-1"),
        "items": items or (a_row(),),
        "document_date": TODAY,
    }
    return DocumentRequest(**fields | overrides)


def with_property(key: str, value: str) -> tuple[Property, ...]:
    return (Property(key=key, value=value),)


def facts(*related: Related, **overrides: Any) -> Facts:
    fields: dict[str, Any] = {
        "today": TODAY,
        "environment": "LIVE",
        "billing_group": BillingGroup("external", True),
        "site": a_seller(),
        "customer": a_customer(),
        "related": {entry.left.document.ident: entry for entry in related},
        "self_billing_agreed_on": dt.date(2026, 1, 1),
    }
    return Facts(**fields | overrides)


def issued(
    request: DocumentRequest, document_type: DocumentType = DocumentType.INVOICE, known: Facts | None = None, ident: str = "RE-1"
) -> Document:
    """The frozen document of a request that has no findings."""
    known = known or facts()
    problems, amounts = examine(request, document_type, known)
    assert not problems, problems
    assert amounts is not None
    return with_number(freeze(request, document_type, known, amounts, NOW), ident)


def codes(request: DocumentRequest, document_type: DocumentType = DocumentType.INVOICE, known: Facts | None = None) -> list[str]:
    """The codes of the findings, in order."""
    return [problem.code for problem in examine(request, document_type, known or facts())[0]]


def related(
    document: Document,
    *credits_so_far: Document,
    received: Sequence[Sequence[DepositGroup]] = (),
    received_on: dt.date = TODAY,
    **overrides: Any,
) -> Related:
    """`document` as another one refers to it, with its credits and the parts received on it."""
    parts = total_of(received)
    return Related(what_is_left(document, credits_so_far, parts), parts, received_on if parts else None, **overrides)


def a_credit(original: Document, *credits_so_far: Document, items: Sequence[RequestedItem], ident: str) -> Document:
    """A credit memo over `items` of `original`."""
    known = facts(related(original, *credits_so_far))
    request = a_request(*items, related_document_ident=original.ident, request_id=ident)
    return issued(request, DocumentType.CREDIT_MEMO, known, ident)


def amounts_of(document: Document) -> list[tuple[str, str, str, str]]:
    """Category with rate, base, tax and gross of each tax group, as text."""
    return [(f"{g.category_code} {g.rate}", str(g.base), str(g.amount), str(g.gross)) for g in document.taxes]
