"""How open items stood on a day, and what came of them until then."""

from contor.openitems.standing.as_of import CaseAsOf, MovementRow, cases_as_of, movements_between
from contor.openitems.standing.money import Began, MoneyMoved, began, money_moved
from contor.openitems.standing.owed import credit_balances

__all__ = [
    "Began",
    "CaseAsOf",
    "MoneyMoved",
    "MovementRow",
    "began",
    "cases_as_of",
    "credit_balances",
    "money_moved",
    "movements_between",
]
