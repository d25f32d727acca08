"""The law of dunning and the tenant's levels, as values and functions."""

from contor.dunning.rules.allocation import Part, allocated
from contor.dunning.rules.default import Begun, default_begins, term_ends
from contor.dunning.rules.interest import LEGAL, BaseRate, Rates, interest_of, why_no_rate
from contor.dunning.rules.propose import propose
from contor.dunning.rules.types import (
    Debtor,
    DunningConfiguration,
    Level,
    OpenClaims,
    OpenItem,
    Outcome,
    Proposal,
    ProposedLetter,
    ProposedRow,
)

__all__ = [
    "LEGAL",
    "BaseRate",
    "Begun",
    "Debtor",
    "DunningConfiguration",
    "Level",
    "OpenClaims",
    "OpenItem",
    "Outcome",
    "Part",
    "Proposal",
    "ProposedLetter",
    "ProposedRow",
    "Rates",
    "allocated",
    "default_begins",
    "interest_of",
    "propose",
    "term_ends",
    "why_no_rate",
]
