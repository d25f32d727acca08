"""The rows of an issued document as they are frozen, its allowances, tax groups and sums. Pure.

BT and BG ids are those of EN 16931. Amounts are in units of the document's currency.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from contor.documents.types.requested import Location, Period, PriceBases, Property, RequestedItem, Tax
from contor.documents.types.words import Basis, ExtraType
from contor.kernel.money import ZERO
from contor.kernel.shapes import Frozen, Money, Sent


class UnitPriceSides(Frozen, frozen=True, array_like=True):
    net: Decimal
    gross: Decimal


class AmountSides(Frozen, frozen=True, array_like=True):
    net: Decimal
    tax: Decimal
    gross: Decimal


class DocumentExtra(Frozen, frozen=True):
    ident: str
    name: str
    total: AmountSides
    """Negative: allowance (BG-27), positive: charge (BG-28)."""
    type: ExtraType | None = None


class DocumentItem(Frozen, frozen=True):
    """A row (BG-25). Amounts carry the row's own sign: a CREDIT row of an invoice has negative totals and a positive price.

    `total.net` is BT-131. `original_total` = unit x quantity / base, before extras. `quantity` stays positive; a negative
    BT-129 is `quantity` with `is_credit`.
    """

    position: int
    ident: str
    category: str
    name: str
    quantity: Decimal
    quantity_type: str
    unit_code: str
    """UN/ECE Recommendation 20."""
    unit: UnitPriceSides
    original_total: AmountSides
    total: AmountSides
    taxes: tuple[Tax, ...]
    """One, or several (US, CA: no EN 16931 XML is possible)."""
    basis: Basis
    is_credit: bool = False
    price_base_quantity: Decimal = Decimal(1)
    description: str | None = None
    article_number: str | None = None
    item_group: str | None = None
    cost_centre: str | None = None
    purchase_order_line_reference: str | None = None
    """BT-132."""
    object_identifier: str | None = None
    """BT-128."""
    buyer_accounting_reference: str | None = None
    """BT-133."""
    extras: tuple[DocumentExtra, ...] = ()
    service_period: Period | None = None
    delivery_date: dt.date | None = None
    billing_period: Period | None = None
    performance_location: Location | None = None
    tax_location: Location | None = None
    reference_ident: str | None = None
    related_document_ident: str | None = None
    """Whose row `reference_ident` is (BT-127): of a credit that names several documents, and of a row that takes something back on the
    document of what is charged instead (`netting`)."""
    deposit_ident: str | None = None
    """Set on the negative rows by which a final invoice of method REMAINDER deducts a received deposit."""
    treatment: str | None = None
    """Of what it takes back or bills again: how VAT law treated it there, where its own document would treat it otherwise."""
    refundability: str | None = None
    price_calculation_basis: PriceBases | None = None
    properties: tuple[Property, ...] = ()

    @property
    def category_code(self) -> str:
        return self.taxes[0].category_code or "S"

    @property
    def rate(self) -> Decimal:
        return sum((tax.rate for tax in self.taxes), ZERO)


class DocumentAllowanceCharge(Sent, frozen=True):
    """One tax group's part of an allowance or charge of the document (BG-20, BG-21). Amounts are positive."""

    ident: str
    type: Literal["ALLOWANCE", "CHARGE"]
    name: str
    net: Money
    tax: Money
    gross: Money
    category_code: str
    rate: Decimal
    percentage: Decimal | None = None
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None


class TaxGroup(Frozen, frozen=True):
    """BG-23: one per (category, rate). Row signs: the document's type turns the direction."""

    category_code: str
    rate: Decimal
    basis: Basis
    base: Decimal
    """BT-116."""
    amount: Decimal
    """BT-117."""
    gross: Decimal
    code: str | None = None
    name: str | None = None
    country: str | None = None
    """Country of taxation, where it is not the seller's (OSS)."""
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None


class Totals(Frozen, frozen=True):
    lines: Decimal
    """BT-106: sum of row nets."""
    allowances: Decimal
    """BT-107."""
    charges: Decimal
    """BT-108."""
    net: Decimal
    """BT-109."""
    tax: Decimal
    """BT-110."""
    gross: Decimal
    """BT-112."""
    prepaid: Decimal
    """BT-113: deposits (method FINAL, REVERSAL), payments before issuing, post-tax items, reductions that a credit takes back."""
    rounding: Decimal
    """BT-114."""
    payable: Decimal
    """BT-115: the open item."""


def completed_on(item: RequestedItem | DocumentItem) -> dt.date | None:
    """The last day on which a row is supplied: that of its period, else its day of delivery; None: it says neither."""
    return item.service_period.end if item.service_period is not None else item.delivery_date
