"""The request of which the document of an opening claim is made."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.papers import NOTE, ORIGINAL_DUE_DATE, TITLE
from contor.documents.types import (
    LONGEST_TERM,
    CustomerDetail,
    DocumentRequest,
    Location,
    PaymentInformation,
    PaymentTerm,
    Period,
    Prepaid,
    Prices,
    Property,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.codes import TaxCategory
from contor.kernel.money import ZERO, round_amount
from contor.openitems.opening.types import ClaimRow, OpeningClaimBody

_ONE = Decimal(1)


class Meant(NamedTuple):
    """What a claim does not say, as it is meant here."""

    address_ident: str
    billing_group_ident: str
    language: str
    country: str
    """Where it is supplied."""


def request_of(body: OpeningClaimBody, rows: Sequence[ClaimRow], meant: Meant, request_id: str) -> DocumentRequest:
    days = (body.due_date - body.document_date).days
    said = [(TITLE, body.title), (NOTE, body.note)]
    if days >= LONGEST_TERM:
        said.append((ORIGINAL_DUE_DATE, body.due_date.isoformat()))
    paid = (Prepaid(reference=body.number, date=body.document_date, amount=body.paid),) if body.paid else ()
    return DocumentRequest(
        request_id=request_id,
        ident=body.number,
        billing_group_ident=meant.billing_group_ident,
        currency=body.currency,
        language=meant.language,
        customer_detail=CustomerDetail(customer_ident=body.customer_ident, invoice_address_ident=meant.address_ident),
        items=tuple(_item(body, place, row, meant.country) for place, row in enumerate(rows, 1)),
        document_date=body.document_date,
        operating_site_ident=body.operating_site_ident,
        prepaid=paid,
        exchange_rate=body.exchange_rate,
        payment_information=PaymentInformation(payment_reference=body.payment_reference),
        payment_term=PaymentTerm(period_in_days=min(days, LONGEST_TERM)),
        properties=(*body.properties, *(Property(key=key, value=value) for key, value in said if value)),
    )


def category_of(row: ClaimRow) -> TaxCategory:
    return row.tax_category or ("S" if row.vat_rate else "E")


def taxes_of(rows: Sequence[ClaimRow]) -> dict[tuple[str, Decimal], Decimal]:
    """By category and rate, as the rows say it."""
    found: dict[tuple[str, Decimal], Decimal] = {}
    for row in rows:
        key = category_of(row), row.vat_rate
        found[key] = found.get(key, ZERO) + (row.vat or ZERO)
    return found


# helpers in calling order


def _item(body: OpeningClaimBody, place: int, row: ClaimRow, country: str) -> RequestedItem:
    quantity, unit = (row.quantity, row.unit_price) if row.unit_price is not None and row.quantity else (_ONE, row.net)
    if round_amount(quantity * unit, body.currency) != row.net:
        quantity, unit = _ONE, row.net
    net = Sides(net=abs(row.net))
    end = body.service_end or body.service_start
    return RequestedItem(
        ident=f"i-{place}",
        category="SERVICE",
        name=row.description,
        article_number=row.article_number,
        quantity=quantity,
        quantity_type="PC",
        prices=Prices(unit=UnitSides(net=abs(unit)), original_total=net, total=net),
        tax_detail=TaxDetail(taxes=(Tax(rate=row.vat_rate, category_code=category_of(row)),)),
        performance_location=Location(country=country),
        debit_credit_indicator="CREDIT" if row.net < 0 else "DEBIT",
        service_period=None if end is None else Period(start=body.service_start or end, end=end),
    )
