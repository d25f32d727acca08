"""Deferred income: what a closing defers, row by row, and what the later ones release."""

from contor.bookkeeping.deferral.at_closing import booked_documents, defer, deferrals_of, release, take_back
from contor.bookkeeping.deferral.deferred_income import DEFERRED, DeferredRow, list_deferred_income
from contor.bookkeeping.deferral.deferring import deferral_reference, release_reference

__all__ = [
    "DEFERRED",
    "DeferredRow",
    "booked_documents",
    "defer",
    "deferral_reference",
    "deferrals_of",
    "list_deferred_income",
    "release",
    "release_reference",
    "take_back",
]
