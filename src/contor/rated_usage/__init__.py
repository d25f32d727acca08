"""Rated usages: what was consumed under a contract, with its price; collected by billing period."""
