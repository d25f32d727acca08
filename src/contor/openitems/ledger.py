"""Parts of an open item in the ledger's currency. Pure.

Where tax arises on receipt, what becomes due of an invoice by all its receipts is exactly the tax that was booked with it: each receipt
takes the difference of what is due after it and before it, both converted as a whole (section 16 (6) UStG).
"""

from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.documents.types import Document
from contor.kernel.money import ZERO, round_amount
from contor.openitems.types import Case


def in_ledger(case: Case, found: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """`found`, parallel to the groups of the case, in the ledger's currency: together exactly `ledger_gross`."""
    if case.currency == case.ledger_currency or not found:
        return found
    converted = treatment.converted(found, ledger_gross, case.ledger_currency)
    if len(case.ledger_tax) != len(found):
        return converted
    return treatment.with_tax_due(
        converted, case.ledger_tax, case.groups, treatment.plus(case.settled, found), case.booked, case.ledger_currency
    )


def returned_in_ledger(case: Case, returned: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """What goes back of a received deposit, in the ledger's currency; the last of it takes what is booked, to the cent."""
    if case.booked and returned == treatment.negated(case.settled):
        return treatment.negated(case.booked)
    return in_ledger(case, returned, ledger_gross)


def moved_in_ledger(final: Document, deposit_ident: str, amount: Decimal) -> Decimal:
    """What `amount`, the receipts of a deposit that a final invoice takes over (method REVERSAL), is worth on the customer's account."""
    ledger = final.ledger
    if ledger is None:
        return amount
    if not ledger.deposits:  # where a row bears several taxes
        return round_amount(amount / ledger.exchange_rate.rate, ledger.currency)
    return sum((part.gross for it in ledger.deposits if it.ident == deposit_ident for part in it.groups), ZERO)
