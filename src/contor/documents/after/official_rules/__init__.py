"""The official rules of an electronic invoice: what they find in a file."""

from contor.documents.after.official_rules.judging import Finding, findings, is_sendable

__all__ = [
    "Finding",
    "findings",
    "is_sendable",
]
