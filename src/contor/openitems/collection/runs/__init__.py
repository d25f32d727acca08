"""Runs of collecting: previewed, approved, carried out, whatever the time of day."""

from contor.openitems.collection.runs.previewing import Preview
from contor.openitems.collection.runs.runs import (
    RUN_ITEMS,
    RUNS,
    approve_run,
    cancel_run,
    create_run,
    get_run,
    list_run_items,
    list_runs,
)
from contor.openitems.collection.runs.types import CollectionReport, CollectionRunItem, CollectionRunView
from contor.openitems.collection.runs.work import collect_tenant, look, preview_tenant

__all__ = [
    "RUNS",
    "RUN_ITEMS",
    "CollectionReport",
    "CollectionRunItem",
    "CollectionRunView",
    "Preview",
    "approve_run",
    "cancel_run",
    "collect_tenant",
    "create_run",
    "get_run",
    "list_run_items",
    "list_runs",
    "look",
    "preview_tenant",
]
