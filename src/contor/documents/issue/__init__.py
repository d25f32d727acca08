"""Issuing: what was judged is frozen, numbered and made a fact."""

from contor.documents.issue.freezing import freeze
from contor.documents.issue.issuing import issue_requests
from contor.documents.issue.worker import drain, tune_process

__all__ = [
    "drain",
    "freeze",
    "issue_requests",
    "tune_process",
]
