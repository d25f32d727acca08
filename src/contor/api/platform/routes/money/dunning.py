"""Dunning: levels, base rates, runs, letters, claims, and how far what is open is dunned, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.assignment import claimed
from contor.dunning import aggregations, base_rates, claims, configuration, letters, runs
from contor.openitems.dunned import OPEN_DOCUMENTS, StatusDocument

_CONFIGURATION = "/v2/billing/configuration/dunning"
_RUNS, _RUN = "/v2/dunning-runs", "/v2/dunning-runs/{runIdent}"
_LETTERS, _LETTER = "/v2/dunning-letters", "/v2/dunning-letters/{letterIdent}"
_CLAIMS, _CLAIM = "/v2/dunning-claims", "/v2/dunning-claims/{claimIdent}"
_STATUS = "/v2/dunning-status-aggregations"

DUNNING_ROUTES: list[Route] = [
    route("GET", _CONFIGURATION, configuration.get_configuration, id="getDunningConfiguration"),
    route("POST", _CONFIGURATION, configuration.put_configuration, 201, body="body", id="createDunningConfiguration"),
    *resource(f"{_CONFIGURATION}/base-rates", base_rates.BASE_RATES),
    route("GET", _STATUS, aggregations.aggregate, id="getDunningStatusAggregation"),
    route(
        "GET",
        f"{_STATUS}/documents",
        aggregations.list_status_documents,
        filterable=OPEN_DOCUMENTS,
        output=StatusDocument,
        id="listDunningStatusDocuments",
    ),
    route("GET", _RUNS, runs.list_runs, filterable=runs.RUNS, output=runs.DunningRunView, id="listDunningRuns"),
    route("POST", _RUNS, runs.create_run, 201, body="body", id="createDunningRun"),
    route("GET", _RUN, runs.get_run, id="getDunningRun"),
    route("GET", f"{_RUN}/items", runs.list_run_items, filterable=runs.RUN_ITEMS, output=runs.RunItem, id="listDunningRunItems"),
    route("POST", f"{_RUN}/actions/approve", runs.approve_run, id="approveDunningRun"),
    route("POST", f"{_RUN}/actions/cancel", runs.cancel_run, id="cancelDunningRun"),
    route("GET", f"{_RUN}/collection-list", letters.handover_csv, id="getCollectionList"),
    route("GET", "/v2/dunning-handovers", letters.list_handovers, filterable=letters.HANDOVERS, output=letters.Handover),
    route("GET", _LETTERS, letters.list_letters, filterable=letters.LETTERS, output=letters.LetterView),
    route("GET", _LETTER, letters.get_letter),
    route("GET", f"{_LETTER}/file", letters.letter_file, id="getDunningLetterFile", pending=lambda _: False),
    route("POST", f"{_LETTER}/actions/withdraw", letters.withdraw_letter, id="withdrawDunningLetter"),
    route("GET", _CLAIMS, claims.list_claims, filterable=claims.CLAIMS, output=claims.ClaimView),
    route("POST", f"{_CLAIMS}/actions/pay-document", claimed.pay_document, body="body", id="payDocumentWithClaims"),
    route("GET", _CLAIM, claims.get_claim),
    route("POST", f"{_CLAIM}/actions/pay", claims.pay_claim, body="body", id="payDunningClaim"),
    route("POST", f"{_CLAIM}/actions/waive", claims.waive_claim, body="body", id="waiveDunningClaim"),
    route("POST", f"{_CLAIM}/actions/reverse", claims.reverse_claim, id="reverseDunningClaim"),
]
