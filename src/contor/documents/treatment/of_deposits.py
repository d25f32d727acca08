"""How deposits that a final invoice deducts, and its credit gives back, are treated: as when they were received. Pure.

Where that is what the final invoice itself says of their tax group, it keeps nothing of its own about it.
"""

from decimal import Decimal

from contor.documents.amounts import NOTHING, GroupAmounts
from contor.documents.treatment.rules import treatment_rule
from contor.documents.treatment.types import Treatment
from contor.documents.types import Document, TaxGroup

Treated = tuple[Treatment, str | None]
"""With the country of taxation, where it is not the seller's."""


def deposit_treated(document: Document, ident: str, category: str, rate: Decimal) -> Treated:
    """How a deposit that this final invoice deducts, or its credit gives back, was treated in one of its tax groups."""
    for it in document.deposit_treatments:
        if (it.ident, it.category_code, it.rate) == (ident, category, rate):
            return Treatment(it.treatment), it.country
    same = [group for group in document.taxes if group.category_code == category]
    if not same:
        return (Treatment.DOMESTIC if category == "S" else Treatment.EXEMPT), None
    # its group may be of a rate that the final invoice does not have
    group = next((group for group in same if group.rate == rate), same[0])
    if document.final_invoice_method != "FINAL":
        return treatment_rule(document, group)(""), group.country
    rows = [item for item in document.items if (item.category_code, item.rate) == (category, group.rate)]
    return treatment_rule(document, group, rows)(rows[0].category if rows else ""), group.country


def deducted(document: Document, group: TaxGroup) -> dict[Treated, GroupAmounts]:
    """What is deducted or given back in a tax group as rows, as it was treated; where there is one group, of all rates."""
    parts: list[tuple[str, str, Decimal, GroupAmounts]] = []
    if document.deposits and document.final_invoice_method == "REMAINDER":
        for deposit in document.deposits:
            for it in deposit.groups:
                parts.append((deposit.ident, it.category_code, it.rate, GroupAmounts(it.net, it.tax, it.gross)))
    else:
        for row in document.items:
            if row.deposit_ident is not None:
                back = row.total
                amounts = GroupAmounts(-back.net, -back.tax, -back.gross)
                parts.append((row.deposit_ident, row.category_code, row.rate, amounts))
    is_alone = len(document.taxes) == 1 or any(len(item.taxes) > 1 for item in document.items)
    found: dict[Treated, GroupAmounts] = {}
    for ident, category, rate, amounts in parts:
        if is_alone or (category, rate) == (group.category_code, group.rate):
            treated = deposit_treated(document, ident, category, rate)
            so_far = found.get(treated, NOTHING)
            found[treated] = GroupAmounts(so_far.net + amounts.net, so_far.tax + amounts.tax, so_far.gross + amounts.gross)
    return found


def main_of_deposits(document: Document, group: TaxGroup) -> Treatment:
    """Of a group that no row but deposits is in."""
    return next((treatment for treatment, _ in deducted(document, group)), None) or treatment_rule(document, group)("")
