"""Collecting: what due documents move by themselves, what somebody wants to be moved, and what their cases say of it."""

from contor.openitems.collection.intend import CreateIntent, collect_at_order, create_intent, retry_intent
from contor.openitems.collection.pending import Collecting, collecting_of
from contor.openitems.collection.promise import collectable_cases
from contor.openitems.collection.reasons import COLLECTED_ON, Asked, reasons_of
from contor.openitems.collection.released import stand_for
from contor.openitems.collection.runs import (
    RUN_ITEMS,
    RUNS,
    CollectionReport,
    CollectionRunItem,
    CollectionRunView,
    approve_run,
    cancel_run,
    collect_tenant,
    create_run,
    get_run,
    list_run_items,
    list_runs,
    preview_tenant,
)
from contor.openitems.collection.tasks import TASKS, cancel_task, change_task, enable_tasks, get_task, list_tasks
from contor.openitems.collection.types import HANDED_OVER, IntentBody, TaskView
from contor.openitems.collection.worker import Collected, collect

__all__ = [
    "COLLECTED_ON",
    "HANDED_OVER",
    "RUNS",
    "RUN_ITEMS",
    "TASKS",
    "Asked",
    "Collected",
    "Collecting",
    "CollectionReport",
    "CollectionRunItem",
    "CollectionRunView",
    "CreateIntent",
    "IntentBody",
    "TaskView",
    "approve_run",
    "cancel_run",
    "cancel_task",
    "change_task",
    "collect",
    "collect_at_order",
    "collect_tenant",
    "collectable_cases",
    "collecting_of",
    "create_intent",
    "create_run",
    "enable_tasks",
    "get_run",
    "get_task",
    "list_run_items",
    "list_runs",
    "list_tasks",
    "preview_tenant",
    "reasons_of",
    "retry_intent",
    "stand_for",
]
