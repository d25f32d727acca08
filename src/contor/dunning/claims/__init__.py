"""Damages of default that letters claim: listed, paid, waived, taken back."""

from contor.dunning.claims.claims import (
    CLAIMS,
    ClaimView,
    ListClaims,
    OneClaim,
    PayClaim,
    ReverseClaim,
    WaiveClaim,
    get_claim,
    list_claims,
    pay_claim,
    put,
    reverse_claim,
    waive_claim,
    why_not_paid_by,
)
from contor.dunning.claims.returned import DebitReturned, debits_returned, first_returns, returns_forgotten
from contor.dunning.claims.stored import Claim, ClaimRow, locked_claims, made_claims, open_claims, owed_on, waive_open

__all__ = [
    "CLAIMS",
    "Claim",
    "ClaimRow",
    "ClaimView",
    "DebitReturned",
    "ListClaims",
    "OneClaim",
    "PayClaim",
    "ReverseClaim",
    "WaiveClaim",
    "debits_returned",
    "first_returns",
    "get_claim",
    "list_claims",
    "locked_claims",
    "made_claims",
    "open_claims",
    "owed_on",
    "pay_claim",
    "put",
    "returns_forgotten",
    "reverse_claim",
    "waive_claim",
    "waive_open",
    "why_not_paid_by",
]
