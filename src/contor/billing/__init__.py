"""Billing: what is due becomes billable items, items become documents, exactly once."""
