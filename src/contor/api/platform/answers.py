"""Answers whose form the contract fixes (level L2): pure functions from an operation's result to plain values."""

from collections.abc import Callable, Mapping
from typing import Literal, cast

from typing_extensions import TypedDict

from contor.documents.after import RequestState
from contor.documents.issue import VAT_PROOF
from contor.kernel.errors import Problem

Status = Literal["RECEIVED", "COMPLETED", "FAILED"]


class Finding(TypedDict):
    """One reason against a document, all four always there."""

    fieldName: str | None
    error: str
    code: str
    rejectedValue: str | bool | float | None


class DocumentRequestState(TypedDict):
    """All five always there."""

    requestId: str
    status: Status
    documentIdent: str | None
    documentId: int | None
    errors: list[Finding]


def request_state(state: RequestState) -> DocumentRequestState:
    """How far a requested document is."""
    return {
        "requestId": state.request_id,
        "status": cast(Status, state.status),
        "documentIdent": state.document_ident,
        "documentId": state.document_id,
        "errors": [finding(problem, problem.field) for problem in state.errors],
    }


def still(*statuses: str) -> Callable[[object], bool]:
    """Whether what is answered has one of these statuses: then it may be waited for."""
    return lambda answer: isinstance(answer, Mapping) and answer["status"] in statuses


def has_no_files(listed: object) -> bool:
    """Whether the files of a document are not made yet."""
    return isinstance(listed, Mapping) and all(one["type"] == VAT_PROOF for one in listed["attachments"])


def finding(problem: Problem, field: str | None) -> Finding:
    return {"fieldName": field, "error": problem.message, "code": problem.code, "rejectedValue": problem.rejected_value}  # type: ignore[typeddict-item]  # what was sent, whatever it is
