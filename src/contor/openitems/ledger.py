"""Parts of an open item in the ledger's currency. Pure.

Where tax arises on receipt, what becomes due of an invoice by all its receipts is exactly the tax that was booked with it: each receipt
takes the difference of what is due after it and before it, both converted as a whole (section 16 (6) UStG).
"""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

from contor.documents import treatment
from contor.documents.amounts import ledger_groups
from contor.documents.treatment import TaxPart
from contor.documents.types import Document
from contor.kernel.money import ZERO, round_amount
from contor.openitems.types import Case


def booked_tax(document: Document, groups: int, sign: int) -> tuple[Decimal, ...]:
    """The tax of each group as it was booked, signed like the case; empty in the ledger's own currency, or where the groups of the case
    are not those of the document."""
    if document.ledger is None or len(document.taxes) != groups:
        return ()
    return tuple(sign * booked.tax for booked in ledger_groups(document, document.ledger))


def in_ledger(case: Case, found: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """`found`, parallel to the groups of the case, in the ledger's currency: together exactly `ledger_gross`."""
    if case.currency == case.ledger_currency or not found:
        return found
    converted = treatment.converted(found, ledger_gross, case.ledger_currency)
    if len(case.ledger_tax) != len(found):
        return converted
    before = [part.tax for part in case.settled] or [ZERO] * len(found)
    taxes = [
        _due(case, at, earlier + part.tax) - _due(case, at, earlier)
        for at, (earlier, part) in enumerate(zip(before, found, strict=True))
    ]
    return tuple(dataclasses.replace(part, net=part.gross - tax, tax=tax) for part, tax in zip(converted, taxes, strict=True))


def as_booked(
    document: Document, settled: tuple[TaxPart, ...], at_issue: Mapping[str, tuple[Decimal, Decimal]]
) -> tuple[TaxPart, ...]:
    """What was received of a deposit on issuing, as it was booked."""
    if document.ledger is None or not settled:
        return settled
    paid = sum((amount for key, (_, amount) in at_issue.items() if key not in ("ROUNDING", "DISCOUNTS")), ZERO)
    return treatment.converted(settled, paid, document.ledger.currency)


def returned_in_ledger(case: Case, returned: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """What goes back of a received deposit, in the ledger's currency; the last of it takes what is booked, to the cent."""
    if case.booked and returned == treatment.negated(case.settled):
        return treatment.negated(case.booked)
    return in_ledger(case, returned, ledger_gross)


def _due(case: Case, at: int, tax: Decimal) -> Decimal:
    """What of the booked tax of a group is due once `tax` of it is, in the document's currency."""
    whole = case.groups[at].tax
    return round_amount(case.ledger_tax[at] * tax / whole, case.ledger_currency) if whole else ZERO
