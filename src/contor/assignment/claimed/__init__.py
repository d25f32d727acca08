"""Money for a document and for what dunning claims on it."""

from contor.assignment.claimed.with_claims import pay_document

__all__ = ["pay_document"]
