"""Usages: what was consumed under a contract, and what it costs."""
