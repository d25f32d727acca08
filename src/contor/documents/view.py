"""What the API answers of an issued document: the frozen content, and what has moved since. Pure."""

import datetime as dt
from decimal import Decimal

from contor.documents.types import (
    AmountSides,
    Basis,
    CustomerDetail,
    DepositDeduction,
    Document,
    DocumentAllowanceCharge,
    DocumentItem,
    DocumentType,
    ExternalReference,
    LedgerCurrency,
    Location,
    Party,
    PaymentCollection,
    PaymentInformation,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prepaid,
    PriceCalculationBasis,
    Property,
    Tax,
    TaxGroup,
    Totals,
    UnitPriceSides,
)
from contor.kernel.money import ZERO
from contor.kernel.shapes import shape


@shape
class UnitView:
    net: Decimal
    gross: Decimal


@shape
class AmountView:
    net: Decimal
    tax: Decimal
    gross: Decimal


@shape
class PricesView:
    unit: UnitView
    original_total: AmountView
    total: AmountView


@shape
class ExtraView:
    ident: str
    name: str
    total: AmountView
    """Negative: allowance (BG-27), positive: charge (BG-28)."""


@shape
class TaxDetailView:
    calculation_basis: Basis
    taxes: tuple[Tax, ...]


@shape
class ItemView:
    ident: str
    category: str
    name: str
    quantity: Decimal
    quantity_type: str
    unit_code: str
    price_base_quantity: Decimal
    debit_credit_indicator: str
    prices: PricesView
    tax_detail: TaxDetailView
    extras: tuple[ExtraView, ...] = ()
    description: str | None = None
    article_number: str | None = None
    item_group: str | None = None
    performance_location: Location | None = None
    tax_location: Location | None = None
    service_period: Period | None = None
    delivery_date: dt.date | None = None
    billing_period: Period | None = None
    price_calculation_basis: PriceCalculationBasis | None = None
    reference_ident: str | None = None
    refundability: str | None = None
    properties: tuple[Property, ...] = ()


@shape
class TotalsView:
    net: Decimal
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal


@shape
class TaxView:
    category_code: str
    rate: Decimal
    base: Decimal
    amount: Decimal
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None


@shape
class OriginReference:
    type: str
    """REISSUED_DOCUMENT: this one takes its place; REISSUE_CREDIT_MEMO: by which that one was taken back."""
    ident: str


@shape
class FileView:
    file_ident: str
    type: str
    name: str
    size: int
    sha256: str
    sendable: bool


@shape
class State:
    """What has moved since issuing."""

    status: str
    settled: Decimal = ZERO
    dunning_level: int = 0
    labels: tuple[str, ...] = ()
    files: tuple[FileView, ...] = ()
    related_by: tuple[str, ...] = ()
    origin_references: tuple[OriginReference, ...] = ()


@shape
class DocumentView:
    """An issued document. Amounts are positive for every type; the type says the direction."""

    ident: str
    document_type: DocumentType
    status: str
    request_id: str
    billing_group_ident: str
    currency: str
    language: str
    document_date: dt.date
    due_date: dt.date
    tax_date: dt.date
    created_at: dt.datetime
    customer_detail: CustomerDetail
    operating_site_ident: str
    customer: Party
    seller: Party
    items: tuple[ItemView, ...]
    taxes: tuple[TaxView, ...]
    totals: TotalsView
    outstanding: Decimal
    dunning_level: int
    labels: tuple[str, ...]
    files: tuple[FileView, ...]
    related_by: tuple[str, ...]
    origin_references: tuple[OriginReference, ...] = ()
    order_date: dt.date | None = None
    related_document_ident: str | None = None
    related_document_idents: tuple[str, ...] = ()
    external_references: tuple[ExternalReference, ...] = ()
    allowances_charges: tuple[DocumentAllowanceCharge, ...] = ()
    post_tax_items: tuple[PostTaxItem, ...] = ()
    prepaid: tuple[Prepaid, ...] = ()
    final_invoice_method: str | None = None
    deposits: tuple[DepositDeduction, ...] = ()
    ledger: LedgerCurrency | None = None
    payment_collection: PaymentCollection
    payment_information: PaymentInformation
    payment_term: PaymentTerm
    properties: tuple[Property, ...] = ()


