"""The VAT treatment of a document's rows, and the parts of its tax groups. Pure."""

from contor.documents.treatment.of_rows import (
    GroupShares,
    ShareKey,
    by_treatment,
    group_shares,
    supplier_and_recipient,
    tax_parts,
    treatment_rule,
    weights_of,
)
from contor.documents.treatment.parts import (
    along,
    booked_tax,
    converted,
    due_on_issue,
    less,
    negated,
    of_decision,
    of_discounts,
    of_receipt,
    of_return,
    plus,
    settled_at_issue,
    with_tax_due,
)
from contor.documents.treatment.supplied import reducible_parts, supplied_parts
from contor.documents.treatment.types import TaxPart, Treatment

__all__ = [
    "GroupShares",
    "ShareKey",
    "TaxPart",
    "Treatment",
    "along",
    "booked_tax",
    "by_treatment",
    "converted",
    "due_on_issue",
    "group_shares",
    "less",
    "negated",
    "of_decision",
    "of_discounts",
    "of_receipt",
    "of_return",
    "plus",
    "reducible_parts",
    "settled_at_issue",
    "supplied_parts",
    "supplier_and_recipient",
    "tax_parts",
    "treatment_rule",
    "weights_of",
    "with_tax_due",
]
