"""One document as it is asked of `documents`: its type, date, rows and payments. Pure.

Source: platform API 4.1; accounting reference 9 ("document date", "backdating").
"""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal

from contor.billing.items import Header, Item, family_of, on_one_side
from contor.billing.papers.deductions import gross
from contor.billing.papers.types import Paper, TaxedItem
from contor.documents.judge import CREDITING, tax_of
from contor.documents.types import (
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    ExternalReference,
    PaymentCollection,
    PaymentInformation,
    Period,
    PostTaxItem,
    Prices,
    Property,
    RequestedItem,
    Sides,
    TaxDetail,
    UnitSides,
)
from contor.kernel.money import ZERO
from contor.settings.groups import Days

DAY = dt.timedelta(days=1)
ONE = Decimal(1)


def _type_of(rows: Sequence[TaxedItem]) -> DocumentType:
    """A document of less than nothing takes back; what it comes to is what would be payable, for rows may be taxed at several rates."""
    item, value = rows[0].item, gross(rows)
    invoice, takes_back = _TYPES[family_of(item.business_case)]
    return takes_back if value < 0 or (item.credited_document is not None and not value) else invoice


_TYPES = {
    "": (DocumentType.INVOICE, DocumentType.CREDIT_MEMO),
    "DEPOSIT": (DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION),
    "SELF_BILLED": (DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION),
}


def paper_of(rows: Sequence[TaxedItem], paying: Sequence[TaxedItem], days: Days, first_open: dt.date) -> Paper:
    """The document on which these rows stand, and the payments that it is enough for."""
    first = rows[0].item
    header = first.header
    document_type = _type_of(rows)
    # a credit memo shows positive amounts (accounting reference 9, "negative group"): credits become debits of it
    flips = document_type in CREDITING
    owners = {taxed.item.contract_ident for taxed in rows}
    paid = () if flips else tuple([_payment_of(taxed.item) for taxed in paying])
    # Of the real day of the run in the zone of the group, whatever cut-off selected, and never in a closed period of the books: no document
    # is dated before it is made (accounting reference, amendment h)
    request = DocumentRequest(
        request_id=f"billing~{first.item_id}",
        billing_group_ident=header.billing_group_ident,
        currency=header.currency,
        customer_detail=CustomerDetail(
            customer_ident=header.customer_ident,
            invoice_address_ident=header.invoice_address_ident,
            shipping_address_ident=header.shipping_address_ident,
        ),
        items=tuple([_row(taxed, flips, names_owner=len(owners) > 1) for taxed in rows]),
        language=header.language,
        document_date=max(days.today(header.billing_group_ident), first_open),
        order_date=first.ordered_on if len(owners) == 1 else None,
        operating_site_ident=header.operating_site_ident,
        related_document_ident=first.credited_document if flips else None,
        external_references=_taken_back([taxed.item for taxed in rows]) or (() if flips else _reduced_before(first)),
        post_tax_items=paid + tuple([entry for taxed in rows for entry in taxed.item.row.post_tax]),
        payment_collection=_COLLECTED if header.collect else _NOT_COLLECTED,
        payment_information=_payment(header),
        payment_term=header.payment_term,
        properties=_references(header, first, owners),
    )
    billed = [*rows, *paying] if paid else rows
    return Paper(document_type, request, tuple([taxed.item for taxed in billed]))


def _references(header: Header, first: Item, owners: Collection[str]) -> tuple[Property, ...]:
    """What the owner says, and which contract (BT-12) or order (BT-14) is billed, where it is one and he says no other."""
    key = "salesOrderReference" if first.of_order else "contractReference"
    if len(owners) > 1 or any(entry.key == key for entry in header.references):
        return header.references
    return (*header.references, Property(key=key, value=first.contract_ident))


def _taken_back(items: Sequence[Item]) -> tuple[ExternalReference, ...]:
    """The documents from which rows of this one take something back (BG-3)."""
    found = {item.beside: item.credited_on for item in items if item.beside is not None}
    return tuple([ExternalReference(ident=ident, document_date=day) for ident, day in sorted(found.items())])


def _reduced_before(first: Item) -> tuple[ExternalReference, ...]:
    """The document from which what reduced it is taken back, alone: so it is billed, and the invoice says of which one (BG-3)."""
    if first.credited_document is None:
        return ()
    return (ExternalReference(ident=first.credited_document, document_date=first.credited_on),)


_OWNER = {"de": ("Vertrag", "Auftrag"), "en": ("Contract", "Order")}


def _description(item: Item, names_owner: bool) -> str | None:
    """With the contract or order that is billed, where the document bills several."""
    if not names_owner:
        return item.row.description
    contract, order = _OWNER.get(item.header.language, _OWNER["en"])
    named = f"{order if item.of_order else contract} {item.contract_ident}"
    return named if item.row.description is None else f"{named}\n{item.row.description}"


_COLLECTED, _NOT_COLLECTED = PaymentCollection(collect=True), PaymentCollection()


def _payment_of(item: Item) -> PostTaxItem:
    return PostTaxItem(ident=f"i-{item.item_id}", name=item.row.name, amount=-item.row.total)


_PAYMENT = PaymentInformation()


def _payment(header: Header) -> PaymentInformation:
    given = (header.payment_type, header.payment_reference, header.customer_payment_account_ident)
    if given == (_PAYMENT.payment_type, None, None):
        return _PAYMENT
    return PaymentInformation(payment_type=given[0], payment_reference=given[1], customer_payment_account_ident=given[2])


def _row(taxed: TaxedItem, flips: bool, *, names_owner: bool) -> RequestedItem:
    item, row, tax = taxed.item, on_one_side(taxed.item.row), taxed.tax
    is_net = row.basis == "NET"
    sides = original = Sides(net=row.total) if is_net else Sides(gross=row.total)
    if row.extras:
        # the original total is price times quantity; what reduces or adds stands beside it (BG-27, BG-28; PEPPOL-EN16931-R120)
        whole = row.total - sum([(extra.total.net if is_net else extra.total.gross) or ZERO for extra in row.extras], ZERO)
        original = Sides(net=whole) if is_net else Sides(gross=whole)
    taxes = row.taxes or (tax_of(tax),)
    is_credit = (item.type == "CREDIT") != flips
    return RequestedItem(
        ident=f"i-{item.item_id}",
        category=row.category,
        quantity=row.quantity,
        quantity_type=row.quantity_type,  # type: ignore[arg-type]  # the request is judged as a whole
        price_base_quantity=row.price_base or ONE,
        prices=Prices(
            unit=UnitSides(net=row.unit_price) if is_net else UnitSides(gross=row.unit_price), original_total=original, total=sides
        ),
        extras=row.extras,
        tax_detail=TaxDetail(taxes=taxes, calculation_basis=row.basis),
        performance_location=row.performance_location,
        tax_location=row.tax_location,
        name=row.name,
        description=_description(item, names_owner),
        article_number=row.article_number,
        item_group=row.item_group,
        debit_credit_indicator="CREDIT" if is_credit else "DEBIT",
        service_period=_period(row.service_start, row.service_end),
        delivery_date=row.delivery_date,
        billing_period=_period(item.period_start, item.period_end) if item.origin_type != "LINE_ITEM" else None,
        price_calculation_basis=row.price_calculation_basis,
        reference_ident=row.credited_row,
        related_document_ident=None if row.credited_row is None else item.beside,
        properties=row.properties,
    )


def _period(start: dt.date | None, end: dt.date | None) -> Period | None:
    return None if start is None or end is None else Period(start=start, end=end - DAY)
