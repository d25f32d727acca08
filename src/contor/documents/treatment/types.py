"""How VAT law treats a supply, and net, tax and gross that are treated alike. Pure."""

import enum
from decimal import Decimal

from contor.kernel.shapes import shape


class Treatment(enum.StrEnum):
    """How VAT law treats a supply, as far as the books must tell one from another (posting table, rows 1 to 5)."""

    DOMESTIC = "DOMESTIC"
    ZERO_RATED = "ZERO_RATED"
    """Section 12 (3) UStG."""
    REVERSE_CHARGE_DOMESTIC = "REVERSE_CHARGE_DOMESTIC"
    """Section 13b UStG between domestic businesses."""
    REVERSE_CHARGE_EU = "REVERSE_CHARGE_EU"
    """Section 3a (2) UStG: service to a business in another member state."""
    TRIANGULAR = "TRIANGULAR"
    """Section 25b (2) UStG: what the first buyer of a triangular transaction supplies to the last one."""
    THIRD_COUNTRY = "THIRD_COUNTRY"
    INTRA_COMMUNITY = "INTRA_COMMUNITY"
    """Section 4 no. 1 lit. b UStG."""
    EXPORT = "EXPORT"
    """Section 4 no. 1 lit. a UStG."""
    SMALL_BUSINESS = "SMALL_BUSINESS"
    """Section 19 UStG."""
    EXEMPT = "EXEMPT"
    """Section 4 no. 8 and following UStG."""
    OSS_GOODS = "OSS_GOODS"
    OSS_DIGITAL = "OSS_DIGITAL"
    OSS_SERVICE = "OSS_SERVICE"
    VOUCHER = "VOUCHER"
    """A multi-purpose voucher sold: no supply yet, a liability (section 3 (15) UStG)."""
    NOT_TAXABLE = "NOT_TAXABLE"
    """Outside the scope of VAT, e.g. damages."""
    OTHER_TAX = "OTHER_TAX"
    """Taxed abroad outside the one-stop shop, or by another tax (IGIC, IPSI)."""


@shape
class TaxPart:
    """Net, tax and gross of one (treatment, category, rate): of a document, a receipt or a decision."""

    treatment: Treatment
    category_code: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    country: str | None = None
    """Country of taxation, where it is not the seller's."""
