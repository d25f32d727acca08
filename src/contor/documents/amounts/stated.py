"""VAT as an imported invoice states it: many sellers round it row by row, and EN 16931 lets them (BR-CO-17 tolerates 1.00). Pure.

What a seller has charged is owed as it was charged. A difference that no rounding explains is another rate, and is refused. The amount
stands in a property of the document, for whoever computes it again: a reissue, a credit, a check.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from contor.documents.types import Property
from contor.kernel.money import quantum

Stated = Mapping[tuple[str, Decimal], Decimal]
"""VAT by category and rate."""
LARGEST_DIFFERENCE: Final = Decimal(1)
"""BR-CO-17, BR-S-09: below it."""
_KEY: Final = "statedVat"


def stated_property(category: str, rate: Decimal, amount: Decimal) -> Property:
    return Property(key=f"{_KEY} {category} {format(rate.normalize(), 'f')}", value=str(amount))


def stated_properties(properties: Sequence[Property]) -> tuple[Property, ...]:
    """Those that state VAT."""
    return tuple([entry for entry in properties if entry.key.startswith(f"{_KEY} ")])


def stated_vat(properties: Sequence[Property]) -> Stated:
    """What the properties state; one that is none of ours says nothing."""
    found = {}
    for entry in stated_properties(properties):
        try:
            _, category, rate = entry.key.split(" ")
            found[category, Decimal(rate)] = Decimal(entry.value)
        except (ValueError, InvalidOperation):
            continue
    return found


def is_rounding(stated: Decimal, computed: Decimal, parts: int, currency: str) -> bool:
    """Whether VAT that was rounded once for each of so many rows and allowances can be so far from VAT that was rounded once."""
    difference = abs(stated - computed)
    return difference <= parts * quantum(currency) and difference < LARGEST_DIFFERENCE
