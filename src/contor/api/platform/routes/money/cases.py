"""What people do with open items, in `/v2`: decisions, clearing, how they are dunned and collected."""

from contor.api.kit import route
from contor.api.route import Route
from contor.bookkeeping import clearings
from contor.openitems import clearing, decisions, handling, opening

_CASE = "/v2/opos-cases/{oposCaseIdent}"
_RUNS = "/v2/opos-cases/clearing-runs"
_RUN = f"{_RUNS}/{{clearingRunIdent}}"
_DECISION = f"{_CASE}/decisions/{{decisionIdent}}"

_CLEARINGS = "/v2/bookingAccounts/{accountNumber}/{accountCurrency}/clearings"

_CLAIM = "/v2/opening-claims/{documentIdent}"

CASE_ROUTES: list[Route] = [
    route("POST", "/v2/opening-claims", opening.carry_claim_forward, 201, body="body"),
    route("GET", _CLAIM, opening.get_claim),
    route("POST", f"{_CLAIM}/file", opening.attach_to_claim, upload="file", id="replaceOpeningClaimFile"),
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
    route("PUT", f"{_CASE}/dunning-block", handling.change_dunning_block, body="body"),
    route("POST", f"{_CASE}/actions/enable-payment-collection", handling.enable_collection),
    route("POST", f"{_CASE}/actions/recalculate", handling.recalculate),
    route("POST", f"{_CASE}/actions/reevaluate", handling.reevaluate),
    route("GET", _RUNS, clearing.list_runs, filterable=clearing.RUNS, output=clearing.ClearingRunView),
    route("POST", _RUNS, clearing.create_run, 201, body="body"),
    route("GET", _RUN, clearing.get_run),
    route("POST", f"{_RUN}/actions/reverse", clearing.reverse_run),
    route("GET", f"{_RUN}/items", clearing.list_items, filterable=clearing.ITEMS, output=clearing.ClearingItemView),
    route("GET", f"{_RUN}/items/{{itemIdent}}", clearing.get_item),
    route("GET", _CLEARINGS, clearings.list_clearings, filterable=clearings.CLEARINGS, output=clearings.LedgerClearingView),
    route("POST", _CLEARINGS, clearings.clear_entries, body="body"),
    route("GET", f"{_CLEARINGS}/{{clearingId}}", clearings.get_clearing),
    route("DELETE", f"{_CLEARINGS}/{{clearingId}}", clearings.delete_clearing, 204),
]
