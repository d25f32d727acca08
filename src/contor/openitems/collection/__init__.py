"""Collecting: what due documents move by themselves, what somebody wants to be moved, and what their cases say of it."""

from contor.openitems.collection.intend import create_intent, retry_intent
from contor.openitems.collection.pending import Collecting, collecting_of
from contor.openitems.collection.released import stand_for
from contor.openitems.collection.tasks import TASKS, cancel_task, change_task, enable_tasks, get_task, list_tasks
from contor.openitems.collection.types import TaskView
from contor.openitems.collection.worker import Collected, collect

__all__ = [
    "TASKS",
    "Collected",
    "Collecting",
    "TaskView",
    "cancel_task",
    "change_task",
    "collect",
    "collecting_of",
    "create_intent",
    "enable_tasks",
    "get_task",
    "list_tasks",
    "retry_intent",
    "stand_for",
]
