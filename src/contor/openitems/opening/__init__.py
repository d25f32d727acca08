"""Open invoices of a former system, carried forward as open items of ours."""

from contor.openitems.opening.claims import (
    AttachToClaim,
    CarryForward,
    OneClaim,
    attach_to_claim,
    carried,
    carry_claim_forward,
    get_claim,
)
from contor.openitems.opening.types import ClaimRow, OpeningClaim, OpeningClaimBody

__all__ = [
    "AttachToClaim",
    "CarryForward",
    "ClaimRow",
    "OneClaim",
    "OpeningClaim",
    "OpeningClaimBody",
    "attach_to_claim",
    "carried",
    "carry_claim_forward",
    "get_claim",
]
