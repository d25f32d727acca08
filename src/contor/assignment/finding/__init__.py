"""What payments name, and whose they may be: looked up for many of them together."""

from contor.assignment.finding.candidates import offers_by_score, scored_candidates
from contor.assignment.finding.named import Naming, named_by
from contor.assignment.finding.outcomes import one_each, outcome_of
from contor.assignment.finding.payers import Learned, customers_known, forget_payer, learn_payers
from contor.assignment.finding.places import places_of, standing
from contor.assignment.finding.score import certain

__all__ = [
    "Learned",
    "Naming",
    "certain",
    "customers_known",
    "forget_payer",
    "learn_payers",
    "named_by",
    "offers_by_score",
    "one_each",
    "outcome_of",
    "places_of",
    "scored_candidates",
    "standing",
]
