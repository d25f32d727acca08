"""Rated usages and their aggregations as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import Tallied, tenant_table

EXACT = Numeric()
"""As exact as a quantity times a unit price is."""

rated_usage_aggregation = tenant_table(
    "rated_usage_aggregation",
    Column("aggregation_ident", Text, primary_key=True),
    Column("aggregation_id", BigInteger, nullable=False),
    Column("contract_id", BigInteger, nullable=False),
    Column("option_ident", Text, nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("quantity", Numeric(19, 4), nullable=False),
    Column("net_total", EXACT, nullable=False),
    Column("status", Text, nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),
    Column("bills_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("rated_usage_aggregation_key", "tenant_id", "contract_id", "option_ident", "period_start", "sequence", unique=True),
    Index("rated_usage_aggregation_id_ix", "tenant_id", "aggregation_id", "aggregation_ident"),
    Index("rated_usage_aggregation_open_ix", "tenant_id", "closes_at", postgresql_where=text("status = 'OPEN'")),
    ForeignKeyConstraint(["tenant_id", "contract_id"], ["contract.tenant_id", "contract.contract_id"]),
    update=("period_end", "quantity", "net_total", "status", "closes_at", "bills_at", "closed_at"),
    delete=False,
    tallied=Tallied("aggregation_id"),
)
"""What a contract used of an option in one billing period. Sequence 0 is the period's own; further ones correct it."""

rated_usage = tenant_table(
    "rated_usage",
    Column("rated_usage_ident", Text, primary_key=True),
    Column("rated_usage_id", BigInteger, nullable=False),
    Column("contract_id", BigInteger, nullable=False),
    Column("option_ident", Text, nullable=False),
    Column("quantity", Numeric(19, 4), nullable=False),
    Column("unit_price", Numeric(25, 10)),
    Column("net_price", EXACT, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("used_on", Date, nullable=False),
    Column("description", Text),
    Column("tax_location", JSONB),
    Column("performance_location", JSONB),
    Column("status", Text, nullable=False),
    Column("error", Text),
    Column("aggregation_ident", Text),
    Column("item_id", BigInteger),
    Index("rated_usage_of_aggregation_ix", "tenant_id", "aggregation_ident", "rated_usage_ident"),
    Index("rated_usage_item_ix", "tenant_id", "item_id", postgresql_where=text("item_id IS NOT NULL")),
    # lists: docs/decisions/0023
    Index("rated_usage_id_ix", "tenant_id", "rated_usage_id", "rated_usage_ident"),
    Index("rated_usage_by_contract_ix", "tenant_id", "contract_id", "rated_usage_id", "rated_usage_ident"),
    Index("rated_usage_status_ix", "tenant_id", "status", "rated_usage_id", "rated_usage_ident"),
    Index("rated_usage_started_ix", "tenant_id", "started_at", "rated_usage_ident"),
    ForeignKeyConstraint(["tenant_id", "contract_id"], ["contract.tenant_id", "contract.contract_id"]),
    ForeignKeyConstraint(
        ["tenant_id", "aggregation_ident"], ["rated_usage_aggregation.tenant_id", "rated_usage_aggregation.aggregation_ident"]
    ),
    *timestamps(),
    update=("status", "error", "aggregation_ident", "item_id", "last_modified_at"),
    delete=False,
    tallied=Tallied("rated_usage_id"),
)
"""`used_on`: the local day of the start, which decides the billing period. `net_price`: exact, for the whole quantity."""
