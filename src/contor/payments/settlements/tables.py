"""What payment providers report, as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import SETTLED, tenant_table

AMOUNT = Numeric(19, 4)
_ACCOUNT = ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]

settlement_mapping = tenant_table(
    "settlement_mapping",
    Column("account_ident", Text, primary_key=True),
    Column("mapping", JSONB, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "account_ident"], _ACCOUNT),
)
"""How tables of an account's provider are read, where that is none of the known ones."""

settlement_upload = tenant_table(
    "settlement_upload",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("account_ident", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("format", Text),
    Column("findings", JSONB, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Column("blob", Text),
    ForeignKeyConstraint(["tenant_id", "account_ident"], _ACCOUNT),
    Index("settlement_upload_sha256_key", "tenant_id", "account_ident", "sha256", unique=True),
    Index("settlement_upload_created_ix", "tenant_id", "account_ident", "created_at", "ident"),
    Index(
        "settlement_upload_due_ix",
        "tenant_id",
        "due_at",
        "ident",
        postgresql_where=text("state = 'RECEIVED' AND due_at IS NOT NULL"),
    ),
    update=("state", "format", "findings", "due_at", "read_at"),
    delete=False,
)
"""Files as they came, also those that were kept aside; the content is kept unchanged under `blob`, sealed. `due_at`: when it is read by its
account's schedule."""

settlement_report = tenant_table(
    "settlement_report",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("account_ident", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("external_ident", Text, nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("opening_balance", AMOUNT, nullable=False),
    Column("closing_balance", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("item_count", Integer, nullable=False, server_default=text("0")),
    Column("net", AMOUNT, nullable=False, server_default=text("0")),
    Column("upload_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "account_ident"], _ACCOUNT),
    ForeignKeyConstraint(["tenant_id", "upload_ident"], ["settlement_upload.tenant_id", "settlement_upload.ident"]),
    Index("settlement_report_external_key", "tenant_id", "provider", "external_ident", unique=True),
    Index("settlement_report_created_ix", "tenant_id", "created_at", "ident"),
    Index("settlement_report_account_ix", "tenant_id", "account_ident", "created_at", "ident"),
    Index("settlement_report_period_ix", "tenant_id", "account_ident", "period_start", "period_end", "id"),
    Index("settlement_report_upload_ix", "tenant_id", "upload_ident", postgresql_where=text("upload_ident IS NOT NULL")),
    update=("item_count", "net"),
    delete=False,
)
"""`net`: what its items come to so far."""

settlement_item = tenant_table(
    "settlement_item",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("account_ident", Text, nullable=False),
    Column("report_ident", Text, nullable=False),
    Column("external_ident", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("gross", AMOUNT, nullable=False),
    Column("fee", AMOUNT, nullable=False),
    Column("net", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("booking_date", Date, nullable=False),
    Column("value_date", Date),
    Column("reference", Text),
    Column("description", Text, nullable=False),
    Column("reason_code", Text),
    Column("state", Text, nullable=False),
    Column("payment_ident", Text),
    Column("bank_payment_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "report_ident"], ["settlement_report.tenant_id", "settlement_report.ident"]),
    Index("settlement_item_external_key", "tenant_id", "account_ident", "external_ident", unique=True),
    Index("settlement_item_created_ix", "tenant_id", "created_at", "ident"),
    Index("settlement_item_account_ix", "tenant_id", "account_ident", "created_at", "ident"),
    Index("settlement_item_report_ix", "tenant_id", "report_ident", "ident"),
    Index(
        "settlement_item_payment_key",
        "tenant_id",
        "payment_ident",
        unique=True,
        postgresql_where=text("payment_ident IS NOT NULL"),
    ),
    Index(
        "settlement_item_bank_key",
        "tenant_id",
        "bank_payment_ident",
        unique=True,
        postgresql_where=text("bank_payment_ident IS NOT NULL"),
    ),
    # what was paid out and is looked for at the bank: few, however many there were
    Index("settlement_item_transit_ix", "tenant_id", "gross", "ident", postgresql_where=text("state = 'IN_TRANSIT'")),
    update=("state", "bank_payment_ident"),
    delete=False,
    storage=SETTLED,
)
"""`payment_ident`: the payment on the provider's account; `bank_payment_ident`: of a payout, that on the bank's."""
