"""An estimate on the wire: what is sent as a document request, and what is answered."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.api.fastbill.invoices.rows import (
    SHOWN_UNITS,
    UNIT,
    amounts_of,
    description_of,
    named,
    plain_text,
    quantity_type,
)
from contor.api.fastbill.invoices.vat import PERCENT, Where
from contor.api.fastbill.invoices.vat import said as taxes_said
from contor.api.fastbill.papers.types import EstimateItem, NewEstimate
from contor.api.fastbill.writing import NO_TIME, Fields, day, decimals, exact, flagged, identifier, moment, plain, words
from contor.documents.papers import TITLE
from contor.documents.types import Document, DocumentItem, TaxGroup
from contor.kernel.money import ZERO, round_price
from contor.kernel.partial import Content
from contor.offers.queries import Offer

STATES: Final = {"CREATED": "a", "SENT": "b", "NEGOTIATION": "c", "ACCEPTED": "d", "REJECTED": "e", "INVOICED": "f"}
"""Status of an offer -> its letter."""
CORE: Final = {
    "customer_ident": "CUSTOMER_ID",
    "invoice_address_ident": "CUSTOMER_ID",
    "document_date": "ESTIMATE_DATE",
    "valid_until": "DUE_DATE",
    "currency": "CURRENCY_CODE",
    "introduction": "INTROTEXT",
    "percentage": "DISCOUNT",
    "rate": "VAT_PERCENT",
    "net": "UNIT_PRICE",
    "gross": "UNIT_PRICE",
}
"""Field of the core -> tag."""
_DISCOUNT: Final = {"de": "Rabatt"}
"""By language; English in any other."""
_ROWS: Final = 1_000
"""Numbers of rows for each estimate: which one a row is of can be read off its number."""
_ONE: Final = Decimal(1)


def request_content(
    data: NewEstimate, customer: str, address: str | None, group: str, where: Where, site: str | None, language: str
) -> Content:
    """The plain JSON of the request. `where`: who supplies where, by which taxes are those of an invoice. Raises INVALID."""
    currency = data.currency_code or "EUR"
    made: Content = {
        "billing_group_ident": group,
        "currency": currency,
        "language": language,
        "customer_detail": {"customer_ident": customer, **({"invoice_address_ident": address} if address else {})},
        "items": [_row(item, place, data, currency, where) for place, item in enumerate(data.items, 1)],
    }
    if data.estimate_date is not None:
        made["document_date"] = data.estimate_date.isoformat()
    if site is not None:
        made["operating_site_ident"] = site
    if data.invoice_title:
        made["properties"] = [{"key": TITLE, "value": data.invoice_title[:255]}]
    if data.discount:
        made["allowances_charges"] = [
            {
                "ident": "discount",
                "type": "ALLOWANCE",
                "name": _DISCOUNT.get(language, "Discount"),
                "percentage": str(data.discount),
            }
        ]
    return made


def introduction_of(data: NewEstimate) -> tuple[str, ...]:
    """The text before the rows, each of its paragraphs."""
    lines = [line.strip() for line in plain_text(data.introtext or "").split("\n")]
    return tuple(line for line in lines if line)[:10]


def _row(item: EstimateItem, place: int, data: NewEstimate, currency: str, where: Where) -> Content:
    is_gross = bool(data.is_gross if item.is_gross is None else item.is_gross)
    name, description = named(item.description)
    tax = taxes_said(None, item.vat_percent or ZERO, where)
    kept = {UNIT: item.unit, PERCENT: None if tax.percent is None else str(tax.percent)}
    made: Content = {
        "ident": str(place),
        "category": "SERVICE",
        "name": name,
        "description": description,
        "article_number": item.article_number,
        "quantity_type": quantity_type(item.unit),
        **amounts_of(_ONE if item.quantity is None else item.quantity, item.unit_price, currency, gross=is_gross),
        "tax_detail": {"calculation_basis": "GROSS" if is_gross else "NET", "taxes": tax.taxes},
        "performance_location": {"country": where.place},
        "properties": [{"key": key, "value": value} for key, value in kept.items() if value],
    }
    return {key: value for key, value in made.items() if value is not None}


def estimate(offer: Offer, customer_id: int | None, url: str, template: int) -> Fields:
    """As estimate.get answers it. `template`: its number."""
    document = offer.document
    customer, totals = document.customer, document.totals
    address, contact = customer.address, customer.contact
    said = {entry.key: entry.value for entry in reversed(document.properties)}
    return {
        "estimate_id": identifier(offer.offer_id),
        "state": STATES[offer.status],
        "customer_id": identifier(customer_id),
        "customer_number": offer.customer_ident,
        "organization": customer.name,
        "first_name": "",
        "last_name": words(contact.name),
        "address": " ".join(part for part in (address.street, address.street_no) if part),
        "address_2": words(address.addition),
        "zipcode": words(address.zip),
        "city": words(address.city),
        "country_code": address.country,
        "vat_id": words(customer.vat_id),
        "currency_code": offer.currency,
        "template_id": identifier(template),
        "estimate_number": offer.number,
        "invoice_title": words(said.get(TITLE)),
        "discount": decimals(discount_of(offer.content), 2),
        "introtext": "<br>".join(offer.introduction),
        "estimate_date": day(offer.offer_date),
        "due_date": moment(offer.valid_until, NO_TIME),
        "sub_total": plain(totals.net),
        "vat_total": plain(totals.tax),
        "vat_items": _vat_items(document.taxes),
        "items": [_item(item, offer, document) for item in document.items],
        "total": plain(totals.gross),
        "document_url": url,
    }


def discount_of(content: Content) -> Decimal:
    """Percent off the whole, of an offer's allowances by a percentage."""
    found = [
        Decimal(it["percentage"])
        for it in content.get("allowances_charges") or ()
        if it["type"] == "ALLOWANCE" and it.get("percentage")
    ]
    return sum(found, ZERO)


def _item(item: DocumentItem, offer: Offer, document: Document) -> Fields:
    sign = -1 if item.is_credit else 1
    is_gross = item.basis == "GROSS"
    return {
        "estimate_item_id": str(offer.offer_id * _ROWS + item.position),
        "article_number": words(item.article_number),
        "description": description_of(item.name, item.description),
        "quantity": decimals(item.quantity, 2),
        "unit": next((entry.value for entry in item.properties if entry.key == UNIT), "")
        or SHOWN_UNITS.get(item.quantity_type, ""),
        "unit_price": exact(sign * round_price((item.unit.gross if is_gross else item.unit.net) / item.price_base_quantity)),
        "vat_percent": decimals(item.taxes[0].rate, 2),
        "vat_value": plain(item.total.tax),
        "complete_net": plain(item.total.net),
        "complete_gross": plain(item.total.gross),
        "currency_code": document.currency,
        "category": None,
        "is_gross": flagged(is_gross),
        "sort_order": item.position,
    }


def _vat_items(groups: Sequence[TaxGroup]) -> list[Fields]:
    return [
        {"vat_percent": decimals(group.rate, 2), "complete_net": plain(group.base), "vat_value": plain(group.amount)}
        for group in groups
    ]
