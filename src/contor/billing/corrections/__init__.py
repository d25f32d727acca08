"""Corrections: what was billed is changed, because a contract ended, usages came late or a rate was another."""

from contor.billing.corrections.changes import Change, correct, put_in_place
from contor.billing.corrections.limits import rests_of
from contor.billing.corrections.rates import CorrectedRates, CorrectRates, correct_rates
from contor.billing.corrections.rests import within_rests

__all__ = [
    "Change",
    "CorrectRates",
    "CorrectedRates",
    "correct",
    "correct_rates",
    "put_in_place",
    "rests_of",
    "within_rests",
]
