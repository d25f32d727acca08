"""What the API answers of an issued document: the frozen content, and what has moved since. Pure."""

import datetime as dt
from decimal import Decimal

from contor.documents.types.corrected import CorrectionKind
from contor.documents.types.frozen import (
    DepositDeduction,
    Discount,
    LedgerCurrency,
)
from contor.documents.types.parties import Party
from contor.documents.types.requested import (
    CustomerDetail,
    ExternalReference,
    Location,
    PaymentCollection,
    PaymentInformation,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prepaid,
    PriceBases,
    Property,
    Tax,
)
from contor.documents.types.rows import DocumentAllowanceCharge
from contor.documents.types.words import Basis, DocumentStatus, DocumentType, ExtraType, PaidBy
from contor.kernel.money import ZERO
from contor.kernel.shapes import Money, shape


@shape
class UnitView:
    net: Decimal
    gross: Decimal


@shape
class AmountView:
    net: Money
    tax: Money
    gross: Money


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
    type: ExtraType | None = None


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
    price_calculation_basis: PriceBases | None = None
    reference_ident: str | None = None
    related_document_ident: str | None = None
    refundability: str | None = None
    properties: tuple[Property, ...] = ()


@shape
class RowStateView:
    quantity: Decimal
    unit: UnitView
    total: AmountView


@shape
class CorrectedRowView:
    ident: str
    """Of this document's row."""
    before: RowStateView
    after: RowStateView
    difference: AmountView
    """After less before: below zero where something is taken back."""


@shape
class CorrectionView:
    """What a credit corrects, as Polish law wants it said."""

    kind: CorrectionKind
    reason: str
    rows: tuple[CorrectedRowView, ...]
    before: AmountView
    """Of all that the corrected documents say, with what was corrected before."""
    after: AmountView
    difference: AmountView


@shape
class TotalsView:
    net: Money
    tax: Money
    gross: Money
    prepaid: Money
    rounding: Money
    payable: Money


@shape
class TaxView:
    category_code: str
    rate: Decimal
    base: Money
    amount: Money
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None


@shape
class OriginReference:
    type: str
    """ORDER, CONTRACT: what it bills. REISSUED_DOCUMENT: this one takes its place; REISSUE_CREDIT_MEMO: by which that one was taken
    back."""
    ident: str


@shape
class RuleFinding:
    """What an official rule of electronic invoices says of a file."""

    level: str
    """Only what is `fatal` makes the file unfit for sending."""
    rule: str
    """E.g. BR-CL-23; XSD: the schema."""
    message: str
    location: str = ""
    """The element of the file."""


@shape
class FileView:
    file_ident: str
    type: str
    name: str
    size: int
    sha256: str
    sendable: bool
    findings: tuple[RuleFinding, ...] = ()
    """Why it is not sendable, and what the rules warn of."""


@shape
class FinalizingView:
    """For what a document that is issued still waits: its picture (PDF), and all that carries it."""

    until: dt.datetime
    """UTC: so long somebody may take to upload it."""
    is_built_in_then: bool
    """Whether it gets our picture then; else it goes on waiting."""
    reason: str


@shape
class State:
    """What has moved since issuing, and the id."""

    document_id: int
    status: DocumentStatus
    settled: Decimal = ZERO
    dunning_level: int = 0
    labels: tuple[str, ...] = ()
    files: tuple[FileView, ...] = ()
    related_by: tuple[str, ...] = ()
    origin_references: tuple[OriginReference, ...] = ()
    finalizing: FinalizingView | None = None


@shape
class DocumentView:
    """An issued document. Amounts are positive for every type; the type says the direction."""

    document_id: int
    """Names it wherever a document is named, also where another company has one of the same number."""
    ident: str
    document_type: DocumentType
    status: DocumentStatus
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
    outstanding: Money
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
    discounts: tuple[Discount, ...] = ()
    """Of a credit memo: the reductions that it takes back."""
    correction: CorrectionView | None = None
    ledger: LedgerCurrency | None = None
    payment_collection: PaymentCollection
    payment_information: PaymentInformation
    payment_term: PaymentTerm
    paid_by: PaidBy | None = None
    collection_date: dt.date | None = None
    """The day on which it says that it is collected."""
    collection_reason: str | None = None
    properties: tuple[Property, ...] = ()
    finalizing: FinalizingView | None = None
    """Why it is not complete, where its picture is awaited."""
