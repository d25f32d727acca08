"""What is issued: the document as it is frozen. Pure.

BT and BG ids are those of EN 16931. Amounts are in units of the document's currency. PDF, e-invoice, ledger and API answer are all made
from the frozen `Document`, never from a second computation.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal

from contor.documents.properties import DIRECT_DEBIT_TYPES, REASON, TRANSFER_TYPES
from contor.documents.types.corrected import Correction, RelatedDocument
from contor.documents.types.parties import Address, Party
from contor.documents.types.requested import (
    PAID_BEFORE,
    REISSUED,
    ExchangeRate,
    PaymentCollection,
    PaymentInformation,
    PaymentTerm,
    PostTaxItem,
    Prepaid,
    Property,
)
from contor.documents.types.rows import DocumentAllowanceCharge, DocumentItem, TaxGroup, Totals
from contor.documents.types.words import (
    OF_DEPOSITS,
    PRICE_REDUCTION_REASONS,
    DocumentType,
    EInvoiceFormat,
    FinalInvoiceMethod,
    Gender,
    PaidBy,
)
from contor.kernel.shapes import (
    Frozen,
    Money,
    Sent,
    replace,
)


class DepositGroup(Sent, frozen=True):
    category_code: str
    rate: Decimal
    net: Money
    tax: Money
    gross: Money


class DepositDeduction(Sent, frozen=True):
    """What was received on one deposit invoice and is deducted by this final invoice."""

    ident: str
    document_date: dt.date
    received_on: dt.date
    groups: tuple[DepositGroup, ...]


class DepositTreatment(Frozen, frozen=True):
    """How VAT law treated a deducted deposit in one of its tax groups, where the final invoice would treat it otherwise."""

    ident: str
    category_code: str
    rate: Decimal
    treatment: str
    country: str | None = None


class Discount(Sent, frozen=True):
    """A reduction of what was owed for a document, in one of its tax groups: Skonto, an accepted short payment, a loss.

    Of a credit memo: what it takes back of the one that was decided on the document it credits.
    """

    decision: str
    """`CASH_DISCOUNT`, `DISCOUNT` or `UNCOLLECTABLE_RECEIVABLE`."""
    treatment: str
    """How VAT law treats the supply, e.g. as domestic, reverse charge or export."""
    category_code: str
    rate: Decimal
    net: Money
    tax: Money
    gross: Money
    ledger_tax: Decimal
    """As it was booked, in the ledger's currency."""
    ledger_gross: Decimal
    country: str | None = None


class LedgerGroup(Sent, frozen=True):
    """A tax group in the ledger's currency."""

    tax: Money
    gross: Money


class LedgerCurrency(Sent, frozen=True, omit_defaults=True):
    """The document in the ledger's currency (BT-6, BT-111), where its own is another (section 16 (6) UStG)."""

    currency: str
    exchange_rate: ExchangeRate
    tax: Money
    """BT-111: sum of each group's tax, converted and rounded."""
    gross: Money
    groups: tuple[LedgerGroup, ...] = ()
    """Parallel to the tax groups; empty where a row bears several taxes."""
    deposits: tuple[DepositDeduction, ...] = ()
    """What was received of the deposits that a final invoice deducts or takes over, or that its credit gives back, as it was booked: at the
    rates of its receipts."""


class DebitedAccount(Frozen, frozen=True):
    """The account that a document is collected from (BT-91), sealed: only who makes the document's files reads its IBAN."""

    iban: str
    key: str
    shown: str
    """Masked."""


VERSION: Final = 1
"""Of the frozen form: it rises when a field that is stored already changes its name, form or meaning (`versions.py`)."""


def reduces_price(properties: tuple[Property, ...]) -> bool:
    """Whether the property `reason` of a credit memo says so."""
    return any(entry.key == REASON and entry.value.upper() in PRICE_REDUCTION_REASONS for entry in properties)


