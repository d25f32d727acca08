"""From billable items to documents: what must stand on papers of its own, what may stand together, in which order. Pure.

Source: platform API 2.2 and 4.1; accounting reference 9 ("split", "negative group", "zero", "document date", "order").
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from contor.billing.types import CORRECTIONS, Header, Item
from contor.documents.types import (
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    PaymentInformation,
    PaymentTerm,
    Period,
    Prices,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.money import ZERO
from contor.tax.determine import Determined

MOST_ROWS = 100
DAY = dt.timedelta(days=1)


class Switches(NamedTuple):
    """The five switches of a billing group, and how it dates documents."""

    business_case: bool = False
    business_segment: bool = False
    contract: bool = False
    performance_location: bool = False
    service_billing_period: bool = False
    by_period: bool = False
    """`contractDocumentDateDetermination` is BILLING_PERIOD."""


class Taxed(NamedTuple):
    item: Item
    tax: Determined


class Paper(NamedTuple):
    """A document to be issued, with the items that it bills."""

    document_type: DocumentType
    request: DocumentRequest
    items: tuple[Item, ...]


def split_key(taxed: Taxed, switches: Switches) -> tuple[Any, ...]:
    """Items with the same key stand on one document. The key orders the documents of a customer."""
    item, row = taxed.item, taxed.item.row
    mandatory = (
        tuple("" if value is None else str(value) for value in item.header),
        row.tax_location.country,
        row.tax_location.region or "",
        row.tax_scheme,
        row.basis,
        taxed.tax.category_code == "O",
        item.credited_document or "",
        item.business_case.startswith("SELF_BILLED"),
    )
    place = row.performance_location
    switched = (
        item.business_case if switches.business_case else item.type if item.credited_document else "",
        item.segment_ident if switches.business_segment else "",
        item.contract_ident if switches.contract else "",
        (place.country, place.region or "", place.city or "") if switches.performance_location else "",
        (item.period_start.isoformat(), item.period_end.isoformat()) if switches.service_billing_period else "",
    )
    return mandatory + tuple(map(str, switched))


def split(items: Iterable[Taxed], switches: Mapping[str, Switches], cutoff: dt.date, first_open: dt.date) -> list[Paper]:
    """The documents, in one order for the same input: customers by ident, then by key; rows by contract, option, period, origin."""
    groups: dict[tuple[Any, ...], list[Taxed]] = {}
    for taxed in items:
        if taxed.item.kind == "USAGE_CORRECTION" and not taxed.item.row.total:
            continue  # there is nothing to show
        header = taxed.item.header
        key = (header.customer_ident, header.billing_group_ident, *split_key(taxed, switches[header.billing_group_ident]))
        groups.setdefault(key, []).append(taxed)
    papers: list[Paper] = []
    for key in sorted(groups):
        rows = sorted(groups[key], key=_row_order) if len(groups[key]) > 1 else groups[key]
        if all(not taxed.item.row.total for taxed in rows):
            continue
        by_period = switches[key[1]].by_period
        for start in range(0, len(rows), MOST_ROWS):
            papers.append(_paper(rows[start : start + MOST_ROWS], by_period, cutoff, first_open))
    return papers


def _row_order(taxed: Taxed) -> tuple[Any, ...]:
    item = taxed.item
    return item.contract_ident, item.row.option_order, item.period_start, item.sequence, item.origin_ident, item.item_id


def _paper(rows: Sequence[Taxed], by_period: bool, cutoff: dt.date, first_open: dt.date) -> Paper:
    first = rows[0].item
    header = first.header
    value = sum([-taxed.item.row.total if taxed.item.type == "CREDIT" else taxed.item.row.total for taxed in rows], ZERO)
    credits = first.credited_document is not None
    document_type = DocumentType.CREDIT_MEMO if credits or value < 0 else DocumentType.INVOICE
    flips = document_type is DocumentType.CREDIT_MEMO
    request = DocumentRequest(
        request_id=f"billing~{first.item_id}",
        billing_group_ident=header.billing_group_ident,
        currency=header.currency,
        customer_detail=CustomerDetail(
            customer_ident=header.customer_ident,
            invoice_address_ident=header.invoice_address_ident,
            shipping_address_ident=header.shipping_address_ident,
        ),
        items=tuple([_row(taxed, flips) for taxed in rows]),
        language=header.language,
        document_date=_date(rows, by_period, cutoff, first_open),
        operating_site_ident=header.operating_site_ident,
        related_document_ident=first.credited_document,
        payment_information=_payment(header),
        payment_term=None if header.payment_days is None else PaymentTerm(period_in_days=header.payment_days),
    )
    return Paper(document_type, request, tuple([taxed.item for taxed in rows]))


_PAYMENT = PaymentInformation()


def _payment(header: Header) -> PaymentInformation:
    given = (header.payment_type, header.payment_reference, header.customer_payment_account_ident)
    if given == (_PAYMENT.payment_type, None, None):
        return _PAYMENT
    return PaymentInformation(payment_type=given[0], payment_reference=given[1], customer_payment_account_ident=given[2])


def _date(rows: Sequence[Taxed], by_period: bool, cutoff: dt.date, first_open: dt.date) -> dt.date:
    """The cut-off's day, or the last day of the billed period; never later than the cut-off, never in a closed period. Corrections of
    former periods are of the day on which they are made (accounting reference 9, "backdating")."""
    day = cutoff
    if by_period and not all(taxed.item.business_case in CORRECTIONS for taxed in rows):
        day = min(cutoff, max([taxed.item.period_end for taxed in rows]) - DAY)
        if all(taxed.item.processing_at.date() < taxed.item.period_end - DAY for taxed in rows):  # billed in advance
            day = min(cutoff, *[taxed.item.period_start for taxed in rows])
    return max(day, first_open)


def _row(taxed: Taxed, flips: bool) -> RequestedItem:
    item, row, tax = taxed.item, taxed.item.row, taxed.tax
    is_net = row.basis == "NET"
    sides = Sides(net=row.total) if is_net else Sides(gross=row.total)
    is_credit = (item.type == "CREDIT") != flips
    return RequestedItem(
        ident=f"i-{item.item_id}",
        category=row.category,  # type: ignore[arg-type]  # of the catalogue, which has the same ones
        quantity=row.quantity,
        quantity_type=row.quantity_type,  # type: ignore[arg-type]
        prices=Prices(
            unit=UnitSides(net=row.unit_price) if is_net else UnitSides(gross=row.unit_price), original_total=sides, total=sides
        ),
        tax_detail=TaxDetail(
            taxes=(Tax(rate=tax.rate, category_code=tax.category_code, exemption_reason_code=tax.exemption_reason_code),),  # type: ignore[arg-type]
            calculation_basis=row.basis,
        ),
        performance_location=row.performance_location,
        tax_location=row.tax_location,
        name=row.name,
        description=row.description,
        article_number=row.article_number,
        item_group=row.item_group,
        debit_credit_indicator="CREDIT" if is_credit else "DEBIT",
        service_period=Period(start=row.service_start, end=row.service_end - DAY),
        billing_period=Period(start=item.period_start, end=item.period_end - DAY),
        price_calculation_basis=row.price_calculation_basis,
        reference_ident=row.credited_row,
        properties=row.properties,
    )
