"""Facts about assignments. Pure."""

from contor.assignment.types import Assigned, Returned
from contor.kernel.events import event, transient
from contor.openitems.types import MovedCase
from contor.payments.types import StoredPayment


@event("payment_assignment.processed")
class PaymentsAssigned:
    """Payments were put to open items."""

    assignment_idents: tuple[str, ...]
    assigned: tuple[Assigned, ...] = transient()
    """`Assigned` of each."""


@event("payment_assignment.left_open")
class PaymentsLeftOpen:
    """Payments whose open item is not known: the money waits on the interim account."""

    payment_idents: tuple[str, ...]
    payments: tuple[StoredPayment, ...] = transient()
    transfers: frozenset[str] = transient()
    """Those that move money between accounts of ours: nothing of them is assigned."""


@event("payment_assignment.reversed")
class AssignmentsReversed:
    """Assignments were taken back: open items are open again, the money waits."""

    assignment_idents: tuple[str, ...]
    reversed: tuple[Assigned, ...] = transient()
    """`Assigned` of each, with the moves of its reversal."""


@event("payment_assignment.returned")
class PaymentsReturned:
    """Payments took earlier ones back: open items are owed again, mandates and accounts may be of no use any more."""

    payment_idents: tuple[str, ...]
    """Those that took back."""
    returned: tuple[Returned, ...] = transient()


@event("opos_case.discounts_fallen")
class DiscountsFallen:
    """Skonto was taken back, because a clearing or a decision that it rested on was."""

    movement_ids: tuple[int, ...]
    document_ids: tuple[int, ...]
    fallen: tuple[MovedCase, ...] = transient()
    """`MovedCase` of each."""


@event("opos_case.discounts_earned")
class DiscountsEarned:
    """Skonto was granted, because a clearing settled what a payment in time had left beside it."""

    movement_ids: tuple[int, ...]
    document_ids: tuple[int, ...]
    earned: tuple[MovedCase, ...] = transient()
    """`MovedCase` of each."""
