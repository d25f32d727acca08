"""What the tax of a document asks of its issuing: that VAT ids are proven, and that distance sales are counted."""

from contor.documents.issue.taxes.counting import count_distance_sales, miscounted
from contor.documents.issue.taxes.counting_late import count_late
from contor.documents.issue.taxes.proofs import VAT_PROOF
from contor.documents.issue.taxes.proving import set_aside, unproven

__all__ = ["VAT_PROOF", "count_distance_sales", "count_late", "miscounted", "set_aside", "unproven"]
