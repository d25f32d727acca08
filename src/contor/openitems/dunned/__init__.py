"""Open items as dunning sees and moves them."""

from contor.openitems.dunned.overdue import (
    MovedOn,
    NamedBy,
    Overdue,
    Standing,
    customers_named,
    debtors_behind,
    dunned_otherwise,
    moved_by_day,
    not_at_collection,
    overdue_of,
    set_levels,
    still_standing,
)
from contor.openitems.dunned.status import OPEN_DOCUMENTS, StatusCell, StatusDocument, open_documents, status_cells

__all__ = [
    "OPEN_DOCUMENTS",
    "MovedOn",
    "NamedBy",
    "Overdue",
    "Standing",
    "StatusCell",
    "StatusDocument",
    "customers_named",
    "debtors_behind",
    "dunned_otherwise",
    "moved_by_day",
    "not_at_collection",
    "open_documents",
    "overdue_of",
    "set_levels",
    "status_cells",
    "still_standing",
]
