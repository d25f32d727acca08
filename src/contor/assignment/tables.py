"""Strategies, configuration and assignments as rows."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import LEGIBLE, PRINTABLE, Ident
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import NONE, Tallied, tenant_table

regex_matching_strategy = tenant_table(
    "regex_matching_strategy",
    field("ident", Ident, primary_key=True),
    field("regular_expression", Annotated[str, Field(min_length=1, max_length=255, pattern=PRINTABLE), LEGIBLE]),
    field("target_type", Literal["DOCUMENT", "ORDER"]),
    field("replace_with", Annotated[str, Field(max_length=255, pattern=PRINTABLE), LEGIBLE] | None),
    field("fail_on_multiple_matches", bool, default=False),
    *timestamps(),
)

assignment_configuration = tenant_table(
    "assignment_configuration",
    Column("account_ident", Text, primary_key=True),
    Column("overpayment_assignment_to_documents", Boolean, nullable=False),
    Column("overpayment_assignment_to_orders", Boolean, nullable=False),
    Column("underpayment_assignment_to_documents", Boolean, nullable=False),
    Column("underpayment_assignment_to_orders", Boolean, nullable=False),
    Column("regex_matching_strategies", JSONB, nullable=False),  # not JSON: it is searched by `?`
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    update=NONE,
)

payment_assignment = tenant_table(
    "payment_assignment",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("payment_ident", Text, nullable=False),
    Column("target_type", Text, nullable=False),
    Column("target_ident", Text, nullable=False),
    Column("amount", Numeric(19, 4), nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("from_unassigned", Boolean, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("reversed_at", DateTime(timezone=True)),
    Index("payment_assignment_of_payment_ix", "tenant_id", "payment_ident", "ident"),
    Index("payment_assignment_of_target_ix", "tenant_id", "target_ident", "ident"),
    Index("payment_assignment_created_ix", "tenant_id", "created_at", "ident"),
    ForeignKeyConstraint(["tenant_id", "payment_ident"], ["payment.tenant_id", "payment.ident"]),
    update=("status", "reversed_at"),
    delete=False,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""`amount` is signed: positive came in. `from_unassigned`: the payment had waited on the interim account."""
