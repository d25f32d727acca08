"""Customers who belong to each other, in trees of at most three levels."""

from contor.customers.hierarchy.assigning import (
    AssignParent,
    ParentBody,
    alone,
    assign_parent,
    remove_parent,
    require_hierarchy,
    set_free,
)
from contor.customers.hierarchy.rules import MOST_LEVELS
from contor.customers.hierarchy.stored import Member, member, members_below, root_of

__all__ = [
    "MOST_LEVELS",
    "AssignParent",
    "Member",
    "ParentBody",
    "alone",
    "assign_parent",
    "member",
    "members_below",
    "remove_parent",
    "require_hierarchy",
    "root_of",
    "set_free",
]
