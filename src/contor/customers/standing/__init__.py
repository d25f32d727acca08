"""How customers stand: active, suspended or archived, in which group, and in whose place."""

from contor.customers.standing.grouped import CUSTOMER_GROUPS, NUMBERED, groups_named
from contor.customers.standing.merging import MergeBody, MergeCustomer, leave_trees, merge_customer
from contor.customers.standing.named import closed_findings, debtor_named, new_debtor_named
from contor.customers.standing.statuses import archive_customer, reinstate_customer, suspend_customer, unarchive_customer
from contor.customers.standing.taken import TOOK_A_PLACE, taken_over

__all__ = [
    "CUSTOMER_GROUPS",
    "NUMBERED",
    "TOOK_A_PLACE",
    "MergeBody",
    "MergeCustomer",
    "archive_customer",
    "closed_findings",
    "debtor_named",
    "groups_named",
    "leave_trees",
    "merge_customer",
    "new_debtor_named",
    "reinstate_customer",
    "suspend_customer",
    "taken_over",
    "unarchive_customer",
]
