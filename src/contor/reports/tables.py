"""Reports as rows. The file itself is kept by its content."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import Tallied, tenant_table

report = tenant_table(
    "report",
    Column("report_ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("period_closed", Boolean, nullable=False),
    Column("rows", BigInteger),
    Column("size", BigInteger),
    Column("sha256", Text),
    Column("sums", JSONB),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    Index("report_id_key", "tenant_id", "id", unique=True),
    Index("report_created_ix", "tenant_id", "created_at", "id"),
    Index("report_period_ix", "tenant_id", "period", "created_at", "id"),
    Index("report_type_ix", "tenant_id", "type", "created_at", "id"),
    Index("report_waiting_ix", "tenant_id", "id", postgresql_where=text("status = 'WAITING'")),
    update=("status", "reason", "period_closed", "rows", "size", "sha256", "sums", "completed_at"),
    tallied=Tallied("created_at"),
)
"""`period_closed`: its month was closed when it was built, nothing can be posted into it any more. `sums`: what its
columns of amounts come to, by their names: `contor check` compares them with the books."""
