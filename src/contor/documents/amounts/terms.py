"""What the amounts of a document depend on beside its request. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from contor.documents.amounts.credits import GroupAmounts, GroupKey, Left
from contor.documents.amounts.stated import Stated
from contor.documents.types import (
    DepositDeduction,
    DepositGroup,
    Discount,
    ExchangeRate,
    FinalInvoiceMethod,
    Prepaid,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the amounts depend on beside the request."""

    small_business: bool = False
    """The seller is a small business (section 19 UStG)."""
    seller_country: str = "DE"
    ledger_currency: str = "EUR"
    left: Left | None = None
    """Of the document that is credited, or of several; None: nothing is credited, or a document of another system."""
    method: FinalInvoiceMethod | None = None
    deductions: tuple[DepositDeduction, ...] = ()
    moved: tuple[Prepaid, ...] = ()
    """Payments of reversed deposits (method REVERSAL)."""
    received: tuple[DepositGroup, ...] = ()
    """What was received of the deposits of a final invoice in foreign currency, whatever its method."""
    booked: tuple[DepositDeduction, ...] = ()
    """The same as it was booked, in the ledger's currency."""
    exchange_rate: ExchangeRate | None = None
    """Of the document; a credit's is that of its original."""
    discounts: Mapping[str, tuple[Discount, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Reductions that stand on the documents that are credited, by their numbers."""
    price_reductions: Mapping[str, tuple[Discount, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By what credit memos reduced the price of their rows."""
    stated: Stated | None = None
    """VAT of an invoice of another system, as it states it."""
    taken: Mapping[GroupKey, GroupAmounts] = field(default_factory=lambda: MappingProxyType({}))
    """Of a credit by its gross amount: what it takes of each tax group (`by_amount`)."""
