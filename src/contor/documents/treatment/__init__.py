"""The VAT treatment of a document's rows, and the parts of its tax groups. Pure."""

from contor.documents.treatment.of_rows import (
    GroupShares,
    ShareKey,
    group_shares,
    supplier_and_recipient,
    tax_parts,
    treatment_rule,
)
from contor.documents.treatment.parts import (
    converted,
    less,
    negated,
    of_decision,
    of_discounts,
    of_receipt,
    of_return,
    plus,
    settled_at_issue,
)
from contor.documents.treatment.types import TaxPart, Treatment

__all__ = [
    "GroupShares",
    "ShareKey",
    "TaxPart",
    "Treatment",
    "converted",
    "group_shares",
    "less",
    "negated",
    "of_decision",
    "of_discounts",
    "of_receipt",
    "of_return",
    "plus",
    "settled_at_issue",
    "supplier_and_recipient",
    "tax_parts",
    "treatment_rule",
]
