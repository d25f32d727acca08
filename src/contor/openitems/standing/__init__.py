"""How open items stood on a day."""

from contor.openitems.standing.as_of import CaseAsOf, MovementRow, cases_as_of, movements_between

__all__ = ["CaseAsOf", "MovementRow", "cases_as_of", "movements_between"]
