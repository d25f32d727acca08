"""How open items stood on a day, and what came of them until then."""

from contor.openitems.standing.as_of import CaseAsOf, MovementRow, cases_as_of, movements_between
from contor.openitems.standing.money import Began, MoneyMoved, began, money_moved
from contor.openitems.standing.papers import (
    ASSIGNED_TO_CUSTOMERS,
    DECIDED,
    MOVED,
    Moved,
    PaperState,
    blocked_among,
    decided_among,
    documents_of_assignments,
    in_state,
    moved_of,
    paid_between,
    payments_among,
)
from contor.openitems.standing.refunds import refund_of, refunded_by

__all__ = [
    "ASSIGNED_TO_CUSTOMERS",
    "DECIDED",
    "MOVED",
    "Began",
    "CaseAsOf",
    "MoneyMoved",
    "Moved",
    "MovementRow",
    "PaperState",
    "began",
    "blocked_among",
    "cases_as_of",
    "decided_among",
    "documents_of_assignments",
    "in_state",
    "money_moved",
    "moved_of",
    "movements_between",
    "paid_between",
    "payments_among",
    "refund_of",
    "refunded_by",
]
