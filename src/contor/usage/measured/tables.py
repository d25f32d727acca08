"""Events that are measured, what was counted of them, and files of them that are taken, as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import NONE, tenant_table

usage_event = tenant_table(
    "usage_event",
    Column("transaction_id", Text, primary_key=True),
    Column("customer_ident", Text, nullable=False),
    Column("contract_id", BigInteger),
    Column("event_name", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("properties", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("usage_event_counted_ix", "tenant_id", "customer_ident", "event_name", "occurred_at"),
    update=("customer_ident",),
    delete=False,
)
"""What happened, as it was told; nothing of it changes. The key alone tells what was told before, so it may be partitioned by the hash of
its columns; a tenant's rows of a customer and a name are read by time. Without a foreign key: customers are looked up once for all events
of a request. `contract_id`: the one contract that counts it; else the first one of the customer that counts such events."""

usage_count = tenant_table(
    "usage_count",
    Column("contract_id", BigInteger, primary_key=True),
    Column("option_ident", Text, primary_key=True),
    Column("period_start", Date, primary_key=True),
    Column("period_end", Date, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("event_name", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("counted_at", DateTime(timezone=True), nullable=False),
    Index("usage_count_late_ix", "tenant_id", "customer_ident", "event_name", "until"),
    ForeignKeyConstraint(["tenant_id", "contract_id"], ["contract.tenant_id", "contract.contract_id"]),
    update=("period_end", "until", "events", "counted_at"),
    delete=False,
)
"""That the events of a period were counted, and how many there were: what comes later for it is late. [since, until)."""

usage_import = tenant_table(
    "usage_import",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="WAITING"),
    Column("lines", Integer, nullable=False),
    Column("bytes_done", BigInteger, nullable=False, server_default=text("0")),
    Column("lines_done", Integer, nullable=False, server_default=text("0")),
    Column("created", Integer, nullable=False, server_default=text("0")),
    Column("known", Integer, nullable=False, server_default=text("0")),
    Column("refused", Integer, nullable=False, server_default=text("0")),
    Column("named_by", Text, nullable=False),
    Index("usage_import_id_key", "tenant_id", "id", unique=True),
    Index("usage_import_status_ix", "tenant_id", "status", "id"),
    *timestamps(),
    Index("usage_import_created_ix", "tenant_id", "created_at", "ident"),
    update=("status", "bytes_done", "lines_done", "created", "known", "refused", "last_modified_at"),
    delete=False,
)
"""A file of events, and how far it is taken. WAITING, RUNNING, DONE. `named_by`: who reads the names of customers in it."""

usage_import_finding = tenant_table(
    "usage_import_finding",
    Column("finding_id", BigInteger, primary_key=True),
    Column("import_id", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("field", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Index("usage_import_finding_ix", "tenant_id", "import_id", "finding_id"),
    ForeignKeyConstraint(["tenant_id", "import_id"], ["usage_import.tenant_id", "usage_import.id"]),
    update=NONE,
    delete=False,
)
"""What is wrong with a line, which is left out."""
