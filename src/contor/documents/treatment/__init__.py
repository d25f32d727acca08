"""The VAT treatment of a document's rows, and the parts of its tax groups. Pure."""

from contor.documents.treatment.at_issue import booked_tax, deducted_before, due_on_issue, settled_at_issue
from contor.documents.treatment.days import (
    Days,
    along_days,
    days_by_treatment,
    days_supplied,
    first_supplied,
    has_several_days,
    nets_by_day,
)
from contor.documents.treatment.distance import ACCOMPANYING, distance_sales
from contor.documents.treatment.of_deposits import Treated, deducted, deposit_treated, main_of_deposits
from contor.documents.treatment.of_rows import (
    GroupShares,
    ShareKey,
    by_treatment,
    group_shares,
    tax_parts,
    weights_of,
)
from contor.documents.treatment.parts import (
    along,
    as_discount,
    converted,
    less,
    negated,
    of_decision,
    of_discounts,
    of_receipt,
    of_return,
    plus,
    price_reduction,
    to_rows_left,
    with_tax_due,
)
from contor.documents.treatment.rules import row_rule, supplier_and_recipient, treatment_rule
from contor.documents.treatment.supplied import left_parts, reducible_parts
from contor.documents.treatment.types import TaxPart, Treatment

__all__ = [
    "ACCOMPANYING",
    "Days",
    "GroupShares",
    "ShareKey",
    "TaxPart",
    "Treated",
    "Treatment",
    "along",
    "along_days",
    "as_discount",
    "booked_tax",
    "by_treatment",
    "converted",
    "days_by_treatment",
    "days_supplied",
    "deducted",
    "deducted_before",
    "deposit_treated",
    "distance_sales",
    "due_on_issue",
    "first_supplied",
    "group_shares",
    "has_several_days",
    "left_parts",
    "less",
    "main_of_deposits",
    "negated",
    "nets_by_day",
    "of_decision",
    "of_discounts",
    "of_receipt",
    "of_return",
    "plus",
    "price_reduction",
    "reducible_parts",
    "row_rule",
    "settled_at_issue",
    "supplier_and_recipient",
    "tax_parts",
    "to_rows_left",
    "treatment_rule",
    "weights_of",
    "with_tax_due",
]
