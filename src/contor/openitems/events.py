"""Facts about open items. Pure."""

from typing import Any

from contor.kernel.events import event, transient


@event("opos.deposits_corrected")
class DepositsCorrected:
    """The unpaid rest of deposit invoices was closed by their correction documents."""

    document_ids: tuple[int, ...]
    corrections: tuple[Any, ...] = transient()
    """(`IssuedDocument`, `Movement`) of each."""


@event("opos.moved")
class CasesMoved:
    """Payments, decisions or reversals moved balances."""

    movement_ids: tuple[int, ...]
    document_ids: tuple[int, ...]
    moves: tuple[Any, ...] = transient()
    """`MovedCase` of each, in order."""
