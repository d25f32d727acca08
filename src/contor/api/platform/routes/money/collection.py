"""Intents to move money, what due documents move by themselves, and files for banks, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.openitems import collection
from contor.payments import files, intents

_INTENTS = "/v2/payment-intents"
_INTENT = f"{_INTENTS}/{{paymentIntentIdent}}"
_TASKS = "/v2/payment-intent-tasks"
_ACCOUNT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
_FILES = "/v2/payment-files"
_FILE = f"{_FILES}/{{paymentFileIdent}}"
_RUNS, _RUN = "/v2/collection-runs", "/v2/collection-runs/{runIdent}"
_TASK = f"{_TASKS}/{{paymentIntentTaskIdent}}"

COLLECTION_ROUTES: list[Route] = [
    route("GET", _INTENTS, intents.list_intents, filterable=intents.INTENTS, output=intents.IntentView),
    route("POST", _INTENTS, collection.create_intent, 201, body="body"),
    route("POST", f"{_INTENTS}/actions/enable", intents.enable, body="*", may_be_empty=True),
    route("GET", f"{_INTENTS}/processing-enabled", intents.processing_enabled),
    route("GET", _INTENT, intents.get_intent),
    route("POST", f"{_INTENT}/actions/cancel", intents.cancel_intent),
    route("POST", f"{_INTENT}/actions/release", intents.release_intent),
    route("POST", f"{_INTENT}/actions/end", intents.end_intent, body="body"),
    route("POST", f"{_INTENT}/actions/retry", collection.retry_intent),
    route("GET", _TASKS, collection.list_tasks, filterable=collection.TASKS, output=collection.TaskView),
    route("POST", f"{_TASKS}/actions/enable", collection.enable_tasks, body="*", may_be_empty=True),
    route("GET", _TASK, collection.get_task),
    route("PATCH", _TASK, collection.change_task, body="body"),
    route("POST", f"{_TASK}/actions/cancel", collection.cancel_task),
    route(
        "GET", _RUNS, collection.list_runs, filterable=collection.RUNS, output=collection.CollectionRunView, id="listCollectionRuns"
    ),
    route("POST", _RUNS, collection.create_run, 201, id="createCollectionRun"),
    route("GET", _RUN, collection.get_run, id="getCollectionRun"),
    route(
        "GET",
        f"{_RUN}/items",
        collection.list_run_items,
        filterable=collection.RUN_ITEMS,
        output=collection.CollectionRunItem,
        id="listCollectionRunItems",
    ),
    route("POST", f"{_RUN}/actions/approve", collection.approve_run, id="approveCollectionRun"),
    route("POST", f"{_RUN}/actions/cancel", collection.cancel_run, id="cancelCollectionRun"),
    route("GET", _FILES, files.list_files, filterable=files.FILES, output=files.PaymentFileView),
    route("GET", _FILE, files.get_file),
    route("GET", f"{_FILE}/content", files.file_content),
    route("POST", f"{_FILE}/actions/confirm", files.confirm_file),
    route("POST", f"{_FILE}/actions/release", files.release_file),
    *resource(f"{_ACCOUNT}/file-targets", files.TARGETS, member="fileTargetIdent"),
    route(
        "POST",
        f"{_ACCOUNT}/status-reports",
        files.take_report,
        201,
        upload="file",
    ),
]
