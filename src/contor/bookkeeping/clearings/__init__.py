"""Postings of one account cleared with each other."""

from contor.bookkeeping.clearings.ledger import (
    CLEARINGS,
    LedgerClearingView,
    clear_entries,
    delete_clearing,
    get_clearing,
    list_clearings,
)

__all__ = [
    "CLEARINGS",
    "LedgerClearingView",
    "clear_entries",
    "delete_clearing",
    "get_clearing",
    "list_clearings",
]
