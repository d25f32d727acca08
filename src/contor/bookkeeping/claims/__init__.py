"""Damages of default in the books: posting table row 27."""

from contor.bookkeeping.claims.entries import post_claim, post_claim_paid
from contor.bookkeeping.claims.post_claims import post_made, post_settled_claims

__all__ = ["post_claim", "post_claim_paid", "post_made", "post_settled_claims"]
