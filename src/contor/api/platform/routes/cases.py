"""What people do with open items, in `/v2`: decisions, clearing, how they are dunned and collected."""

from contor.api.kit import route
from contor.api.route import Route
from contor.openitems import decisions

_CASE = "/v2/opos-cases/{oposCaseIdent}"
_DECISION = f"{_CASE}/decisions/{{decisionIdent}}"

CASE_ROUTES: list[Route] = [
    route(
        "GET",
        "/v2/opos-cases/decisions",
        decisions.list_decisions,
        filterable=decisions.DECISIONS,
        output=decisions.DecisionView,
    ),
    route(
        "GET",
        f"{_CASE}/decisions",
        decisions.list_case_decisions,
        filterable=decisions.DECISIONS,
        output=decisions.DecisionView,
    ),
    route("POST", f"{_CASE}/decisions", decisions.add_decision, 201, body="body"),
    route("GET", _DECISION, decisions.get_decision),
    route("POST", f"{_DECISION}/actions/revert", decisions.revert_decision),
]
