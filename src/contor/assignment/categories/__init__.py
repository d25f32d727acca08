"""What kind of movement a payment is: categories, and the rules of an account that give them. Only an enabled one enters assignment."""

from contor.assignment.categories import categories
from contor.assignment.categories.categories import CATEGORIES, is_enabled, known_categories, not_enabled
from contor.assignment.categories.categorise import Categorised, categorised
from contor.assignment.categories.stored_rules import RULES

__all__ = [
    "CATEGORIES",
    "RULES",
    "Categorised",
    "categories",
    "categorised",
    "is_enabled",
    "known_categories",
    "not_enabled",
]
