"""The threshold of distance sales: until it is crossed consumers in other member states bear the seller's tax, from then on their own."""

from contor.tax.oss.counting import IssuedSupply, count_supplies, reach_late
from contor.tax.oss.queries import OssStatuses, counted_of, late_position, member_state_of, oss_status
from contor.tax.oss.rules import (
    ELECTRONIC,
    GOODS,
    THRESHOLD,
    OssStatus,
    OssSupply,
    Waiver,
    concerns,
    counted,
    decided,
    destination_taxed,
    in_euro,
    state_on,
)
from contor.tax.oss.show import get_threshold
from contor.tax.oss.waive import end_waiver, say_opening, waive

__all__ = [
    "ELECTRONIC",
    "GOODS",
    "THRESHOLD",
    "IssuedSupply",
    "OssStatus",
    "OssStatuses",
    "OssSupply",
    "Waiver",
    "concerns",
    "count_supplies",
    "counted",
    "counted_of",
    "decided",
    "destination_taxed",
    "end_waiver",
    "get_threshold",
    "in_euro",
    "late_position",
    "member_state_of",
    "oss_status",
    "reach_late",
    "say_opening",
    "state_on",
    "waive",
]
