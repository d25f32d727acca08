"""Read units and measurements as values."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from contor.catalogue.measures import tables
from contor.catalogue.measures.types import Aggregation, EventFilter, Measurement, MeasurementKind
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

UNITS_NUMBERED: Final = Numbered("unit", tables.unit)
MEASUREMENTS_NUMBERED: Final = Numbered("measurement", tables.measurement, "code")


class _Row(NamedTuple):
    code: str
    kind: MeasurementKind
    aggregation: Aggregation
    fair_billing: bool
    unit_ident: str | None
    event_name: str | None
    property: str | None
    filters: Sequence[Mapping[str, object]]
    groups: Sequence[str]


_SELECT = f"SELECT {columns(_Row)} FROM measurement WHERE"


def measurements_by_code(uow: Uow, codes: Collection[str]) -> dict[str, Measurement]:
    """The measurements that exist."""
    if not codes:
        return {}
    return {row.code: _measurement(row) for row in uow.all(_Row, f"{_SELECT} code = ANY (%s)", (sorted(set(codes)),))}


def measurements_of_events(uow: Uow, names: Collection[str]) -> list[Measurement]:
    """Those that count events of these names."""
    sql = f"{_SELECT} coalesce(event_name, code) = ANY (%s) AND kind = 'METERED' ORDER BY code"
    return [_measurement(row) for row in uow.all(_Row, sql, (sorted(set(names)),))]


def known_measurements(uow: Uow, codes: Collection[str]) -> frozenset[str]:
    """Those of the codes that are measurements."""
    return frozenset(uow.column(str, "SELECT code FROM measurement WHERE code = ANY (%s)", (sorted(set(codes)),)))


def known_units(uow: Uow, idents: Collection[str]) -> frozenset[str]:
    """Those of the idents that are units."""
    return frozenset(uow.column(str, "SELECT ident FROM unit WHERE ident = ANY (%s)", (sorted(set(idents)),)))


def _measurement(row: _Row) -> Measurement:
    filters = tuple(EventFilter(**{**said, "values": tuple(said["values"])}) for said in row.filters)  # type: ignore[arg-type]  # as it was stored
    return Measurement(
        **{**row._asdict(), "event_name": row.event_name or row.code, "filters": filters, "groups": tuple(row.groups)}
    )
