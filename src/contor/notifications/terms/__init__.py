"""Contracts in time: that a term began anew, or the last day is over, nobody does; it is told when the day has come."""

from contor.notifications.terms.telling import TellTerms, tell_terms

__all__ = ["TellTerms", "tell_terms"]
