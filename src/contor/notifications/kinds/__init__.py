"""The types of notifications: what each of them says, and of which fact it comes."""

from contor.notifications.kinds import (
    customers,
    documents,
    drafts,
    entitlements,
    money,
    offers,
    own,
    receivables,
    sales,
    terms,
    turned,
)
from contor.notifications.kinds.declared import TYPES, known_types, notified

__all__ = [
    "TYPES",
    "customers",
    "documents",
    "drafts",
    "entitlements",
    "known_types",
    "money",
    "notified",
    "offers",
    "own",
    "receivables",
    "sales",
    "terms",
    "turned",
]
