"""Answers whose form the contract fixes (level L2): pure functions from an operation's result to plain values."""

from contor.api.route import Plain
from contor.documents.after import RequestState
from contor.kernel.errors import Problem


def request_state(state: RequestState) -> Plain:
    """`{"requestId", "status", "documentIdent", "errors"}`, all four always there."""
    return {
        "requestId": state.request_id,
        "status": state.status,
        "documentIdent": state.document_ident,
        "errors": [finding(problem, problem.field) for problem in state.errors],
    }


def finding(problem: Problem, field: str | None) -> Plain:
    """One reason against a document, all four always there."""
    return {"fieldName": field, "error": problem.message, "code": problem.code, "rejectedValue": problem.rejected_value}
