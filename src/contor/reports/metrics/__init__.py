"""Figures of contracts: monthly recurring revenue and what moved it, and how many of those who began stay."""

from contor.reports.metrics.cohorts import Cohort, CohortTable, cohort_metrics, cohorts_of
from contor.reports.metrics.movements import Movement, Parts, Step, movements_of
from contor.reports.metrics.mrr import MrrRow, MrrTable, Span, mrr_metrics, mrr_rows, spans_of
from contor.reports.metrics.rounding import rounded_parts
from contor.reports.metrics.series import GroupBy, Unit, series

__all__ = [
    "Cohort",
    "CohortTable",
    "GroupBy",
    "Movement",
    "MrrRow",
    "MrrTable",
    "Parts",
    "Span",
    "Step",
    "Unit",
    "cohort_metrics",
    "cohorts_of",
    "movements_of",
    "mrr_metrics",
    "mrr_rows",
    "rounded_parts",
    "series",
    "spans_of",
]
