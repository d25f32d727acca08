"""Units and measurements. Source: subscriptions, section 3. Pure."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Language, Name255, Text255, shape

MeasurementKind = Literal["RECURRING", "METERED"]
"""RECURRING: a quantity that is ordered and stays until it is changed. METERED: what happens in a period, found at its end."""
Aggregation = Literal["SUM", "COUNT", "MAX", "LAST", "UNIQUE_COUNT", "WEIGHTED_SUM"]
"""What the events of a period come to: the sum of a property, how many there are, its highest or latest value, how many different values
it has; WEIGHTED_SUM: each value adds to a level that holds on, and counts by the share of the period for which it does."""


@shape
class UnitWords:
    """What a unit is called in another language."""

    language: Language
    name: Name255


@shape
class EventFilter:
    """Only events with one of these values of a property count."""

    property: Name255
    values: Annotated[tuple[Text255, ...], Field(min_length=1, max_length=100)]
    excluded: bool = False
    """Only those without."""


class Measurement(NamedTuple):
    """A measurement as who counts reads it; names are those of its columns."""

    code: str
    kind: MeasurementKind
    aggregation: Aggregation
    fair_billing: bool
    unit_ident: str | None
    event_name: str
    property: str | None
    """The property of events whose value counts; COUNT has none."""
    filters: tuple[EventFilter, ...]
    groups: tuple[str, ...]
    """Properties by whose values the events of a period are counted apart; all of them together are priced."""
