"""The groups of an electronic invoice that say who, where and how to pay (EN 16931-1:2017): parties, delivery, payment, papers.
Pure.

Every field names its business term (BT) or group (BG). Empty is `None` or `()`.
"""

import datetime as dt

from contor.documents.properties import WITH_SCHEME
from contor.kernel.shapes import shape


@shape
class Identifier:
    value: str
    scheme: str | None = None


def with_scheme(identifier: Identifier) -> str:
    """In one text: `0088:4012345000009`; without a scheme the bare value."""
    return f"{identifier.scheme}:{identifier.value}" if identifier.scheme else identifier.value


def identifier_of(text: str) -> Identifier:
    """The counterpart of `with_scheme`."""
    match = WITH_SCHEME.fullmatch(text)
    return Identifier(value=match[2], scheme=match[1]) if match else Identifier(value=text)


@shape
class Note:
    """BG-1."""

    text: str
    """BT-22."""
    subject_code: str | None = None
    """BT-21, UNTDID 4451."""


@shape
class PrecedingInvoice:
    """BG-3."""

    number: str
    """BT-25."""
    issue_date: dt.date | None = None
    """BT-26."""


@shape
class InvoicePeriod:
    """BG-14 of the invoice, BG-26 of a line; both days inclusive, one may be missing."""

    start: dt.date | None = None
    end: dt.date | None = None


@shape
class PostalAddress:
    """BG-5, BG-8, BG-12, BG-15."""

    country: str
    """ISO 3166-1 alpha-2."""
    line_1: str | None = None
    line_2: str | None = None
    line_3: str | None = None
    city: str | None = None
    post_code: str | None = None
    subdivision: str | None = None


@shape
class PartyContact:
    """BG-6, BG-9."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@shape
class TradeParty:
    """Seller (BG-4) or buyer (BG-7)."""

    name: str
    """BT-27, BT-44."""
    address: PostalAddress
    trading_name: str | None = None
    """BT-28, BT-45."""
    identifiers: tuple[Identifier, ...] = ()
    """BT-29 (any number), BT-46 (one)."""
    legal_registration: Identifier | None = None
    """BT-30, BT-47."""
    vat_id: str | None = None
    """BT-31, BT-48."""
    tax_number: str | None = None
    """BT-32, the seller's only."""
    legal_information: str | None = None
    """BT-33, the seller's only."""
    endpoint: Identifier | None = None
    """BT-34, BT-49; scheme of the EAS list."""
    contact: PartyContact | None = None


@shape
class Payee:
    """BG-10, where it is not the seller."""

    name: str
    """BT-59."""
    identifier: Identifier | None = None
    """BT-60."""
    legal_registration: Identifier | None = None
    """BT-61."""


@shape
class TaxRepresentative:
    """BG-11."""

    name: str
    """BT-62."""
    vat_id: str
    """BT-63."""
    address: PostalAddress


@shape
class DeliveryTo:
    """BG-13."""

    name: str | None = None
    """BT-70."""
    location: Identifier | None = None
    """BT-71."""
    date: dt.date | None = None
    """BT-72."""
    address: PostalAddress | None = None
    """BG-15."""


@shape
class CreditTransfer:
    """BG-17."""

    account: str
    """BT-84, mostly an IBAN."""
    holder: str | None = None
    """BT-85."""
    bic: str | None = None
    """BT-86."""


@shape
class PaymentCard:
    """BG-18."""

    number: str
    """BT-87, last digits."""
    holder: str | None = None
    """BT-88."""


@shape
class DirectDebit:
    """BG-19."""

    mandate: str | None = None
    """BT-89."""
    creditor_id: str | None = None
    """BT-90."""
    debited_account: str | None = None
    """BT-91."""


@shape
class PaymentInstructions:
    """BG-16."""

    means_code: str
    """BT-81, UNTDID 4461: 58 SEPA transfer, 59 SEPA direct debit, 1 not defined."""
    means_text: str | None = None
    """BT-82."""
    remittance: str | None = None
    """BT-83."""
    transfers: tuple[CreditTransfer, ...] = ()
    card: PaymentCard | None = None
    direct_debit: DirectDebit | None = None