def view_of(document: Document, state: State) -> DocumentView:
    """The answer for one document."""
    here = tuple(reference.ident for reference in document.related if reference.document_type is not None)
    return DocumentView(
        ident=document.ident,
        document_type=document.document_type,
        status=state.status,
        request_id=document.request_id,
        billing_group_ident=document.billing_group_ident,
        currency=document.currency,
        language=document.language,
        document_date=document.document_date,
        due_date=document.due_date,
        tax_date=document.tax_date,
        created_at=document.created_at,
        customer_detail=CustomerDetail(
            customer_ident=document.customer_ident,
            invoice_address_ident=document.invoice_address_ident or "",
            shipping_address_ident=document.shipping_address_ident,
        ),
        operating_site_ident=document.operating_site_ident,
        customer=document.customer,
        seller=document.seller,
        items=tuple(item_view(item) for item in document.items),
        taxes=tuple(tax_view(group) for group in document.taxes),
        totals=totals_view(document.totals),
        outstanding=document.totals.payable - state.settled,
        dunning_level=state.dunning_level,
        labels=state.labels,
        files=state.files,
        related_by=state.related_by,
        origin_references=state.origin_references,
        order_date=document.order_date,
        related_document_ident=here[0] if here else None,
        related_document_idents=here[1:],
        external_references=tuple(
            ExternalReference(ident=reference.ident, document_date=reference.document_date)
            for reference in document.related
            if reference.document_type is None
        ),
        allowances_charges=document.allowances_charges,
        post_tax_items=document.post_tax_items,
        prepaid=document.prepaid,
        final_invoice_method=document.final_invoice_method,
        deposits=document.deposits,
        ledger=document.ledger,
        payment_collection=document.payment_collection,
        payment_information=document.payment_information,
        payment_term=document.payment_term,
        properties=document.properties,
    )


def totals_view(totals: Totals) -> TotalsView:
    return TotalsView(
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        prepaid=totals.prepaid,
        rounding=totals.rounding,
        payable=totals.payable,
    )


def tax_view(group: TaxGroup) -> TaxView:
    return TaxView(
        category_code=group.category_code,
        rate=group.rate,
        base=group.base,
        amount=group.amount,
        exemption_reason_code=group.exemption_reason_code,
        exemption_reason_text=group.exemption_reason_text,
    )


def prices_view(unit: UnitPriceSides, original_total: AmountSides, total: AmountSides) -> PricesView:
    """The prices of a row, both sides of each."""
    return PricesView(
        unit=UnitView(net=unit.net, gross=unit.gross), original_total=_amount_view(original_total), total=_amount_view(total)
    )


def item_view(item: DocumentItem) -> ItemView:
    return ItemView(
        ident=item.ident,
        category=item.category,
        name=item.name,
        quantity=item.quantity,
        quantity_type=item.quantity_type,
        unit_code=item.unit_code,
        price_base_quantity=item.price_base_quantity,
        debit_credit_indicator="CREDIT" if item.is_credit else "DEBIT",
        prices=prices_view(item.unit, item.original_total, item.total),
        tax_detail=TaxDetailView(calculation_basis=item.basis, taxes=item.taxes),
        extras=tuple(ExtraView(ident=extra.ident, name=extra.name, total=_amount_view(extra.total)) for extra in item.extras),
        description=item.description,
        article_number=item.article_number,
        item_group=item.item_group,
        performance_location=item.performance_location,
        tax_location=item.tax_location,
        service_period=item.service_period,
        delivery_date=item.delivery_date,
        billing_period=item.billing_period,
        price_calculation_basis=item.price_calculation_basis,
        reference_ident=item.reference_ident,
        refundability=item.refundability,
        properties=item.properties,
    )


def _amount_view(amount: AmountSides) -> AmountView:
    return AmountView(net=amount.net, tax=amount.tax, gross=amount.gross)
