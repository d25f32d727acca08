"""An electronic invoice in the terms of EN 16931, whatever its syntax: what UBL and CII both say. Pure.

Every field names its business term (BT) or group (BG) of EN 16931-1:2017. Amounts are exact decimals in units of the invoice's
currency and carry the signs of the file. Empty is `None` or `()`: a writer leaves the element out, a reader finds it absent.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from contor.documents.einvoice.model.groups import (
    DeliveryTo,
    Identifier,
    InvoicePeriod,
    Note,
    Payee,
    PaymentInstructions,
    PrecedingInvoice,
    TaxRepresentative,
    TradeParty,
)
from contor.documents.types import SupportingDocument
from contor.kernel.money import ZERO
from contor.kernel.shapes import shape


class Profile(enum.StrEnum):
    """BT-24, the rules that an invoice claims to keep."""

    EN16931 = "urn:cen.eu:en16931:2017"
    """The standard itself; also profile EN 16931 (Comfort) of Factur-X and ZUGFeRD."""
    XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    """The German public sector's usage, version 3.0."""
    PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    """Peppol BIS Billing 3.0."""


BUSINESS_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""BT-23: plain billing."""

CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""BT-3 (UNTDID 1001) of what EN 16931 writes as UBL CreditNote, with positive amounts; all others are a UBL Invoice."""


@shape
class AllowanceOrCharge:
    """BG-20, BG-21 of the invoice (with category and rate); BG-27, BG-28 of a line (without)."""

    is_charge: bool
    amount: Decimal
    """BT-92, BT-99, BT-136, BT-141."""
    base: Decimal | None = None
    percentage: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None
    category: str | None = None
    """BT-95, BT-102, UNCL5305."""
    rate: Decimal | None = None
    """BT-96, BT-103."""
    place: int | None = field(default=None, compare=False)
    """The line of the file that says it."""


@shape
class VatBreakdown:
    """BG-23: one per (category, rate)."""

    category: str
    """BT-118."""
    rate: Decimal | None
    """BT-119."""
    base: Decimal
    """BT-116."""
    amount: Decimal
    """BT-117."""
    exemption_reason: str | None = None
    """BT-120."""
    exemption_code: str | None = None
    """BT-121."""
    place: int | None = field(default=None, compare=False)
    """The line of the file that says it."""


@shape
class InvoiceTotals:
    """BG-22."""

    lines: Decimal
    """BT-106."""
    net: Decimal
    """BT-109."""
    gross: Decimal
    """BT-112."""
    payable: Decimal
    """BT-115."""
    tax: Decimal = ZERO
    """BT-110."""
    tax_in_tax_currency: Decimal | None = None
    """BT-111."""
    allowances: Decimal = ZERO
    """BT-107."""
    charges: Decimal = ZERO
    """BT-108."""
    prepaid: Decimal = ZERO
    """BT-113."""
    rounding: Decimal = ZERO
    """BT-114."""


@shape
class Classification:
    """BT-158."""

    code: str
    list_id: str
    list_version: str | None = None


@shape
class ItemAttribute:
    """BG-32."""

    name: str
    """BT-160."""
    value: str
    """BT-161."""


@shape
class InvoiceLine:
    """BG-25."""

    ident: str
    """BT-126."""
    net: Decimal
    """BT-131."""
    name: str
    """BT-153."""
    category: str
    """BT-151."""
    rate: Decimal | None = None
    """BT-152; absent for category O."""
    quantity: Decimal | None = None
    """BT-129; only the sub-lines of the XRechnung extension may lack it."""
    unit: str | None = None
    """BT-130, UN/ECE Recommendation 20 or 21."""
    price: Decimal | None = None
    """BT-146, net of discount, never negative; only sub-lines may lack it."""
    discount: Decimal | None = None
    """BT-147."""
    gross_price: Decimal | None = None
    """BT-148: before discount, without VAT."""
    price_base: Decimal | None = None
    """BT-149; absent means 1."""
    price_base_unit: str | None = None
    """BT-150."""
    note: str | None = None
    """BT-127."""
    object_id: Identifier | None = None
    """BT-128."""
    order_line: str | None = None
    """BT-132."""
    accounting_reference: str | None = None
    """BT-133."""
    period: InvoicePeriod | None = None
    """BG-26."""
    allowances: tuple[AllowanceOrCharge, ...] = ()
    description: str | None = None
    """BT-154."""
    seller_item_id: str | None = None
    """BT-155."""
    buyer_item_id: str | None = None
    """BT-156."""
    standard_item_id: Identifier | None = None
    """BT-157."""
    classifications: tuple[Classification, ...] = ()
    origin_country: str | None = None
    """BT-159."""
    attributes: tuple[ItemAttribute, ...] = ()
    sub_lines: tuple["InvoiceLine", ...] = ()
    """BG-DEX-01 of the XRechnung extension: they explain `net` and add nothing to it."""
    place: int | None = field(default=None, compare=False)
    """The line of the file that says it."""


