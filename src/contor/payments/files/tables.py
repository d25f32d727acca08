"""Files that went to banks, and what these said to them, as rows."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text

from contor.runtime.schema import NONE, Tallied, tenant_table

payment_file = tenant_table(
    "payment_file",
    Column("ident", Text, primary_key=True),
    Column("merchant_account_ident", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("transactions", Integer, nullable=False),
    Column("total", Numeric(19, 4), nullable=False),
    Column("verification", Text, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("reason", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Index("payment_file_created_ix", "tenant_id", "created_at", "ident"),
    ForeignKeyConstraint(
        ["tenant_id", "merchant_account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]
    ),
    update=("status", "rejected", "reason", "sent_at"),
    delete=False,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""`ident`: the MsgId. `sha256` names the bytes, which never change. `rejected`: how many of its transactions the bank refused."""

payment_status_report = tenant_table(
    "payment_status_report",
    Column("merchant_account_ident", Text, primary_key=True),
    Column("ident", Text, primary_key=True),
    Column("file_ident", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("status", Text),
    Column("rejected", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "file_ident"], ["payment_file.tenant_id", "payment_file.ident"]),
    update=NONE,
    delete=False,
)
"""`ident`: the bank's own MsgId: read twice it says nothing more. `rejected`: how many transactions it refused."""
