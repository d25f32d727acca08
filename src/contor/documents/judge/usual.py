"""In which term is paid what nobody said it of. Pure."""

from contor.documents.judge.rules import DEFAULT_TERM
from contor.documents.types import LONGEST_TERM, PaymentTerm


def usual_term(days: int | None) -> PaymentTerm:
    """So many days, as they are agreed with the customer; None: nothing is agreed with him."""
    return DEFAULT_TERM if days is None else PaymentTerm(period_in_days=min(days, LONGEST_TERM))