@shape
class ThirdPartyPayment:
    """BG-DEX-09 of the XRechnung extension: collected for somebody else, on top of the invoice's own gross."""

    kind: str
    """BT-DEX-001."""
    amount: Decimal
    """BT-DEX-002."""
    description: str | None = None
    """BT-DEX-003."""


@shape
class EarlyPayment:
    """Skonto of profile EXTENDED (BG-X-44): `percentage` less when paid within `days` of the invoice date."""

    days: int
    percentage: Decimal


@shape
class EInvoice:
    """An invoice, credit note or correction by EN 16931."""

    number: str
    """BT-1."""
    issue_date: dt.date
    """BT-2."""
    type_code: str
    """BT-3, UNTDID 1001."""
    currency: str
    """BT-5."""
    specification: str
    """BT-24."""
    seller: TradeParty
    buyer: TradeParty
    totals: InvoiceTotals
    breakdown: tuple[VatBreakdown, ...]
    lines: tuple[InvoiceLine, ...]
    business_process: str | None = None
    """BT-23."""
    tax_currency: str | None = None
    """BT-6."""
    tax_point_date: dt.date | None = None
    """BT-7."""
    tax_point_code: str | None = None
    """BT-8, UNTDID 2005 as in UBL: 3, 35, 432 (in CII 5, 29, 72)."""
    due_date: dt.date | None = None
    """BT-9."""
    further_due_dates: tuple[dt.date, ...] = ()
    """Of profile EXTENDED, before `due_date`."""
    buyer_reference: str | None = None
    """BT-10."""
    project: str | None = None
    """BT-11."""
    contract: str | None = None
    """BT-12."""
    purchase_order: str | None = None
    """BT-13."""
    sales_order: str | None = None
    """BT-14."""
    receiving_advice: str | None = None
    """BT-15."""
    despatch_advice: str | None = None
    """BT-16."""
    tender: str | None = None
    """BT-17."""
    object_id: Identifier | None = None
    """BT-18."""
    accounting_reference: str | None = None
    """BT-19."""
    payment_terms: str | None = None
    """BT-20, as written: its line ends count (Skonto, BR-DE-18)."""
    notes: tuple[Note, ...] = ()
    preceding: tuple[PrecedingInvoice, ...] = ()
    payee: Payee | None = None
    tax_representative: TaxRepresentative | None = None
    delivery: DeliveryTo | None = None
    period: InvoicePeriod | None = None
    """BG-14."""
    payment: PaymentInstructions | None = None
    allowances: tuple[AllowanceOrCharge, ...] = ()
    """BG-20, BG-21."""
    attachments: tuple[SupportingDocument, ...] = ()
    third_party_payments: tuple[ThirdPartyPayment, ...] = ()
    discounts: tuple[EarlyPayment, ...] = ()
    """Skonto that is said outside of the text of BT-20."""
    unread: tuple[str, ...] = field(default=(), compare=False)
    """What a file says and this model has no term for: path and text."""
    inside: str | None = field(default=None, compare=False)
    """The name of the file in a hybrid PDF."""
    places: Mapping[str, int] = field(default_factory=dict, compare=False)
    """The lines of the file in which it says its terms."""

    @property
    def is_credit_note(self) -> bool:
        """Whether amounts are positive but owed by the seller (type turns the sign)."""
        return self.type_code in CREDIT_NOTE_CODES
