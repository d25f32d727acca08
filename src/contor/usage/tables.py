"""Usages as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import Tallied, tenant_table

usage = tenant_table(
    "usage",
    Column("usage_id", BigInteger, primary_key=True),
    Column("usage_ident", Text, nullable=False),
    Column("contract_id", BigInteger, nullable=False),
    Column("option_ident", Text, nullable=False),
    Column("quantity", Numeric(19, 4), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("used_on", Date, nullable=False),
    Column("description", Text),
    Column("tax_location", JSONB),
    Column("performance_location", JSONB),
    Column("properties", JSONB),
    Column("status", Text, nullable=False, server_default="OPEN"),
    Column("item_id", BigInteger),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    Column("deleted_by", Text),
    Column("counted_for", Date),
    Index(
        "usage_counted_ix",
        "tenant_id",
        "contract_id",
        "option_ident",
        "counted_for",
        postgresql_where=text("counted_for IS NOT NULL"),
    ),
    Index("usage_ident_key", "tenant_id", "usage_ident", unique=True),
    Index("usage_open_ix", "tenant_id", "contract_id", "option_ident", "used_on", postgresql_where=text("status = 'OPEN'")),
    # lists: docs/decisions/0023
    Index("usage_contract_ix", "tenant_id", "contract_id", "usage_id"),
    Index("usage_status_ix", "tenant_id", "status", "usage_id"),
    Index("usage_started_ix", "tenant_id", "started_at", "usage_id"),
    Index("usage_item_ix", "tenant_id", "item_id", postgresql_where=text("item_id IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "contract_id"], ["contract.tenant_id", "contract.contract_id"]),
    update=("status", "item_id", "deleted_at", "deleted_by"),
    delete=False,
    tallied=Tallied("usage_id", without="deleted_at"),
)
"""`used_on`: the local day of the start, which decides the billing period. What is deleted stays as DELETED, with the instant and who
did it: no list and no bill shows it, and its ident is not free again. `counted_for`: first day of the period whose events it sums up."""
