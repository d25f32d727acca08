"""Answers whose form the contract fixes (level L2): pure functions from an operation's result to plain values."""

from contor.api.route import Plain
from contor.documents.read import RequestState


def request_state(state: RequestState) -> Plain:
    """`{"requestId", "status", "documentIdent", "errors"}`, all four always there."""
    return {
        "requestId": state.request_id,
        "status": state.status,
        "documentIdent": state.document_ident,
        "errors": [
            {"fieldName": problem.field, "error": problem.message, "code": problem.code, "rejectedValue": problem.rejected_value}
            for problem in state.errors
        ],
    }
