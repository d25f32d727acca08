"""In what something is counted, and how it is measured: by an ordered quantity, or by events that happen."""

from contor.catalogue.measures.queries import (
    MEASUREMENTS_NUMBERED,
    UNITS_NUMBERED,
    known_measurements,
    known_units,
    measurements_by_code,
    measurements_of_events,
)
from contor.catalogue.measures.stored import MEASUREMENTS, UNITS
from contor.catalogue.measures.types import Aggregation, EventFilter, Measurement, MeasurementKind

__all__ = [
    "MEASUREMENTS",
    "MEASUREMENTS_NUMBERED",
    "UNITS",
    "UNITS_NUMBERED",
    "Aggregation",
    "EventFilter",
    "Measurement",
    "MeasurementKind",
    "known_measurements",
    "known_units",
    "measurements_by_code",
    "measurements_of_events",
]
