"""Usage that is measured by events: taken as they are told, counted when a period is billed, counted again where they came late."""

from contor.usage.measured.again import CountAgain, count_again
from contor.usage.measured.collecting import Period, collect, measured_by, miscounted
from contor.usage.measured.sending import RecordEvents, record_events
from contor.usage.measured.types import MOST_EVENTS, Event, EventBatch, EventsTaken

__all__ = [
    "MOST_EVENTS",
    "CountAgain",
    "Event",
    "EventBatch",
    "EventsTaken",
    "Period",
    "RecordEvents",
    "collect",
    "count_again",
    "measured_by",
    "miscounted",
    "record_events",
]
