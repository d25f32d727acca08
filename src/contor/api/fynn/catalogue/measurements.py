"""Measurements: how what is used of a product becomes a quantity."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.api.fynn.catalogue.relations import UNIT, Asked, One, Related, ident_of, said_as
from contor.api.fynn.catalogue.units import UnitShown, unit_shown
from contor.api.fynn.manners import Uuid, When, known_when
from contor.catalogue.measures import MEASUREMENTS, UNITS
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, Name255, Text255, replace, shape
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

Aggregation = Literal["sum", "count", "max", "last", "unique_count", "weighted_sum"]
CORE: Final[Mapping[str, str]] = {
    "unit_ident": "unit",
    "kind": "type",
    "aggregation": "aggregationType",
    "groups": "groupBy",
}


@shape
class EventFilterBody:
    property: Name255
    operator: Literal["is", "is_not"] = "is"
    values: Annotated[tuple[Text255, ...], Field(min_length=1, max_length=100)]


@shape
class MeasurementBody:
    code: Ident = "quantity"
    description: Text255 | None = None
    unit: Related | None = None
    aggregation_type: Aggregation = "sum"
    fair_billing: bool = True
    type: Literal["recurring", "metered"] | None = None
    """Without it metered where events are named, else recurring."""
    event_name: Name255 | None = None
    property: Name255 | None = None
    """Ours: of which property of the events the value counts; `quantity` where it is not said."""
    filters: Annotated[tuple[EventFilterBody, ...], Field(max_length=20)] = ()
    group_by: Annotated[tuple[Name255, ...], Field(max_length=5)] = ()


@shape
class MeasurementShown:
    id: Uuid
    code: str
    description: str | None
    unit: UnitShown | None
    aggregation_type: Aggregation
    fair_billing: bool
    type: Literal["recurring", "metered"]
    event_name: str | None
    property: str | None
    filters: tuple[EventFilterBody, ...]
    group_by: tuple[str, ...]
    created_at: When | None = None
    updated_at: When | None = None


@shape
class NewMeasurement:
    body: MeasurementBody


@shape
class ChangeMeasurement:
    id: str
    body: MeasurementBody


@operation("fynn.measurement_list", permission="catalogue.read", reads=True)
def list_measurements(uow: Uow, command: Asked) -> Page:
    """The measurements of the tenant."""
    page: Page = MEASUREMENTS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(measurements_shown(uow, page.rows)))


@operation("fynn.measurement_get", permission="catalogue.read", reads=True)
def get_measurement(uow: Uow, command: One) -> MeasurementShown:
    """One measurement."""
    return measurements_shown(uow, [MEASUREMENTS.get.function(uow, Keyed((command.id,)))])[0]


@operation("fynn.measurement_create", permission="catalogue.write")
def create_measurement(uow: Uow, command: NewMeasurement) -> MeasurementShown:
    """A new measurement."""
    with said_as(CORE):
        row = {"code": command.body.code, **_row(uow, command.body)}
        made = MEASUREMENTS.create.function(uow, Written((), validated(MEASUREMENTS.creation, row)))
    return measurements_shown(uow, [made])[0]


@operation("fynn.measurement_update", permission="catalogue.write")
def update_measurement(uow: Uow, command: ChangeMeasurement) -> MeasurementShown:
    """Replace a measurement; what it counts stays as soon as a product is priced by it."""
    with said_as(CORE):
        row = {"code": command.body.code if command.body.code != "quantity" else None, **_row(uow, command.body)}
        made = MEASUREMENTS.update.function(uow, Written((command.id,), validated(MEASUREMENTS.update_body, row)))
    return measurements_shown(uow, [made])[0]


@operation("fynn.measurement_delete", permission="catalogue.write")
def delete_measurement(uow: Uow, command: One) -> None:
    """Only one by which nothing is priced."""
    MEASUREMENTS.delete.function(uow, Keyed((command.id,)))


def measurements_shown(uow: Uow, rows: object) -> list[MeasurementShown]:
    """As they are answered, each with its unit."""
    made: list[Fields] = list(rows)  # type: ignore[call-overload]  # rows of a page, or of one
    units = {ident: UNITS.get.function(uow, Keyed((ident,))) for ident in {row["unit_ident"] for row in made} if ident is not None}
    return [_shown(row, units.get(row["unit_ident"])) for row in made]


def _shown(row: Fields, unit: Fields | None) -> MeasurementShown:
    filters = tuple(
        EventFilterBody(property=one["property"], operator="is_not" if one["excluded"] else "is", values=tuple(one["values"]))
        for one in row["filters"]
    )
    is_metered = row["kind"] == "METERED"
    return MeasurementShown(
        id=row["code"],
        code=row["code"],
        description=row["description"],
        unit=None if unit is None else unit_shown(unit),
        aggregation_type=row["aggregation"].lower(),
        fair_billing=row["fair_billing"],
        type="metered" if is_metered else "recurring",
        event_name=(row["event_name"] or row["code"]) if is_metered else None,
        property=row["property"],
        filters=filters,
        group_by=tuple(row["groups"]),
        created_at=known_when(row["created_at"]),
        updated_at=known_when(row["last_modified_at"]),
    )


def _row(uow: Uow, body: MeasurementBody) -> Fields:
    is_metered = body.type == "metered" or (body.type is None and body.event_name is not None)
    aggregation = body.aggregation_type.upper()
    usual = "quantity" if is_metered and aggregation != "COUNT" else None
    return {
        "description": body.description,
        "unit_ident": ident_of(uow, UNIT, body.unit),
        "kind": "METERED" if is_metered else "RECURRING",
        "aggregation": aggregation,
        "fair_billing": body.fair_billing,
        "event_name": body.event_name,
        "property": body.property or usual,
        "filters": [
            {"property": one.property, "values": list(one.values), "excluded": one.operator == "is_not"} for one in body.filters
        ],
        "groups": list(body.group_by),
    }
