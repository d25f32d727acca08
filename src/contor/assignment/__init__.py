"""Which payment belongs to which open item: strategies, the amount check, assignments and their reversal."""
