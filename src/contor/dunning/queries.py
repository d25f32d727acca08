"""Dunning as other packages read it."""

BOOKED_CLAIMS = (
    "SELECT customer_ident AS party, sum(amount - paid - waived) AS balance FROM dunning_claim WHERE booked AND status = 'OPEN'"
    " GROUP BY customer_ident"
)
"""SQL: what stands on the customers' accounts of claims that are booked when they are made."""
PAID_CLAIMS = (
    "(SELECT coalesce(sum(v.amount), 0) FROM dunning_claim_move v WHERE v.tenant_id = p.tenant_id AND v.payment_ident = p.ident)"
)
"""SQL: what a payment `p` paid of claims."""
