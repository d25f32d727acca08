"""Billable items and parked customers as rows."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    FromClause,
    Index,
    Integer,
    Numeric,
    Text,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import NONE, Tallied, tenant_table

AMOUNT = Numeric(19, 4)

billable_item = tenant_table(
    "billable_item",
    Column("item_id", BigInteger, primary_key=True),
    Column("contract_id", BigInteger, nullable=False),
    Column("holder_ident", Text, nullable=False),
    Column("of_order", Boolean, nullable=False, server_default=text("false")),
    Column("customer_ident", Text, nullable=False),
    Column("billing_group_ident", Text, nullable=False),
    Column("origin_type", Text, nullable=False),
    Column("origin_ident", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("business_case", Text, nullable=False),
    Column("processing_status", Text, nullable=False),
    Column("processing_at", DateTime(timezone=True)),
    Column("processed_at", DateTime(timezone=True)),
    Column("processing_error", Text),
    Column("status_reason", Text),
    Column("looked_on", Date),
    Column("related_item_id", BigInteger),
    Column("document_id", BigInteger),
    Column("total", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Index(
        "billable_item_key",
        "tenant_id",
        "contract_id",
        "origin_ident",
        "period_start",
        "kind",
        "sequence",
        "origin_type",
        unique=True,
    ),
    Index(
        "billable_item_open_ix",
        "tenant_id",
        "customer_ident",
        "processing_at",
        postgresql_where=text("processing_status IN ('NOT_STARTED', 'PENDING_RETRY')"),
    ),
    Index(
        "billable_item_rate_ix",
        "tenant_id",
        postgresql_where=text("processing_status = 'ERROR' AND status_reason = 'EXCHANGE_RATE_MISSING'"),
    ),
    Index(
        "billable_item_awaiting_ix",
        "tenant_id",
        "customer_ident",
        postgresql_where=text("processing_status = 'ERROR' AND status_reason IN ('VAT_PROOF_AWAITED', 'TAX_AWAITED')"),
    ),
    Index("billable_item_document_ix", "tenant_id", "document_id"),
    # lists: docs/decisions/0023
    Index("billable_item_customer_ix", "tenant_id", "customer_ident", "item_id"),
    Index("billable_item_holder_ix", "tenant_id", "holder_ident", "item_id"),
    Index("billable_item_status_ix", "tenant_id", "processing_status", "item_id"),
    Index("billable_item_processing_ix", "tenant_id", "processing_at", "item_id"),
    Index("billable_item_related_ix", "tenant_id", "related_item_id", postgresql_where=text("related_item_id IS NOT NULL")),
    update=(
        "processing_status",
        "processed_at",
        "processing_error",
        "status_reason",
        "document_id",
        "period_end",
        "total",
        "content",
        "processing_at",
        "type",
        "looked_on",
    ),
    delete=False,
    tallied=Tallied("item_id"),
)
"""Once per contract or order (`contract_id`), option or allowance, period, kind and sequence: the key says that nothing is billed
twice. `processing_at` NULL: on hold, `status_reason` says why. `looked_on`: the day on which a run found its document too small."""

billing_parking = tenant_table(
    "billing_parking",
    Column("customer_ident", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    update=NONE,
)
"""Customers whom a run leaves out until they are released: their billing failed for a reason that no item explains."""

billing_acceptance = tenant_table(
    "billing_acceptance",
    Column("customer_ident", Text, primary_key=True),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    update=NONE,
)
"""Customers who were released: the tenant's bounds do not park them for their next bill, which uses this up."""

commission_base = tenant_table(
    "commission_base",
    Column("contract_id", BigInteger, primary_key=True),
    Column("option_ident", Text, primary_key=True),
    Column("source_item_id", BigInteger, primary_key=True),
    Column("item_id", BigInteger, nullable=False),
    Column("net", AMOUNT, nullable=False),
    Index("commission_base_item_ix", "tenant_id", "item_id"),
    update=NONE,
    delete=False,
)
"""What a partner's item is a percentage of. Its key says that no item is counted twice for an option of the partner's contract."""

billing_run = tenant_table(
    "billing_run",
    Column("run_ident", Text, primary_key=True),
    Column("run_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("cutoff", DateTime(timezone=True), nullable=False),
    Column("debtor_idents", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("approved_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("differences", JSONB),
    Column("compared_with", Text),
    Index(
        "billing_run_open_key", "tenant_id", unique=True, postgresql_where=text("status IN ('CREATED', 'PREVIEWED', 'APPROVED')")
    ),
    update=("status", "approved_at", "completed_at", "differences", "compared_with"),
    delete=False,
)
"""A run that someone holds: previewed, approved, done. One is open at a time: two previews would promise the same items."""

billing_run_customer = tenant_table(
    "billing_run_customer",
    Column("run_ident", Text, primary_key=True),
    Column("customer_ident", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("fingerprint", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("preview", JSONB, nullable=False),
    Column("billed", JSONB),
    Column("lines", JSONB, nullable=False),
    Index(
        "billing_run_customer_open_ix", "tenant_id", "run_ident", "customer_ident", postgresql_where=text("status = 'PREVIEWED'")
    ),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["billing_run.tenant_id", "billing_run.run_ident"]),
    update=("status", "reason", "items", "documents", "preview", "billed", "lines"),
    delete=False,
    tallied=Tallied(by="run_ident"),
)
"""What each customer is billed by a run: as previewed, and as it came. `lines`: by option, to be compared with the next run."""

failed_item: FromClause = (
    select(
        billable_item.c.contract_id,
        literal_column(
            "CASE WHEN billable_item.status_reason IN ('EXCHANGE_RATE_MISSING', 'VAT_PROOF_AWAITED', 'TAX_AWAITED')"
            " THEN billable_item.status_reason ELSE 'ERROR' END",
            Text,
        ).label("code"),
    )
    .where(
        text("billable_item.processing_status IN ('ERROR', 'CONFIG_ERROR', 'RECALCULATION_ERROR')"),
        text("billable_item.kind = 'LINE_ITEM'"),
    )
    .subquery("failed_item")
)
"""No table: order or contract, and the code of the reason, of each line item that could not be billed."""
