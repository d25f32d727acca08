"""Billing: what is due becomes billable items, items become documents, exactly once. Rooms: items, papers, proposal, corrections, runs."""