class Document(Frozen, frozen=True, tag_field="version", tag=VERSION):
    """An issued document: frozen on issuing, the single source of picture, e-invoice, entries and answers.

    Its JSON begins with the version of its form.
    """

    ident: str
    """BT-1."""
    document_type: DocumentType
    request_id: str
    environment: Literal["TEST", "LIVE"]
    """TEST documents are marked as samples."""
    billing_group_ident: str
    currency: str
    language: str
    document_date: dt.date
    due_date: dt.date
    tax_date: dt.date
    """Date the supply is completed: the last day over all rows (accounting reference 6.1)."""
    created_at: dt.datetime
    seller: Party
    """Our operating site. In self-billing it is the buyer (BG-7), see `is_self_billing`."""
    customer: Party
    """The customer. In self-billing he is the seller (BG-4)."""
    operating_site_ident: str
    customer_ident: str
    items: tuple[DocumentItem, ...]
    taxes: tuple[TaxGroup, ...]
    totals: Totals
    order_date: dt.date | None = None
    supply_on_document_date: bool = False
    """No row says when it was supplied: the date of supply is the document date, and the document says so."""
    invoice_address_ident: str | None = None
    shipping_address_ident: str | None = None
    shipping_address: Address | None = None
    gender: Gender | None = None
    """Of the person who is addressed."""
    shipping_names: tuple[str, ...] = ()
    """Who receives there; the first is BT-70."""
    cash_taxation: bool | None = None
    """The site taxed on receipt (section 20 UStG) when this, or what it takes back or repeats, was issued. None: not said yet then."""
    allowances_charges: tuple[DocumentAllowanceCharge, ...] = ()
    post_tax_items: tuple[PostTaxItem, ...] = ()
    prepaid: tuple[Prepaid, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
    corrections: tuple[RelatedDocument, ...] = ()
    """Method REVERSAL: what took back the deposit invoices, whichever was named; BG-3 instead of these."""
    correction: Correction | None = None
    """Of a credit, where its tenant has them laid out so when it is issued: what it corrects, before and after."""
    final_invoice_method: FinalInvoiceMethod | None = None
    deposits: tuple[DepositDeduction, ...] = ()
    deposit_treatments: tuple[DepositTreatment, ...] = ()
    discounts: tuple[Discount, ...] = ()
    """Of a credit memo: what it takes back of reductions decided on the document it credits; part of BT-113."""
    discounts_of: tuple[str, ...] = ()
    """Where it names several documents: on which of them each of `discounts` was decided; else empty."""
    price_reductions: tuple[Discount, ...] = ()
    """Of a credit memo that takes rows back: by what earlier ones had reduced their price. Their amounts are without it already."""
    price_reductions_of: tuple[str, ...] = ()
    """On which document each of `price_reductions` was."""
    texts: dict[str, str] = {}
    """What it says in the tenant's own words, by the texts' keys; everything else in ours."""
    deposit_receivable_relevant: bool = False
    ledger: LedgerCurrency | None = None
    payment_collection: PaymentCollection = PaymentCollection()
    payment_information: PaymentInformation = PaymentInformation()
    payment_term: PaymentTerm = PaymentTerm()
    paid_by: PaidBy | None = None
    """How it says that it is paid, as decided when it was issued, where it was to be collected. None: its payment type says it."""
    collection_date: dt.date | None = None
    """The day of collection that it announces. None: nobody collects it, or by an account that was not known when it was issued."""
    collection_reason: str | None = None
    """Why that day is later than when it is due."""
    debited_account: DebitedAccount | None = None
    e_invoice_format: EInvoiceFormat | None = None
    """None: frozen before it was said; then a buyer reference made it an XRechnung."""
    buyer_reference: str | None = None
    """BT-10."""
    purchase_order_reference: str | None = None
    """BT-13."""
    contract_reference: str | None = None
    """BT-12."""
    project_reference: str | None = None
    """BT-11."""
    sales_order_reference: str | None = None
    """BT-14."""
    receiving_advice_reference: str | None = None
    """BT-15."""
    despatch_advice_reference: str | None = None
    """BT-16."""
    tender_reference: str | None = None
    """BT-17."""
    object_identifier: str | None = None
    """BT-18."""
    buyer_accounting_reference: str | None = None
    """BT-19."""
    note: str | None = None
    """BT-22."""
    properties: tuple[Property, ...] = ()
    taken_over: bool = False
    """It was issued by another system, with its own number: here is what of it is open. Its file is that of the other system."""

    @property
    def sign(self) -> int:
        """+1 where the payable is owed to us or by us as of the first issue, -1 for its credit or correction."""
        return -1 if self.document_type in _CREDITING else 1

    @property
    def paid_here(self) -> tuple[Prepaid, ...]:
        """What paid it on issuing, which a credit sets free. What another system received was never here: the credit owes it."""
        return () if self.taken_over else self.prepaid

    def discounts_on(self, ident: str) -> tuple[Discount, ...]:
        """What it takes back of reductions decided on this one of the documents that it credits."""
        if not self.discounts_of:
            return self.discounts
        return tuple(it for it, document in zip(self.discounts, self.discounts_of, strict=True) if document == ident)

    def price_reductions_on(self, ident: str) -> tuple[Discount, ...]:
        """What it takes back of the price reductions of this one of the documents that it credits."""
        return tuple(it for it, of in zip(self.price_reductions, self.price_reductions_of, strict=True) if of == ident)

    @property
    def is_price_reduction(self) -> bool:
        """A credit memo that reduces the price of a supply that stands (section 17 UStG)."""
        return self.document_type is DocumentType.CREDIT_MEMO and reduces_price(self.properties)

    @property
    def has_days_of_rows(self) -> bool:
        """The days of its rows decide its VAT periods: of what is supplied, and of a credit by which that is issued anew, since supply and
        price stand. Every other credit counts when it happens (section 17 (1) sentence 8 UStG)."""
        return self.sign > 0 or (not self.is_deposit and REISSUED in self.properties)

    @property
    def is_deposit(self) -> bool:
        """Nothing is supplied by it."""
        return self.document_type in OF_DEPOSITS

    @property
    def was_paid_before(self) -> bool:
        """Nobody is asked to pay: the money has come, or comes, by another way."""
        return PAID_BEFORE in self.properties

    @property
    def way_of_payment(self) -> PaidBy | None:
        """How page and e-invoice say that it is paid. None: by a payment type that is none of these."""
        kind = self.payment_information.payment_type.upper()
        if self.paid_by is not None or kind in DIRECT_DEBIT_TYPES:
            return self.paid_by or "DIRECT_DEBIT"
        if self.payment_collection.collect and self.sign > 0 and not self.is_self_billing:
            return "STORED_MEANS"
        return "TRANSFER" if kind in TRANSFER_TYPES else None

    @property
    def is_self_billing(self) -> bool:
        """We are the buyer: the customer is the seller, the open item a payable."""
        return self.document_type in (DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION)


_CREDITING = frozenset(
    {DocumentType.CREDIT_MEMO, DocumentType.DEPOSIT_INVOICE_CORRECTION, DocumentType.SELF_BILLING_INVOICE_CORRECTION}
)


def with_number(document: Document, ident: str) -> Document:
    """The document with its number: the last thing it gets, when the counter's row is locked."""
    return replace(document, ident=ident)
