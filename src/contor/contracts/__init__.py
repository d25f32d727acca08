"""Contracts: their start, phases, periods, changes and end."""
