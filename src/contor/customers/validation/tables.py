"""How addresses are checked, what was found, and lists of places, as rows."""

import datetime as dt
from typing import Literal

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.customers.validation.types import ValidationMode, ValidationProvider, ValidationStatus
from contor.kernel.shapes import Ident, Name255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import NONE, tenant_table
from contor.settings.countries import PostalCountry

address_validation_configuration = tenant_table(
    "address_validation_configuration",
    field("config_ident", Ident, primary_key=True),
    field("country", PostalCountry | None),
    field("provider", ValidationProvider, default="SYNTAX"),
    field("mode", ValidationMode, default="REPORT"),
    field("active", bool, default=True, server_default=text("true")),
    *timestamps(),
)
"""`country`: of none, for all that have no configuration of their own."""

address_validation = tenant_table(
    "address_validation",
    Column("customer_ident", Text, primary_key=True, info={"shape": Ident}),
    Column("address_ident", Text, primary_key=True, info={"shape": Ident}),
    field("country", PostalCountry),
    field("status", ValidationStatus),
    field("provider", ValidationProvider),
    Column("findings", JSONB, nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False, info={"shape": dt.datetime}),
    ForeignKeyConstraint(
        ["tenant_id", "customer_ident", "address_ident"],
        ["address.tenant_id", "address.customer_ident", "address.address_ident"],
        ondelete="CASCADE",
    ),
    Index("address_validation_status_ix", "tenant_id", "status", "customer_ident", "address_ident"),
)
"""What the last check of an address found."""

postal_directory = tenant_table(
    "postal_directory",
    field("country", PostalCountry, primary_key=True),
    field("file_name", Name255),
    Column("places", Integer, nullable=False, info={"shape": int}),
    Column("imported_at", DateTime(timezone=True), nullable=False, info={"shape": dt.datetime}),
)
"""A list of a country's places, as the tenant brought it."""

postal_place = tenant_table(
    "postal_place",
    Column("country", Text, primary_key=True),
    Column("zip", Text, primary_key=True),
    Column("city", Text, primary_key=True),
    ForeignKeyConstraint(["tenant_id", "country"], ["postal_directory.tenant_id", "postal_directory.country"], ondelete="CASCADE"),
    update=NONE,
)
"""Postal codes and names, folded as they are compared."""

address_validation_run = tenant_table(
    "address_validation_run",
    Column("ident", Text, primary_key=True, info={"shape": Ident}),
    Column("id", BigInteger, nullable=False),
    field("status", Literal["QUEUED", "RUNNING", "DONE"]),
    Column("total", Integer, nullable=False, info={"shape": int}),
    Column("checked", Integer, nullable=False, info={"shape": int}),
    Column("invalid", Integer, nullable=False, info={"shape": int}),
    Column("customer_ident", Text),
    Column("address_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, info={"shape": dt.datetime}),
    Column("finished_at", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    Index("address_validation_run_id_key", "tenant_id", "id", unique=True),
    Index("address_validation_run_open_ix", "tenant_id", "id", postgresql_where=text("status <> 'DONE'")),
)
"""A check of all addresses. `customer_ident`, `address_ident`: the last address that was checked."""
