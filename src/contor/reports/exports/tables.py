"""Exports as rows. The files themselves are kept by their content."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import NONE, tenant_table

export = tenant_table(
    "export",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("options", JSONB, nullable=False),
    Column("snapshot", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("reasons", JSONB, nullable=False),
    Column("done", BigInteger, nullable=False, server_default=text("0")),
    Column("total", BigInteger),
    Column("rows", BigInteger),
    Column("sha256", Text),
    Column("left_out", JSONB, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("repeated_at", DateTime(timezone=True)),
    Index("export_id_key", "tenant_id", "id", unique=True),
    Index("export_created_ix", "tenant_id", "created_at", "id"),
    Index("export_kind_ix", "tenant_id", "kind", "created_at", "id"),
    Index("export_open_ix", "tenant_id", "id", postgresql_where=text("status IN ('QUEUED', 'RUNNING')")),
    update=(
        "status",
        "attempts",
        "reasons",
        "done",
        "total",
        "rows",
        "sha256",
        "left_out",
        "started_at",
        "completed_at",
        "repeated_at",
    ),
)
"""`snapshot`: up to which journal number of each fiscal year it goes, and what its kind froze when it was asked for: with them the same
export can be made again. `sha256`: of its list of files, a line `<sha256>  <name>` each. `repeated_at`: when it was last made again to see
whether it comes out the same."""

export_file = tenant_table(
    "export_file",
    Column("export_ident", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    ForeignKeyConstraint(["tenant_id", "export_ident"], ["export.tenant_id", "export.ident"], ondelete="CASCADE"),
    update=NONE,
)
