"""From billable items to documents: what must stand on papers of its own, what may stand together, in which order. Pure.

Source: platform API 2.2 and 4.1; accounting reference 9 ("split", "negative group", "zero", "document date", "order").
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from contor.billing.papers import NO_DEPOSITS, Deposits, Paper, Taxed, affordable, fitting, signed, with_deposits
from contor.billing.types import CORRECTIONS, CREDITS, Header, Item, family_of
from contor.documents.rules import CREDITING
from contor.documents.types import (
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    PaymentCollection,
    PaymentInformation,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prices,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.money import ZERO

MOST_ROWS = 100
DAY = dt.timedelta(days=1)


class Minimum(NamedTuple):
    """What a document comes to at least, or it waits; at most so many billing periods of its oldest item."""

    amount: Decimal
    most_periods: int


class Switches(NamedTuple):
    """The five switches of a billing group, how it dates documents, and whether it issues those of nothing."""

    business_case: bool = False
    business_segment: bool = False
    contract: bool = False
    performance_location: bool = False
    service_billing_period: bool = False
    by_period: bool = False
    """`contractDocumentDateDetermination` is BILLING_PERIOD."""
    issue_zero: bool = False
    """What is priced at nothing gets a document."""
    minimums: Mapping[str, Minimum] = MappingProxyType({})
    """By currency."""


FIVE = ("business_case", "business_segment", "contract", "performance_location", "service_billing_period")
"""The switches by which documents are split."""


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
        family_of(item.business_case),
        item.origin_ident if item.kind == "DEPOSIT" else "",
    )
    place = row.performance_location
    switched = (
        item.business_case if switches.business_case else "",
        item.segment_ident if switches.business_segment else "",
        item.contract_ident if switches.contract else "",
        (place.country, place.region or "", place.city or "") if switches.performance_location else "",
        (item.period_start.isoformat(), item.period_end.isoformat()) if switches.service_billing_period else "",
    )
    return mandatory + tuple(map(str, switched))


def split(
    items: Iterable[Taxed], switches: Mapping[str, Switches], cutoff: dt.date, first_open: dt.date, deposits: Deposits = NO_DEPOSITS
) -> tuple[list[Paper], frozenset[int]]:
    """The documents, in one order for the same input: customers by ident, then by key; rows by contract, option, period, origin. And
    the items that only pay or reduce and find no invoice: they wait for one."""
    groups: dict[tuple[Any, ...], list[Taxed]] = {}
    for taxed in items:
        if taxed.item.kind == "USAGE_CORRECTION" and not taxed.item.row.total:
            continue  # there is nothing to show
        header = taxed.item.header
        key = (header.customer_ident, header.billing_group_ident, *split_key(taxed, switches[header.billing_group_ident]))
        groups.setdefault(key, []).append(taxed)
    papers: list[Paper] = []
    waiting: list[int] = []
    left = dict(deposits)
    for key in sorted(groups):
        rows = sorted(groups[key], key=_row_order) if len(groups[key]) > 1 else groups[key]
        paying = [taxed for taxed in rows if taxed.item.row.pays]
        if paying:
            rows = [taxed for taxed in rows if not taxed.item.row.pays]
        rows, too_much = fitting(rows)
        waiting += [taxed.item.item_id for taxed in too_much]
        if all(not taxed.item.row.total for taxed in rows):
            waiting += [taxed.item.item_id for taxed in paying]
            if not switches[key[1]].issue_zero or all(not taxed.item.row.quantity for taxed in rows):
                continue  # nothing is owed, or nothing was supplied
            paying = []
        by_period = switches[key[1]].by_period
        for start, end in _cuts(rows):
            pays = affordable(rows[start:end], paying)
            paper = _paper(rows[start:end], pays, by_period, cutoff, first_open)
            if paper.document_type is DocumentType.INVOICE:
                paying = [taxed for taxed in paying if taxed not in pays]
                paper = with_deposits(paper, rows[start:end], left)
            papers.append(paper)
        waiting += [taxed.item.item_id for taxed in paying]
    return papers, frozenset(waiting)


def _row_order(taxed: Taxed) -> tuple[Any, ...]:
    item = taxed.item
    return *_supply(taxed), item.origin_type == "ALLOWANCE", item.sequence, item.origin_ident, item.item_id


def _supply(taxed: Taxed) -> tuple[Any, ...]:
    """A row of an option and its allowances have the same: they stand on one document, one after another."""
    item = taxed.item
    sequence = item.sequence // CREDITS if item.kind == "CREDIT" else item.sequence
    return item.contract_ident, item.row.option_order, item.period_start, sequence


def _cuts(rows: Sequence[Taxed]) -> Iterator[tuple[int, int]]:
    """Where documents begin and end: as many rows as may stand on one, and no allowance without its option."""
    start = 0
    while len(rows) - start > MOST_ROWS:
        end = start + MOST_ROWS
        if rows[end].item.origin_type == "ALLOWANCE":
            end = next((n for n in range(end, start, -1) if _supply(rows[n - 1]) != _supply(rows[n])), end)
        yield start, end
        start = end
    yield start, len(rows)


def _type_of(item: Item, value: Decimal) -> DocumentType:
    """A document of less than nothing takes back."""
    invoice, takes_back = _TYPES[family_of(item.business_case)]
    return takes_back if value < 0 or (item.credited_document is not None and not value) else invoice


_TYPES = {
    "": (DocumentType.INVOICE, DocumentType.CREDIT_MEMO),
    "DEPOSIT": (DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION),
    "SELF_BILLED": (DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION),
}


def _paper(rows: Sequence[Taxed], paying: Sequence[Taxed], by_period: bool, cutoff: dt.date, first_open: dt.date) -> Paper:
    first = rows[0].item
    header = first.header
    value = sum([signed(taxed) for taxed in rows], ZERO)
    document_type = _type_of(first, value)
    flips = document_type in CREDITING
    paid = () if flips else tuple([_payment_of(taxed.item) for taxed in paying])
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
        related_document_ident=first.credited_document if flips else None,
        post_tax_items=paid + tuple([entry for taxed in rows for entry in taxed.item.row.post_tax]),
        payment_collection=_COLLECTED if header.collect else _NOT_COLLECTED,
        payment_information=_payment(header),
        payment_term=None if header.payment_days is None else PaymentTerm(period_in_days=header.payment_days),
    )
    billed = [*rows, *paying] if paid else rows
    return Paper(document_type, request, tuple([taxed.item for taxed in billed]))


_COLLECTED, _NOT_COLLECTED = PaymentCollection(collect=True), PaymentCollection()


def _payment_of(item: Item) -> PostTaxItem:
    return PostTaxItem(ident=f"i-{item.item_id}", name=item.row.name, amount=-item.row.total)


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
    sides = original = Sides(net=row.total) if is_net else Sides(gross=row.total)
    if row.extras:
        whole = row.total - sum([(extra.total.net if is_net else extra.total.gross) or ZERO for extra in row.extras], ZERO)
        original = Sides(net=whole) if is_net else Sides(gross=whole)
    taxes = row.taxes or (Tax(rate=tax.rate, category_code=tax.category_code, exemption_reason_code=tax.exemption_reason_code),)  # type: ignore[arg-type]
    is_credit = (item.type == "CREDIT") != flips
    return RequestedItem(
        ident=f"i-{item.item_id}",
        category=row.category,  # type: ignore[arg-type]  # of the catalogue, which has the same ones
        quantity=row.quantity,
        quantity_type=row.quantity_type,  # type: ignore[arg-type]
        prices=Prices(
            unit=UnitSides(net=row.unit_price) if is_net else UnitSides(gross=row.unit_price), original_total=original, total=sides
        ),
        extras=row.extras,
        tax_detail=TaxDetail(taxes=taxes, calculation_basis=row.basis),
        performance_location=row.performance_location,
        tax_location=row.tax_location,
        name=row.name,
        description=row.description,
        article_number=row.article_number,
        item_group=row.item_group,
        debit_credit_indicator="CREDIT" if is_credit else "DEBIT",
        service_period=_period(row.service_start, row.service_end),
        delivery_date=row.delivery_date,
        billing_period=_period(item.period_start, item.period_end) if item.origin_type != "LINE_ITEM" else None,
        price_calculation_basis=row.price_calculation_basis,
        reference_ident=row.credited_row,
        properties=row.properties,
    )


def _period(start: dt.date | None, end: dt.date | None) -> Period | None:
    return None if start is None or end is None else Period(start=start, end=end - DAY)
