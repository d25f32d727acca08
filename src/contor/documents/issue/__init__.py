"""Issuing: what was judged is frozen, numbered and made a fact."""

from contor.documents.issue.crediting import CreditedRow, credited_rows
from contor.documents.issue.freezing import freeze
from contor.documents.issue.issuing import draft_requests, issue, issue_requests
from contor.documents.issue.supplied_later import CreditedPlace, credited_places, supplied_after
from contor.documents.issue.taking_over import keep_picture, take_over
from contor.documents.issue.taxes import VAT_PROOF, count_late, miscounted, unproven
from contor.documents.issue.unfinished import Unfinished, unfinished_until
from contor.documents.issue.worker import drain, tune_process

__all__ = [
    "VAT_PROOF",
    "CreditedPlace",
    "CreditedRow",
    "Unfinished",
    "count_late",
    "credited_places",
    "credited_rows",
    "draft_requests",
    "drain",
    "freeze",
    "issue",
    "issue_requests",
    "keep_picture",
    "miscounted",
    "supplied_after",
    "take_over",
    "tune_process",
    "unfinished_until",
    "unproven",
]
