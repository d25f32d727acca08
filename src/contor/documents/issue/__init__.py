"""Issuing: what was judged is frozen, numbered and made a fact."""

from contor.documents.issue.freezing import freeze
from contor.documents.issue.issuing import issue_requests
from contor.documents.issue.worker import active_tenants, drain, run

__all__ = [
    "active_tenants",
    "drain",
    "freeze",
    "issue_requests",
    "run",
]
