"""Gateways, providers and settlement sources as rows."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import NONE, tenant_table

merchant_payment_gateway = tenant_table(
    "merchant_payment_gateway",
    Column("ident", Text, primary_key=True),
    Column("name", Text, nullable=False),
    *timestamps(),
    delete=False,
)

gateway_account = tenant_table(
    "gateway_account",
    Column("gateway_ident", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("account_ident", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id", "gateway_ident"], ["merchant_payment_gateway.tenant_id", "merchant_payment_gateway.ident"]),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    Index("gateway_account_account_ix", "tenant_id", "account_ident"),
)
"""Which merchant payment account of a gateway takes and pays a currency."""

payment_provider = tenant_table(
    "payment_provider",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("credentials", Text),
    Column("credential_names", JSONB, nullable=False),
    *timestamps(),
)
"""`credentials`: sealed; `credential_names`: which of them were given."""

settlement_source = tenant_table(
    "settlement_source",
    Column("payment_provider_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ident", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("merchant_payment_account_ident", Text),
    Column("host", Text),
    Column("port", Integer, nullable=False),
    Column("directory", Text),
    Column("user_name", Text),
    Column("host_key", Text),
    Column("remove", Boolean, nullable=False, server_default=text("false")),
    Column("credentials", Text),
    Column("credential_names", JSONB, nullable=False),
    Column("asked_at", DateTime(timezone=True)),
    Column("last_read_at", DateTime(timezone=True)),
    Column("problem", Text),
    Column("failing_since", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "payment_provider_id"], ["payment_provider.tenant_id", "payment_provider.id"]),
    ForeignKeyConstraint(
        ["tenant_id", "merchant_payment_account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]
    ),
    *timestamps(),
)
"""`host_key`: the only key that its server is believed; `asked_at`: somebody wants it to be read; `last_read_at`, `problem`: when its files
were fetched last, and why it could not be asked or what lay there and was not taken; `failing_since`: since when something is wrong."""

settlement_source_file = tenant_table(
    "settlement_source_file",
    Column("payment_provider_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source_ident", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("modified", BigInteger, primary_key=True, autoincrement=False),
    Column("read_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "payment_provider_id", "source_ident"],
        ["settlement_source.tenant_id", "settlement_source.payment_provider_id", "settlement_source.ident"],
    ),
    update=NONE,
)
"""The files of a server that were taken from it, as they were then. `modified`: seconds since 1970, by the server."""
