"""Files of banks, the statements that they proved, and the bookings on them, as rows."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSON

from contor.kernel.shapes import Ident, Name255
from contor.payments.statements.read import TableForm
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import ADDED, NONE, Tallied, tenant_table

AMOUNT = Numeric(19, 4)

statement_file = tenant_table(
    "statement_file",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("account_ident", Text),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("way", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("statements", JSON, nullable=False),
    Column("forced", Boolean, nullable=False, server_default=text("false")),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Index("statement_file_received_ix", "tenant_id", "account_ident", "received_at", "ident"),
    Index("statement_file_all_ix", "tenant_id", "received_at", "ident"),
    Index("statement_file_sha256_ix", "tenant_id", "sha256"),
    Index("statement_file_name_ix", "tenant_id", "file_name", "size"),
    Index(
        "statement_file_aside_ix",
        "tenant_id",
        "account_ident",
        "id",
        postgresql_where=text("state IN ('RECEIVED', 'KEPT_ASIDE')"),
    ),
    update=("account_ident", "state", "reasons", "counts", "statements", "forced", "read_at"),
    delete=False,
    row_hash=True,
    tallied=Tallied("received_at", by="account_ident"),
)
"""A file, or what it says of one of several accounts. `sha256`: of the bytes as they came; `blob`: where they are kept, sealed."""

bank_statement = tenant_table(
    "bank_statement",
    Column("account_ident", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("file_ident", Text, nullable=False),
    Column("number", Text),
    Column("currency", Text, nullable=False),
    Column("booking_account", BigInteger),
    Column("from_amount", AMOUNT, nullable=False),
    Column("to_amount", AMOUNT, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("forced", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""What proves a balance. In the order of `position` each begins with what the one before ends with, unless it was `forced`."""

bank_entry = tenant_table(
    "bank_entry",
    Column("ident", Text, primary_key=True),
    Column("account_ident", Text, nullable=False),
    Column("file_ident", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("valued_on", Date, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("family", Text, nullable=False),
    Column("reference", Text),
    Column("end_to_end_ident", Text),
    Column("iban_key", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("statement_position", BigInteger),
    Column("parts", Integer, nullable=False),
    Column("detail", Integer, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("payments", Integer, nullable=False),
    Column("payment_ident", Text, info=ADDED),
    Index("bank_entry_day_ix", "tenant_id", "account_ident", "booked_on", "ordinal", "ident"),
    Index("bank_entry_statement_ix", "tenant_id", "account_ident", "statement_position"),
    Index("bank_entry_listed_ix", "tenant_id", "account_ident", "ident", postgresql_where=text("listed")),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    update=("statement_position", "parts", "detail", "listed", "payments", "reference", "end_to_end_ident", "iban_key"),
    delete=False,
    row_hash=True,
)
"""A booking, once, whatever messages told of it. `statement_position`: the statement that proves it. `ordinal`: among equal ones of a day.
`listed`: the parts that the bank names do not come to it. `payments`: how many were made of it so far. `payment_ident`: the one that was
given beside the statements, and that it is: none was made of it at first."""

statement_mapping = tenant_table(
    "statement_mapping",
    field("account_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("name", Name255 | None),
    field("form", TableForm),
    *timestamps(),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
)
"""How the tables (CSV) of an account's bank are written."""
