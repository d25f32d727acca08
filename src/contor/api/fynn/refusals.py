"""Findings as API Platform lists them: a problem with its violations, each with the path of a property."""

import uuid
from collections.abc import Mapping
from typing import Final

from contor.api.answers import camel_path
from contor.api.http import STATUS
from contor.api.route import Plain
from contor.kernel.errors import Kind, Problem, Refused

MOST: Final = 200
"""Violations of one answer."""
_UNREAD: Final = frozenset(
    {
        *("json_malformed", "json_name_twice", "json_too_wide", "body_not_object", "body_malformed", "body_incomplete"),
        *("path_malformed", "request_malformed", "if_match_malformed", "idempotency_key_invalid", "file_missing", "part_missing"),
        *("paging_mixed", "page_invalid", "cursor_invalid"),
    }
)
"""Codes of what could not be read at all, which is 400; what was read and is wrong is 422."""
_OF_LISTS: Final = ("parameter_", "sort_", "search_")
_OF_TREES: Final = ("hierarchy_", "parent_")
"""What would break a tree of customers is 400, as the vendor documents it."""
_NAMED: Final[Mapping[str, str]] = {
    "missing": "c1051bb4-d103-4f74-8988-acbcafc7fdc3",
    "field_required": "c1051bb4-d103-4f74-8988-acbcafc7fdc3",
    "text_blank": "c1051bb4-d103-4f74-8988-acbcafc7fdc3",
    "text_too_short": "9ff3fdc4-b214-49db-8718-39c315e33d45",
    "text_too_long": "d94b19cc-114f-4f44-9cc4-4138e80a87b9",
    "word_unknown": "8e179f1b-97aa-4560-a02f-2a8b42e49df7",
    "text_expected": "ba785a8c-82cb-4283-967c-3cf342181b40",
    "number_expected": "ba785a8c-82cb-4283-967c-3cf342181b40",
    "whole_number_expected": "ba785a8c-82cb-4283-967c-3cf342181b40",
    "truth_expected": "ba785a8c-82cb-4283-967c-3cf342181b40",
    "list_expected": "ba785a8c-82cb-4283-967c-3cf342181b40",
    "object_expected": "ba785a8c-82cb-4283-967c-3cf342181b40",
}
"""Findings for which Symfony has a constraint: its code."""
_OURS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://contor.example/findings")


def gone(message: str, code: str = "link_expired") -> Refused:
    """The refusal of an offer or link whose time is over: 410. `code` ends with `_expired`."""
    return Refused(Kind.ILLEGAL_STATE, Problem(code, message))


def feature_off(name: str) -> Refused:
    """The refusal of what the tenant has switched off: 501."""
    return Refused(Kind.ILLEGAL_STATE, Problem("feature_off", f"The feature {name} is switched off for this tenant."))


def status_of(refused: Refused) -> int:
    """The status by kind; what was read and is wrong in its content is 422, a state that forbids it 409, what is over 410."""
    code = refused.problems[0].code if refused.problems else ""
    if refused.kind is Kind.ILLEGAL_STATE:
        return 501 if code == "feature_off" else 410 if code.endswith("_expired") else 409
    if refused.kind is Kind.INVALID:
        return 400 if all(_is_unread(problem.code) for problem in refused.problems) else 422
    if refused.kind is Kind.CONFLICT and refused.problems[0].field is not None:
        return 422  # a value that must be unique, as a constraint on its field
    return STATUS[refused.kind]


def problem_of(refused: Refused) -> tuple[int, Plain]:
    """(status, body): `detail` says all findings, a line each, and `message` again: some clients show that one."""
    status, found = status_of(refused), refused.problems[:MOST]
    detail = "\n".join(_line(problem) for problem in found)
    return status, {**titled(status, detail), "violations": [_violation(problem) for problem in found if problem.field is not None]}


def titled(status: int, detail: str) -> Plain:
    """The body of a refusal without violations."""
    return {"title": "An error occurred", "detail": detail, "status": status, "violations": [], "message": detail}


def violation_code(code: str) -> str:
    """The UUID by which clients know a finding: Symfony's where it has one, else one of our own that never changes."""
    return _NAMED.get(code) or str(uuid.uuid5(_OURS, code))


def _is_unread(code: str) -> bool:
    return code in _UNREAD or code.startswith(_OF_LISTS) or code.startswith(_OF_TREES)


def _line(problem: Problem) -> str:
    return problem.message if problem.field is None else f"{camel_path(problem.field)[:300]}: {problem.message}"


def _violation(problem: Problem) -> Plain:
    path = camel_path(problem.field or "")[:300]
    return {"propertyPath": path, "message": problem.message, "code": violation_code(problem.code)}
