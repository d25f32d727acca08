"""Contracts that are being written: pending ones, of which all but the customer changes until they begin."""

from contor.contracts.drafting.redrafting import IntendedDays, RedraftContract, Redrafting, redraft

__all__ = ["IntendedDays", "RedraftContract", "Redrafting", "redraft"]
