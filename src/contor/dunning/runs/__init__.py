"""Runs over what is overdue: proposed, previewed, approved, made."""

from contor.dunning.runs.items import RUN_ITEMS, ListRunItems, RunItem, list_run_items
from contor.dunning.runs.make import make_next
from contor.dunning.runs.money import name_payers
from contor.dunning.runs.named import LetterNamed, letters_named
from contor.dunning.runs.preview import preview_next
from contor.dunning.runs.runs import (
    RUNS,
    CreateDunningRun,
    DunningRunBody,
    DunningRunView,
    ListDunningRuns,
    OneDunningRun,
    approve_run,
    cancel_run,
    create_run,
    get_run,
    list_runs,
)
from contor.dunning.runs.work import DUNNING, PreviewDunning, dun_tenant, preview_all

__all__ = [
    "DUNNING",
    "RUNS",
    "RUN_ITEMS",
    "CreateDunningRun",
    "DunningRunBody",
    "DunningRunView",
    "LetterNamed",
    "ListDunningRuns",
    "ListRunItems",
    "OneDunningRun",
    "PreviewDunning",
    "RunItem",
    "approve_run",
    "cancel_run",
    "create_run",
    "dun_tenant",
    "get_run",
    "letters_named",
    "list_run_items",
    "list_runs",
    "make_next",
    "name_payers",
    "preview_all",
    "preview_next",
]
