"""The proposal: what contracts, usages and commissions come to, period by period."""

from contor.billing.proposal.commissions import (
    BilledItem,
    CommissionKey,
    Counted,
    Wanted,
    commission,
    earn,
    keep_counted,
    nets_of,
    uncounted,
)
from contor.billing.proposal.due_items import propose, stored_due
from contor.billing.proposal.period_items import header_of, item_to_price, items_of
from contor.billing.proposal.rerate import Terms, differences, families_of
from contor.billing.proposal.types import Unpriced, World
from contor.billing.proposal.usage_items import fill
from contor.billing.proposal.world import as_proposed_then, world_of

__all__ = [
    "BilledItem",
    "CommissionKey",
    "Counted",
    "Terms",
    "Unpriced",
    "Wanted",
    "World",
    "as_proposed_then",
    "commission",
    "differences",
    "earn",
    "families_of",
    "fill",
    "header_of",
    "item_to_price",
    "items_of",
    "keep_counted",
    "nets_of",
    "propose",
    "stored_due",
    "uncounted",
    "world_of",
]
