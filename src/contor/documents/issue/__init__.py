"""Issuing: what was judged is frozen, numbered and made a fact."""

from contor.documents.issue.counting import miscounted
from contor.documents.issue.counting_late import count_late
from contor.documents.issue.crediting import CreditedRow, credited_rows
from contor.documents.issue.freezing import freeze
from contor.documents.issue.issuing import draft_requests, issue, issue_requests
from contor.documents.issue.proofs import VAT_PROOF
from contor.documents.issue.proving import unproven
from contor.documents.issue.worker import drain, tune_process

__all__ = [
    "VAT_PROOF",
    "CreditedRow",
    "count_late",
    "credited_rows",
    "draft_requests",
    "drain",
    "freeze",
    "issue",
    "issue_requests",
    "miscounted",
    "tune_process",
    "unproven",
]
