"""What payments name, and whose they may be: looked up for many of them together."""

from contor.assignment.finding.candidates import scored_candidates
from contor.assignment.finding.named import Naming, named_by
from contor.assignment.finding.payers import customers_known, forget_payer, learn_payers

__all__ = ["Naming", "customers_known", "forget_payer", "learn_payers", "named_by", "scored_candidates"]
