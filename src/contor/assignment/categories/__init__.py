"""What kind of movement a payment is: categories, and the rules of an account that give them. Only an enabled one enters assignment."""

from contor.assignment.categories.categories import (
    CATEGORIES,
    CategoryView,
    change_category,
    create_category,
    delete_category,
    get_category,
    is_enabled,
    known_categories,
    list_categories,
    not_enabled,
)
from contor.assignment.categories.categorise import Categorised, categorised
from contor.assignment.categories.stored_rules import RULES

__all__ = [
    "CATEGORIES",
    "RULES",
    "Categorised",
    "CategoryView",
    "categorised",
    "change_category",
    "create_category",
    "delete_category",
    "get_category",
    "is_enabled",
    "known_categories",
    "list_categories",
    "not_enabled",
]
