"""Open items of one customer, cleared with each other: what we owe pays what is owed to us."""

from contor.openitems.clearing.closed import Closed, closed_case, closed_cases
from contor.openitems.clearing.items import ITEMS, ClearingItemView, get_item, list_items
from contor.openitems.clearing.offset import clear, unclear
from contor.openitems.clearing.rules import Open, Pair, pairs, why_left_out
from contor.openitems.clearing.runs import RUNS, ClearingRunView, create_run, get_run, list_runs, refuse_used, reverse_run
from contor.openitems.clearing.surplus import free, surplus_of

__all__ = [
    "ITEMS",
    "RUNS",
    "ClearingItemView",
    "ClearingRunView",
    "Closed",
    "Open",
    "Pair",
    "clear",
    "closed_case",
    "closed_cases",
    "create_run",
    "free",
    "get_item",
    "get_run",
    "list_items",
    "list_runs",
    "pairs",
    "refuse_used",
    "reverse_run",
    "surplus_of",
    "unclear",
    "why_left_out",
]
