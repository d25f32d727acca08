"""How a contract begins: with a trial, and on which day it is billed together with others."""

from contor.contracts.beginning.first import anchor_of_others, beginning_findings, first_life

__all__ = ["anchor_of_others", "beginning_findings", "first_life"]
