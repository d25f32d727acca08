"""What of a supply a decision can still reduce: the document's tax groups, less what credits took back, less what was decided before. Pure.

Of a final invoice that deducts deposits these are the rest: what was received before is not unpaid, at whatever rate it was taxed. After a
credit it is the rest of the rows that are left (section 17 (1) UStG).
"""

from collections.abc import Sequence

from contor.documents.amounts import GroupAmounts, GroupKey, Left
from contor.documents.treatment.parts import key_of, less, reductions, shared
from contor.documents.treatment.types import TaxPart
from contor.documents.types import Discount
from contor.kernel.money import ZERO


def reducible_parts(parts: tuple[TaxPart, ...], left: Left, standing: Sequence[Discount]) -> tuple[TaxPart, ...]:
    """Of a document's `tax_parts`, what is `left` of them after credits and after the reductions that stand."""
    return less(left_parts(parts, left), reductions(standing, parts))


def left_parts(parts: tuple[TaxPart, ...], left: Left) -> tuple[TaxPart, ...]:
    """... after credits alone."""
    rest: dict[GroupKey, GroupAmounts] = {}
    if left.several_taxes:
        rows = [row.left for row in left.rows.values()]
        net, tax = sum((row.net for row in rows), ZERO), sum((row.tax for row in rows), ZERO)
        rest = {key_of(part): GroupAmounts(net, tax, net + tax) for part in parts}
    else:
        rest = {key: left.groups[key].left for key in map(key_of, parts)}
    return shared(parts, rest, left.document.currency)
