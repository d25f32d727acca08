"""When a contract's periods, terms and phases begin and end, and what share of one is due. Pure."""

from contor.contracts.calendar.life import Alignment, FormerEnd, Life, MissedPeriods, Pause, PausedUsages, Postponement, Trial
from contor.contracts.calendar.living import billing_periods, contract_runs, period_at, spans_without_charge
from contor.contracts.calendar.periods import add, days_between, instant, whole_days
from contor.contracts.calendar.proration import part_of, supplies_of, whole_supplies
from contor.contracts.calendar.termination import (
    extraordinary_end,
    ordinary_end,
    pending_end,
    performance,
    why_not_activatable,
    why_not_adaptable,
    why_not_terminable,
)
from contor.contracts.calendar.timeline import FOREVER, BillingPeriod, Leg, PhaseRun, course, phase_runs, plan_on
from contor.contracts.calendar.views import AlignmentView, FormerEndView, PauseView, PostponementView, TrialView

__all__ = [
    "FOREVER",
    "Alignment",
    "AlignmentView",
    "BillingPeriod",
    "FormerEnd",
    "FormerEndView",
    "Leg",
    "Life",
    "MissedPeriods",
    "Pause",
    "PauseView",
    "PausedUsages",
    "PhaseRun",
    "Postponement",
    "PostponementView",
    "Trial",
    "TrialView",
    "add",
    "billing_periods",
    "contract_runs",
    "course",
    "days_between",
    "extraordinary_end",
    "instant",
    "ordinary_end",
    "part_of",
    "pending_end",
    "performance",
    "period_at",
    "phase_runs",
    "plan_on",
    "spans_without_charge",
    "supplies_of",
    "whole_days",
    "whole_supplies",
    "why_not_activatable",
    "why_not_adaptable",
    "why_not_terminable",
]
