"""Strategies, configuration and assignments as rows."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from contor.kernel.shapes import LEGIBLE, PRINTABLE, Ident, Text255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import ADDED, NONE, Tallied, tenant_table

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
    Column("automatic_by_score", Boolean, nullable=False, server_default=text("false")),
    Column("bank_charges_bound", Numeric(19, 4), nullable=False, server_default=text("0")),
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
    Column("returns_ident", Text, info=ADDED),
    Index(
        "payment_assignment_returns_ix",
        "tenant_id",
        "returns_ident",
        postgresql_where=text("returns_ident IS NOT NULL"),
    ),
    Index("payment_assignment_of_payment_ix", "tenant_id", "payment_ident", "ident"),
    Index("payment_assignment_of_target_ix", "tenant_id", "target_ident", "ident"),
    Index("payment_assignment_created_ix", "tenant_id", "created_at", "ident"),
    ForeignKeyConstraint(["tenant_id", "payment_ident"], ["payment.tenant_id", "payment.ident"]),
    update=("status", "reversed_at"),
    delete=False,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""`amount` is signed: positive came in. `from_unassigned`: the payment had waited on the interim account. `target_type` BANK_FEE: what the
banks took of a return, no document's; PAYMENT: a returned payment and its return meet. `returns_ident`: the assignment that a returned
payment has taken back by this one."""

payment_decision = tenant_table(
    "payment_decision",
    Column("id", BigInteger, primary_key=True),
    Column("payment_ident", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("said", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("payment_decision_of_payment_ix", "tenant_id", "payment_ident", "id"),
    ForeignKeyConstraint(["tenant_id", "payment_ident"], ["payment.tenant_id", "payment.ident"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""Why a payment was assigned, suggested or left: `said` is a `types.Said`, with the assignments that were made by it."""

payment_suggestion = tenant_table(
    "payment_suggestion",
    Column("ident", Text, primary_key=True),
    Column("payment_ident", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("target_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("amount", Numeric(19, 4)),
    Column("cash_discount", Numeric(19, 4)),
    Column("bank_fee", Numeric(19, 4)),
    Column("score", Numeric(4, 3)),
    Column("said", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("assignment_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Index("payment_suggestion_of_payment_ix", "tenant_id", "payment_ident", "rank", "ident"),
    Index("payment_suggestion_open_ix", "tenant_id", "status", "payment_ident", postgresql_where=text("status = 'OPEN'")),
    Index("payment_suggestion_of_document_ix", "tenant_id", "document_id", postgresql_where=text("status = 'OPEN'")),
    ForeignKeyConstraint(["tenant_id", "payment_ident"], ["payment.tenant_id", "payment.ident"]),
    update=("status", "assignment_ident", "decided_at"),
    delete=False,
)
"""Which open item a payment may be for, and how much of it. `amount` NULL: named, but nothing can be put there. `status`: OPEN, ACCEPTED,
REFUSED (not offered again), WITHDRAWN (the open item or the payment has less left than was suggested, or is nobody's)."""

learned_payer = tenant_table(
    "learned_payer",
    Column("assignment_ident", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("customer_ident", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("learned_payer_of_key_ix", "tenant_id", "key", "customer_ident"),
    ForeignKeyConstraint(["tenant_id", "assignment_ident"], ["payment_assignment.tenant_id", "payment_assignment.ident"]),
    update=NONE,
)
"""Whose money comes from an account at a bank, or by a mandate: by keyed hashes alone (`payments.ibans.key_of`), for as long as the
assignment stands by which it was learned."""

payment_category = tenant_table(
    "payment_category",
    field("name", Ident, primary_key=True),
    field("enabled", bool),
    field("type", Literal["BUILT_IN", "CUSTOM"]),
    *timestamps(),
)
"""The tenant's own, and of the built-in ones those that were switched."""

payment_categorization_rule = tenant_table(
    "payment_categorization_rule",
    field("merchant_payment_account_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("priority", Annotated[int, Field(gt=0, lt=2**31)]),
    field("jsonata_expression", Annotated[str, Field(min_length=1, max_length=512, pattern=PRINTABLE), LEGIBLE]),
    field("resulting_payment_category_name", Ident),
    field("description", Text255 | None),
    *timestamps(),
    Index("payment_categorization_rule_category_ix", "tenant_id", "resulting_payment_category_name"),
    ForeignKeyConstraint(
        ["tenant_id", "merchant_payment_account_ident"],
        ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"],
        name="payment_categorization_rule_account_fkey",
    ),
)
open_suggestions = (
    select(payment_suggestion.c.payment_ident, payment_suggestion.c.status)
    .where(payment_suggestion.c.status == "OPEN")
    .subquery("open_suggestion")
)
"""What is suggested of payments, for lists of these."""
