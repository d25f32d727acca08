"""Money after a loss: a receivable that was written off is paid after all. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart, Treatment
from contor.documents.types import Discount
from contor.kernel.money import ZERO, round_amount
from contor.openitems.types import Case, DecisionType, Movement, MovementKind


def recovered(case: Case, amount: Decimal, standing: Sequence[Discount]) -> Movement | None:
    """What a payment of `amount` brings back of what was written off: first it pays what is open. The loss is taken back so far, and the
    tax is owed again (section 17 (2) no. 1 sentence 2 UStG); the payment settles it. None: nothing. `standing`: what no credit has taken
    back of the reductions."""
    lost = [it for it in standing if it.decision == DecisionType.UNCOLLECTABLE_RECEIVABLE and it.gross > 0]
    whole = sum((it.gross for it in lost), ZERO)
    back = min(amount - max(ZERO, case.balance), whole)
    if back <= 0 or case.opening <= 0:
        return None
    parts = tuple(_part(it, it.tax, it.gross) for it in lost)
    booked = tuple(_part(it, it.ledger_tax, it.ledger_gross) for it in lost)
    if back != whole:
        found = treatment.of_receipt(parts, (), back, case.currency, is_last=False)
        worth = round_amount(sum((part.gross for part in booked), ZERO) * back / whole, case.ledger_currency)
        parts, booked = found, treatment.converted(found, worth, case.ledger_currency)
    return Movement(
        kind=MovementKind.DECISION,
        amount=back,
        ledger_amount=sum((part.gross for part in booked), ZERO),
        parts=treatment.negated(parts),
        ledger_parts=treatment.negated(booked),
        decision=DecisionType.UNCOLLECTABLE_RECEIVABLE,
    )


def _part(it: Discount, tax: Decimal, gross: Decimal) -> TaxPart:
    return TaxPart(
        treatment=Treatment(it.treatment),
        category_code=it.category_code,
        rate=it.rate,
        net=gross - tax,
        tax=tax,
        gross=gross,
        country=it.country,
    )
