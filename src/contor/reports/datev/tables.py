"""The client in DATEV, one row of a tenant."""

from sqlalchemy import Column, DateTime, Integer, Text

from contor.runtime.schema import tenant_table

datev_configuration = tenant_table(
    "datev_configuration",
    Column("consultant_number", Integer, nullable=False),
    Column("client_number", Integer, nullable=False),
    Column("account_length", Integer, nullable=False),
    Column("fiscal_year_start_month", Integer, nullable=False),
    Column("initials", Text),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
