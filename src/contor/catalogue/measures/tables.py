"""Units and measurements as rows."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index

from contor.catalogue.measures.types import Aggregation, EventFilter, MeasurementKind, UnitWords
from contor.documents.types import QuantityType
from contor.kernel.shapes import Ident, Name255, Text255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table

unit = tenant_table(
    "unit",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("quantity_type", QuantityType, default="PC"),
    field("words", Annotated[tuple[UnitWords, ...], Field(max_length=50)], default=()),
    Index("unit_id_key", "tenant_id", "id", unique=True),
    Index("unit_name_ix", "tenant_id", "name", "ident"),
    *timestamps(),
    Index("unit_created_ix", "tenant_id", "created_at", "ident"),
)
"""`quantity_type`: as documents and e-invoices say it."""

measurement = tenant_table(
    "measurement",
    field("code", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("description", Text255 | None),
    field("unit_ident", Ident | None),
    field("kind", MeasurementKind, default="RECURRING"),
    field("aggregation", Aggregation, default="SUM"),
    field("fair_billing", bool, default=True),
    field("event_name", Name255 | None),
    field("property", Name255 | None),
    field("filters", Annotated[tuple[EventFilter, ...], Field(max_length=20)], default=()),
    field("groups", Annotated[tuple[Name255, ...], Field(max_length=5)], default=()),
    Index("measurement_id_key", "tenant_id", "id", unique=True),
    Index("measurement_event_ix", "tenant_id", "event_name"),
    Index("measurement_unit_ix", "tenant_id", "unit_ident"),
    ForeignKeyConstraint(["tenant_id", "unit_ident"], ["unit.tenant_id", "unit.ident"]),
    *timestamps(),
    Index("measurement_created_ix", "tenant_id", "created_at", "code"),
)
"""`event_name`: of the events that count; where it is not said, the code."""
