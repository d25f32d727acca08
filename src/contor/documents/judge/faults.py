"""Whose fault a finding is: that of rows, without which the document would be right, or that of the document as a whole. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from contor.documents.exemptions import complete
from contor.documents.types import DocumentRequest
from contor.kernel.errors import Problem

_ROW: Final = re.compile(r"items\[([0-9]+)\]\.?")
_OF_CATEGORIES: Final = {"buyer_vat_id_missing": {"K", "AE"}, "seller_vat_id_missing": {"K", "G"}}
"""What parties must have because of rows of these categories alone."""
_OF_SEVERAL: Final = {"several_taxes_in_xrechnung", "several_taxes_in_peppol"}
"""What no e-invoice can say because of rows with several taxes."""


def rows_at_fault(problem: Problem, request: DocumentRequest) -> Sequence[int]:
    """The positions of the rows; empty: the finding is about the whole."""
    if (found := _ROW.match(problem.field or "")) is not None:
        return (int(found[1]),)
    if (categories := _OF_CATEGORIES.get(problem.code)) is not None:
        return [
            position
            for position, item in enumerate(request.items)
            if categories & {tax.category_code for tax in complete(item.tax_detail.taxes)}
        ]
    if problem.code in _OF_SEVERAL:
        return [position for position, item in enumerate(request.items) if len(item.tax_detail.taxes) > 1]
    return ()


def within_row(field: str | None) -> str:
    """A field as it is called within its row."""
    return _ROW.sub("", field or "document")
