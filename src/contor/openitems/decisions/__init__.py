"""Decisions on open items: why a balance, or a part of it, ends without money; and their counter decisions."""

from contor.openitems.decisions.decide import Decide, add_decision, let_go, revert_decision
from contor.openitems.decisions.read import DECISIONS, decisions_by_ident, get_decision, list_case_decisions, list_decisions
from contor.openitems.decisions.recovery import divided_anew, loss_taken, recovered
from contor.openitems.decisions.types import DecisionBody, DecisionView

__all__ = [
    "DECISIONS",
    "Decide",
    "DecisionBody",
    "DecisionView",
    "add_decision",
    "decisions_by_ident",
    "divided_anew",
    "get_decision",
    "let_go",
    "list_case_decisions",
    "list_decisions",
    "loss_taken",
    "recovered",
    "revert_decision",
]
