"""Files that went to banks, and what these said to them, as rows."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text

from contor.kernel.shapes import Ident
from contor.payments.servers import Host, HostKey, OneLine, ServerSecret
from contor.runtime.query.fields import field, timestamps
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
    Column("given_up", Integer, nullable=False, server_default=text("0")),
    Column("reason", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("try_at", DateTime(timezone=True)),
    Column("expected_by", Date),
    Column("blob", Text, info={"added": True}),
    Index("payment_file_created_ix", "tenant_id", "created_at", "ident"),
    Index(
        "payment_file_unsent_ix",
        "tenant_id",
        "created_at",
        "ident",
        postgresql_where=text("status IN ('CREATED', 'SUBMITTING', 'UPLOADED')"),
    ),
    Index("payment_file_expected_ix", "tenant_id", "expected_by", "ident", postgresql_where=text("expected_by IS NOT NULL")),
    ForeignKeyConstraint(
        ["tenant_id", "merchant_account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]
    ),
    update=("status", "rejected", "given_up", "reason", "sent_at", "tries", "try_at", "expected_by"),
    delete=False,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""`ident`: the MsgId. `sha256`: of the bytes, which never change; `blob`: where they are, sealed.
`rejected`: how many of its transactions the bank refused; `given_up`: of how many a person said, before it was given to the bank, that
nothing comes of them.
`tries`, `try_at`: how often it could not be put to the bank's server, and when it is tried again.
`expected_by`: the day by which the bank has to have it, so that it can do what the file says; none once it has."""

payment_file_target = tenant_table(
    "payment_file_target",
    field("account_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("active", bool, default=True),
    field("host", Host),
    field("port", Annotated[int, Field(ge=1, le=65535)], default=22),
    field("user_name", OneLine),
    field("host_key", HostKey),
    field("password", ServerSecret),
    field("folder", OneLine, default="."),
    *timestamps(),
    Index("payment_file_target_account_key", "tenant_id", "account_ident", unique=True),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
)
"""A server of a bank (SFTP) that files are put to. `host_key`: pinned. `password`, sealed: or a private key in the form of OpenSSH."""

payment_status_report = tenant_table(
    "payment_status_report",
    Column("merchant_account_ident", Text, primary_key=True),
    Column("ident", Text, primary_key=True),
    Column("file_ident", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("status", Text),
    Column("rejected", Integer, nullable=False),
    Column("held", Integer, nullable=False, server_default=text("0")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("blob", Text),
    ForeignKeyConstraint(["tenant_id", "file_ident"], ["payment_file.tenant_id", "payment_file.ident"]),
    update=NONE,
    delete=False,
)
"""`ident`: the bank's own MsgId: read twice it says nothing more. `rejected`, `held`: how many transactions it refused,
and how many it holds because of their payees' names."""
