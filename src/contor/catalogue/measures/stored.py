"""Units and measurements as they are kept. What a measurement counts stays as it is as soon as something is priced by it: periods that are
counted again would come to something else."""

from contor.catalogue.measures import tables
from contor.catalogue.measures.queries import known_units
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.runtime.query.numbered import is_named
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

COUNTED = ("kind", "aggregation", "event_name", "property", "filters", "groups")
"""What decides what is counted."""


def _unnamed(uow: Uow, row: Fields) -> None:
    if is_named(uow, ["unit_ident"], row["ident"], ["unit"]):
        raise Refused(Kind.CONFLICT, Problem("unit_in_use", "Something is counted in the unit."))


UNITS = Resource(
    "unit",
    tables.unit,
    permission="catalogue",
    writable=("name", "quantity_type", "words"),
    filterable=("ident", "id", "name", "created_at"),
    sort="id",
    before_delete=_unnamed,
)


def _findings(uow: Uow, row: Fields) -> list[Problem]:
    problems = []
    if row["unit_ident"] is not None and not known_units(uow, [row["unit_ident"]]):
        problems.append(Problem("unit_unknown", "does not exist", "unit_ident", row["unit_ident"]))
    is_metered, wants = row["kind"] == "METERED", row["aggregation"] != "COUNT"
    if not is_metered:
        said = [name for name in ("event_name", "property", "filters", "groups") if row[name]]
        message = "is for what is metered by events"
        return problems + [Problem("measurement_not_metered", message, name, row[name]) for name in said]
    if wants and row["property"] is None:
        message = f"is whose value counts in the aggregation {row['aggregation']}"
        problems.append(Problem("measurement_property_missing", message, "property"))
    if not wants and row["property"] is not None:
        message = "has no effect: COUNT counts events, whatever their values"
        problems.append(Problem("measurement_property_not_expected", message, "property", row["property"]))
    groups = list(row["groups"])
    problems += [
        Problem("measurement_group_repeated", "is named twice", f"groups[{index}]", name)
        for index, name in enumerate(groups)
        if name in groups[:index]
    ]
    return problems


def _new(uow: Uow, row: Fields) -> None:
    if problems := _findings(uow, row):
        raise Refused(Kind.INVALID, *problems)


def _changed(uow: Uow, row: Fields) -> None:
    before = MEASUREMENTS.require(uow, (row["code"],))
    problems = _findings(uow, row)
    changed = [name for name in COUNTED if _plain(row[name]) != _plain(before[name])]
    if changed and _is_used(uow, row["code"]):
        message = "Something is priced by the measurement: what it counts stays as it is."
        problems += [Problem("measurement_in_use", message, name, row[name]) for name in changed]
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _unused(uow: Uow, row: Fields) -> None:
    if _is_used(uow, row["code"]):
        raise Refused(Kind.CONFLICT, Problem("measurement_in_use", "Something is priced by the measurement."))


MEASUREMENTS = Resource(
    "measurement",
    tables.measurement,
    permission="catalogue",
    keys=("code",),
    writable=(
        "code",
        "description",
        "unit_ident",
        "kind",
        "aggregation",
        "fair_billing",
        "event_name",
        "property",
        "filters",
        "groups",
    ),
    filterable=("code", "id", "kind", "event_name", "created_at"),
    sort="id",
    refers=(Reference("unitIdent", "unit_unknown", known_units),),
    before_create=_new,
    before_update=_changed,
    before_delete=_unused,
)


# helpers in calling order


def _is_used(uow: Uow, code: str) -> bool:
    """A product, or a version of an option, names it."""
    if is_named(uow, ["measurement_code"], code, ["measurement"]):
        return True
    sql = "SELECT EXISTS (SELECT FROM plan_option_version WHERE content ->> 'measurement' = %s)"
    return bool(uow.scalar(bool, sql, (code,)))


def _plain(value: object) -> object:
    """As it is read again: JSON knows no tuples."""
    return list(value) if isinstance(value, tuple) else value
