"""Things that were taken over, as rows."""

from sqlalchemy import Column, DateTime, Index, Text

from contor.runtime.schema import NONE, tenant_table

taken_over = tenant_table(
    "taken_over",
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Index("taken_over_target_ix", "tenant_id", "kind", "target"),
    update=NONE,
    delete=False,
)
"""`source`: the account of the other system. `number`: the thing's there, `target`: its number here. A row stays also where the thing went
since: it is not taken again."""
