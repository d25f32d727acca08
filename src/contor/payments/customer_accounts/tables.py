"""Customers' payment accounts and the mandates that belong to them, as rows."""

from sqlalchemy import Boolean, Column, Date, ForeignKeyConstraint, Index, Integer, Text, exists, select, text, union_all
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import Tallied, tenant_table

customer_payment_account = tenant_table(
    "customer_payment_account",
    Column("ident", Text, primary_key=True),
    Column("debtor_ident", Text, nullable=False),
    Column("merchant_payment_gateway_ident", Text, nullable=False),
    Column("account_holder_name", Text),
    Column("display_name", Text),
    Column("account_creation_date", Date),
    Column("payment_method", Text),
    Column("payment_card_type", Text),
    Column("payment_provider_reference", Text),
    Column("payment_method_reference", Text),
    Column("iban", Text),
    Column("iban_key", Text),
    Column("iban_shown", Text),
    Column("bic", Text),
    Column("holder_address", JSONB),
    Column("health_status", Text, nullable=False),
    Column("health_reason", Text),
    Column("health_code", Text),
    *timestamps(),
    ForeignKeyConstraint(["tenant_id", "debtor_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(
        ["tenant_id", "merchant_payment_gateway_ident"], ["merchant_payment_gateway.tenant_id", "merchant_payment_gateway.ident"]
    ),
    Index("customer_payment_account_debtor_ix", "tenant_id", "debtor_ident", "ident"),
    Index("customer_payment_account_gateway_ix", "tenant_id", "merchant_payment_gateway_ident", "ident"),
    Index("customer_payment_account_iban_ix", "tenant_id", "iban_key", postgresql_where=text("iban_key IS NOT NULL")),
    Index(
        "customer_payment_account_token_ix",
        "tenant_id",
        "payment_method_reference",
        postgresql_where=text("payment_method_reference IS NOT NULL"),
    ),
    Index("customer_payment_account_health_ix", "tenant_id", "health_status", "ident"),
    delete=False,
    tallied=Tallied(),
)
"""`iban` is sealed, `iban_key` finds it again, `iban_shown` shows it masked (`contor.payments.ibans`).
`health_code`: with which code a bank or provider made it UNHEALTHY; none where a person did."""

sepa_mandate = tenant_table(
    "sepa_mandate",
    Column("key", Text, primary_key=True),
    Column("account_ident", Text, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("reference", Text, nullable=False),
    Column("creditor_identifier", Text, nullable=False),
    Column("creditor_name", Text),
    Column("signed_on", Date, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("pre_notification_days", Integer),
    Column("status", Text, nullable=False),
    Column("status_reason", Text),
    Column("last_presented_on", Date),
    Column("amendment", JSONB),
    Column("amendment_pending", Boolean, nullable=False),
    *timestamps(),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["customer_payment_account.tenant_id", "customer_payment_account.ident"]),
    Index("sepa_mandate_account_key", "tenant_id", "account_ident", unique=True, postgresql_where=text("is_current")),
    Index("sepa_mandate_reference_ix", "tenant_id", "reference"),
    delete=False,
)
"""`key`: creditor identifier without business code, a blank, the reference: unique for ever, as former ones stay. `is_current`: the one of
its account by which is collected. `amendment`: what the bank knows it by, of what changed since it was presented last; an IBAN in it is
sealed and shown masked."""

_TOKEN = select(customer_payment_account.c.ident, customer_payment_account.c.payment_method_reference.label("reference"))
_BY_TOKEN = customer_payment_account.c.payment_method_reference.is_not(None)
account_references = union_all(
    _TOKEN.where(_BY_TOKEN),
    select(sepa_mandate.c.account_ident, sepa_mandate.c.reference).where(
        sepa_mandate.c.is_current, ~exists().where(customer_payment_account.c.ident == sepa_mandate.c.account_ident, _BY_TOKEN)
    ),
).subquery("account_reference")
"""By account, what the provider calls it, or its current mandate: two, so that an index finds each."""
