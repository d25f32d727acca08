"""What the simulated provider has done, as rows: it is asked for it like any other, also after a restart."""

from sqlalchemy import Column, DateTime, Numeric, Text

from contor.runtime.schema import tenant_table

simulated_transfer = tenant_table(
    "simulated_transfer",
    Column("key", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("amount", Numeric(19, 4), nullable=False),
    Column("currency", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Text),
    Column("known_at", DateTime(timezone=True), nullable=False),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    update=("cancelled_at",),
    delete=False,
)
"""`known_at`: from when on it says its outcome."""

simulated_setup = tenant_table(
    "simulated_setup",
    Column("key", Text, primary_key=True),
    Column("token", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    update=("outcome",),
    delete=False,
)
"""What customers were asked to agree to at the simulated provider."""
