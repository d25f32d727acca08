"""Usage that is measured by events: taken as they are told, counted when a period is billed, counted again where they came late."""

from contor.usage.measured.again import CountAgain, count_again
from contor.usage.measured.collecting import Period, collect, measured_by, miscounted
from contor.usage.measured.imports import NAMED, GoOn, StartImport, go_on, start_import
from contor.usage.measured.sending import RecordEvents, record_events
from contor.usage.measured.taken import (
    FINDINGS,
    IMPORTS,
    IMPORTS_NUMBERED,
    FindingView,
    ImportView,
    ListFindings,
    ListImports,
    OneImport,
    get_import,
    list_findings,
    list_imports,
)
from contor.usage.measured.types import (
    MOST_EVENTS,
    MOST_PROPERTIES,
    Event,
    EventBatch,
    EventName,
    EventsTaken,
    TransactionId,
    Value,
)

__all__ = [
    "FINDINGS",
    "IMPORTS",
    "IMPORTS_NUMBERED",
    "MOST_EVENTS",
    "MOST_PROPERTIES",
    "NAMED",
    "CountAgain",
    "Event",
    "EventBatch",
    "EventName",
    "EventsTaken",
    "FindingView",
    "GoOn",
    "ImportView",
    "ListFindings",
    "ListImports",
    "OneImport",
    "Period",
    "RecordEvents",
    "StartImport",
    "TransactionId",
    "Value",
    "collect",
    "count_again",
    "get_import",
    "go_on",
    "list_findings",
    "list_imports",
    "measured_by",
    "miscounted",
    "record_events",
    "start_import",
]
