"""Accounts at banks and providers, and the transactions on them, as rows."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSON

from contor.kernel.shapes import Currency, Ident, Name255, Text100
from contor.payments.sepa import SepaSettings
from contor.payments.types import CollectionConfig
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import ADDED, NONE, SETTLED, Tallied, tenant_table
from contor.settings.countries import Country
from contor.settings.identifiers import Bic, Iban

AMOUNT = Numeric(19, 4)

merchant_payment_account = tenant_table(
    "merchant_payment_account",
    field("ident", Ident, primary_key=True),
    field("name", Name255),
    field("active", bool),
    field("country", Country),
    field("currency", Currency),
    field("additionally_accepted_currencies", Annotated[tuple[Currency, ...], Field(max_length=50)], default=()),
    field("payment_service_provider_id", Annotated[int, Field(ge=0, lt=2**62)]),
    field("payment_collection_config", CollectionConfig, default=CollectionConfig()),
    field("settlement_creation_disabled", bool, default=False),
    field("settlements_processing_schedule", Text100 | None),
    field("booking_account", Annotated[int, Field(gt=0, le=999_999_999)] | None),
    field("iban", Iban | None),
    field("bic", Bic | None),
    field("other_idents", Annotated[tuple[Name255, ...], Field(max_length=20)], default=()),
    field("sepa", SepaSettings | None),
    *timestamps(),
)
"""`booking_account`: the account of the chart that the money stands on; default: the chart's bank account. `iban`: the company's own, which
every invoice prints; `other_idents`: what else its bank calls the account."""

payment = tenant_table(
    "payment",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("account_ident", Text, nullable=False),
    Column("external_ident", Text, nullable=False),
    Column("credit_debit_indicator", Text, nullable=False),
    Column("base_amount", AMOUNT, nullable=False),
    Column("base_currency", Text, nullable=False),
    Column("original_amount", AMOUNT, nullable=False),
    Column("original_currency", Text, nullable=False),
    Column("exchange_rate", Numeric(15, 5), nullable=False),
    Column("booking_date", Date, nullable=False),
    Column("value_date", Date),
    Column("creation_date", DateTime(timezone=True), nullable=False),
    Column("description", Text, nullable=False),
    Column("customer_specific_ident", Text),
    Column("content", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("assigned", AMOUNT, nullable=False, server_default=text("0")),
    Column("reason", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("counterpart_name", Text, info=ADDED),
    Column("counterpart_iban", Text, info=ADDED),
    Column("counterpart_iban_key", Text, info=ADDED),
    Column("counterpart_account", Text, info=ADDED),
    Column("counterpart_bic", Text, info=ADDED),
    Column("end_to_end_ident", Text, info=ADDED),
    Column("mandate_reference", Text, info=ADDED),
    Column("provider_reference", Text, info=ADDED),
    Column("return_reason", Text, info=ADDED),
    Column("parent_ident", Text, info=ADDED),
    Column("ledger_amount", AMOUNT, info=ADDED),
    Column("category", Text),
    Column("changed", JSON),
    Column("bank_entry_ident", Text, info=ADDED),
    Column("replaced_at", DateTime(timezone=True)),
    Index("payment_external_ident_key", "tenant_id", "account_ident", "external_ident", unique=True),
    # lists of all accounts together
    Index("payment_of_all_created_ix", "tenant_id", "created_at", "ident"),
    Index("payment_of_all_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("payment_of_all_booking_date_ix", "tenant_id", "booking_date", "ident"),
    # lists, which are of one account: docs/decisions/0023
    Index("payment_created_ix", "tenant_id", "account_ident", "created_at", "ident"),
    Index("payment_status_ix", "tenant_id", "account_ident", "status", "created_at", "ident"),
    Index("payment_booking_date_ix", "tenant_id", "account_ident", "booking_date", "ident"),
    Index(
        "payment_customer_ix",
        "tenant_id",
        "account_ident",
        "customer_specific_ident",
        "created_at",
        "ident",
        postgresql_where=text("customer_specific_ident IS NOT NULL"),
    ),
    Index(
        "payment_end_to_end_ix",
        "tenant_id",
        "end_to_end_ident",
        "ident",
        postgresql_where=text("end_to_end_ident IS NOT NULL"),
    ),
    Index(
        "payment_provider_reference_ix",
        "tenant_id",
        "provider_reference",
        "ident",
        postgresql_where=text("provider_reference IS NOT NULL"),
    ),
    Index(
        "payment_mandate_ix",
        "tenant_id",
        "mandate_reference",
        "original_amount",
        "ident",
        postgresql_where=text("mandate_reference IS NOT NULL"),
    ),
    Index(
        "payment_waiting_ix",
        "tenant_id",
        "ident",
        postgresql_where=text("credit_debit_indicator = 'CREDIT' AND status IN ('OPEN', 'PARTIALLY_ASSIGNED')"),
    ),
    Index(
        "payment_waiting_return_ix",
        "tenant_id",
        "ident",
        postgresql_where=text("return_reason IS NOT NULL AND status = 'OPEN'"),
    ),
    Index("payment_parent_ix", "tenant_id", "parent_ident", "ident", postgresql_where=text("parent_ident IS NOT NULL")),
    Index(
        "payment_bank_entry_ix",
        "tenant_id",
        "bank_entry_ident",
        "ident",
        postgresql_where=text("bank_entry_ident IS NOT NULL"),
    ),
    Index(
        "payment_given_ix",
        "tenant_id",
        "account_ident",
        "booking_date",
        "ident",
        postgresql_where=text("bank_entry_ident IS NULL"),
    ),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    update=("status", "assigned", "reason", "category", "changed", "replaced_at"),
    delete=False,
    storage=SETTLED,
    row_hash=True,
    tallied=Tallied("created_at", by="account_ident"),
)
"""`assigned` is in the original currency. `content`: fees, batch items, properties, what a return says. `counterpart_iban` is sealed,
`counterpart_iban_key` finds it again, `counterpart_account` shows it masked (`ibans`). `parent_ident`: the collective booking of which this
is a part. `changed`: what was said later, by a person in the place of parts of `content`, by the bank where nothing was. `ledger_amount`:
where the account is not kept in the ledger's currency. `bank_entry_ident`: the booking of a statement that it comes from. `replaced_at`: a
later message knew more of the booking, and others stand in its place."""

payment_name = tenant_table(
    "payment_name",
    Column("payment_ident", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("amount", AMOUNT, primary_key=True),
    Column("text", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("payment_name_name_ix", "tenant_id", "kind", "name", "payment_ident"),
    ForeignKeyConstraint(["tenant_id", "payment_ident"], ["payment.tenant_id", "payment.ident"]),
    update=NONE,
    delete=False,
)
"""What a later message of the bank called a payment that was assigned by then, or a part of it. `kind`: the column of `payment` in which
such a name stands from the first. `amount`: of that part, positive, in the account's currency; `text`: what it says."""
