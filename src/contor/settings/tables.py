"""Master data of a tenant as rows. Each column says what the border accepts."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import Ident, Name255, Text32, Text255, written
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import counter_table, tenant_table
from contor.settings.countries import Country
from contor.settings.identifiers import RegisteredId, VatId
from contor.settings.types import (
    AggregationStrategy,
    ContactPerson,
    DateDetermination,
    DocumentTypeName,
    EndpointAddress,
    LateUsageBehaviour,
    LocaleConfiguration,
    MinimumAmount,
    NumberOverride,
    PostalAddress,
    RoundingOverride,
    SiteBankAccount,
    SplittingConfig,
    TimeZone,
)

Method = Literal["REMAINDER", "FINAL", "REVERSAL"]

tenant_setting = tenant_table(
    "tenant_setting",
    Column("ledger_currency", Text, nullable=False, server_default="EUR"),
    Column("chart", Text, nullable=False, server_default="SKR03"),
    Column("number_strategy", Text, nullable=False, server_default="SERVICE_COUNTRY"),
    Column("closed_through", Date),
    Column("active_billing_run", Boolean, nullable=False, server_default=text("true")),
    Column("billing_bounds", JSONB, nullable=False, server_default=text("'{}'")),
    Column("document_date_zone", Text, nullable=False, server_default="UTC"),
    Column("backdating_limit_months", Integer, nullable=False, server_default="24"),
    Column("settings_valid_from", JSONB, nullable=False, server_default=text("'{}'")),
    Column("exchange_rate_rule", Text, nullable=False, server_default="MONTHLY_AVERAGE"),
    Column("deferred_income", Text, nullable=False, server_default="NONE"),
    Column("revaluation", Text, nullable=False, server_default="NONE"),
    Column("trial_notice_days", Integer, nullable=False, server_default="3"),
    Column("polish_credit_memo", Boolean, nullable=False, server_default=text("false")),
    Column("draft_approval", Text, nullable=False, server_default="NONE"),
    Column("custom_picture", Text, nullable=False, server_default="NONE"),
    Column("custom_picture_minutes", Integer, nullable=False, server_default="60"),
    Column("custom_picture_fallback", Boolean, nullable=False, server_default=text("true")),
    Column("expense_posting", Text, nullable=False, server_default="NONE"),
    Column("customer_hierarchy", Boolean, nullable=False, server_default=text("false")),
    delete=False,
)
"""One row. `number_strategy` EXTERNAL: callers give the numbers; else the most specific strategy decides. `settings_valid_from`: by
setting, the instant of its last change. The zone is the directory's."""

exchange_rate = tenant_table(
    "exchange_rate",
    Column("kind", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("rate", Numeric(15, 5), nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Index("exchange_rate_day_ix", "tenant_id", "day", "currency", "kind"),
    Index("exchange_rate_currency_ix", "tenant_id", "currency"),
    update=("rate", "source", "imported_at"),
    delete=False,
)
"""Units of a currency for one euro: DAILY of a day, MONTHLY_AVERAGE of the month that begins on the day."""

operating_site = tenant_table(
    "operating_site",
    field("ident", Ident, primary_key=True),
    field("name", Name255),
    field("company_name", Name255),
    field("address", PostalAddress),
    field("vat_id", VatId | None),
    field("tax_number", Text32 | None),
    field("register_number", Text32 | None),
    field("register_court", Text255 | None),
    field("managing_directors", Annotated[tuple[Text255, ...], Field(max_length=20)], default=()),
    field("contact", ContactPerson, default=ContactPerson()),
    field("bank_accounts", Annotated[tuple[SiteBankAccount, ...], Field(max_length=10)], default=()),
    field("electronic_address", EndpointAddress | None),
    field("small_business", bool, default=False),
    field("taxation_mode", Literal["ACCRUAL", "CASH"], default="ACCRUAL"),
    field("default", bool, default=False),
    Column("legal_entity", Text, nullable=False, server_default=""),
    Index("operating_site_default_key", "tenant_id", unique=True, postgresql_where=text('"default"')),
    *timestamps(),
)
"""`legal_entity`: sites with the same one are one company and share its numbers (`numbers.legal_entities`); the first company has ''."""

tax_registration = tenant_table(
    "tax_registration",
    field("operating_site_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("country", Country),
    field("region", Text255 | None),
    field("vat_id", RegisteredId | None),
    field("tax_number", Text32 | None),
    field("scheme", Literal["DEFAULT", "OSS", "IOSS"], default="DEFAULT"),
    Column("valid_from", Date, info={"default": None}),
    ForeignKeyConstraint(
        ["tenant_id", "operating_site_ident"], ["operating_site.tenant_id", "operating_site.ident"], ondelete="CASCADE"
    ),
    *timestamps(),
)

billing_group = tenant_table(
    "billing_group",
    field("billing_group_ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("billing", Literal["NBX_BILLING", "EXTERNAL_BILLING"], default="NBX_BILLING"),
    field("locale_configuration", Annotated[tuple[LocaleConfiguration, ...], Field(min_length=1, max_length=100)]),
    field("contract_document_date_determination", DateDetermination, default="DOCUMENT_CREATION"),
    field("currency_rounding_overrides", Annotated[tuple[RoundingOverride, ...], Field(max_length=50)], default=()),
    field("deposit_invoice_creation", Literal["NONE", "AT_ORDER_CREATION"], default="NONE"),
    field("deposit_receivable_relevant", bool, default=False),
    field("document_correction_mode", Literal["ITEM_BASED", "DOCUMENT_BASED"], default="ITEM_BASED"),
    field("document_number_configuration", Annotated[tuple[NumberOverride, ...], Field(max_length=10)], default=()),
    field("option_price_determination", Literal["TAX_LOCATION", "PERFORMANCE_LOCATION"], default="TAX_LOCATION"),
    field("final_invoice_method", Method, default="REMAINDER"),
    field("late_usage_behaviour", LateUsageBehaviour, default="CARRY_OVER"),
    field("late_usage_limit_months", Annotated[int, Field(ge=1, le=120)], default=24),
    field("issue_zero", bool, default=False),
    Column("carry_credits", Boolean, nullable=False, server_default=text("false"), info={"shape": bool, "default": False}),
    field("time_zone", TimeZone | None),
    field("minimum_amounts", Annotated[tuple[MinimumAmount, ...], Field(max_length=50)], default=()),
    field("splitting_config", SplittingConfig, default=SplittingConfig()),
    *timestamps(),
)
"""`issue_zero` (ours): what is priced at nothing is shown on a document of 0.00; else it is billed without one. `time_zone` (ours): decides
which day it is for what the group bills; without it the tenant's does. `carry_credits` (ours): what a change of a contract gives back
beyond what it costs waits for the next bill; else it is a credit memo."""

business_segment = tenant_table(
    "business_segment",
    field("segment_ident", Ident, primary_key=True),
    field("billing_group_ident", Ident),
    field("name", Name255),
    field("description", Text255 | None),
    field("default", bool, default=False),
    ForeignKeyConstraint(
        ["tenant_id", "billing_group_ident"], ["billing_group.tenant_id", "billing_group.billing_group_ident"], ondelete="CASCADE"
    ),
    Index("business_segment_group_ix", "tenant_id", "billing_group_ident"),
    Index("business_segment_default_key", "tenant_id", unique=True, postgresql_where=text('"default"')),
    *timestamps(),
)

number_counter = tenant_table(
    "number_counter",
    field(
        "ident",
        Annotated[str, written(r"^[a-zA-Z0-9_.-]{1,100}$", "1 to 100 letters of a to z, digits, and . _ -")],
        primary_key=True,
    ),
    field("mask", Annotated[str, Field(max_length=175)], default=""),
    field("prefix", Annotated[str, Field(max_length=60)], default=""),
    field("suffix", Annotated[str, Field(max_length=60)], default=""),
    field("lower_limit", Annotated[int, Field(ge=0, lt=10**17)], default=1),
    field("upper_limit", Annotated[int, Field(gt=0, lt=10**17)] | None),
    field("reset", Literal["NEW_YEAR"] | None),
    Column("former", JSONB, nullable=False, server_default="[]"),
    *timestamps(),
)
"""`former`: prefix, mask and suffix under which numbers were drawn before they were changed; no other counter may use them."""

number_series = counter_table(
    "number_series",
    Column("counter_ident", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("first_value", BigInteger, nullable=False),
    Column("next_value", BigInteger, nullable=False),
    ForeignKeyConstraint(["tenant_id", "counter_ident"], ["number_counter.tenant_id", "number_counter.ident"]),
    counts="next_value",
)
"""Where a counter stands, per year of the document date (0: it never starts again). Its row is the gapless lock. Of the first company;
others have their own rows in `legal_entity_series`."""

legal_entity_series = counter_table(
    "legal_entity_series",
    Column("legal_entity", Text, primary_key=True),
    Column("counter_ident", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("first_value", BigInteger, nullable=False),
    Column("next_value", BigInteger, nullable=False),
    ForeignKeyConstraint(["tenant_id", "counter_ident"], ["number_counter.tenant_id", "number_counter.ident"]),
    counts="next_value",
)
"""The same for the tenant's further companies: each counts by itself (section 14 (4) no. 4 UStG: a number is the issuer's)."""

number_strategy = tenant_table(
    "number_strategy",
    field("kind", Literal["DEFAULT", "DOCUMENT_TYPE", "BILLING_GROUP", "SERVICE_COUNTRY"], primary_key=True),
    field("ident", Ident, primary_key=True),
    field("counter_ident", Ident),
    field("key", Text255 | None),
    field("document_type", DocumentTypeName | None),
    field("prefix", Annotated[str, Field(max_length=60)] | None),
    field("suffix", Annotated[str, Field(max_length=60)] | None),
    Column("billing_group_ident", Text, Computed("CASE WHEN kind = 'BILLING_GROUP' THEN key END", persisted=True)),
    # NULL is one of the values: else two strategies for every document type could stand beside each other
    Index(
        "number_strategy_subject_key", "tenant_id", "kind", "key", "document_type", unique=True, postgresql_nulls_not_distinct=True
    ),
    ForeignKeyConstraint(["tenant_id", "counter_ident"], ["number_counter.tenant_id", "number_counter.ident"]),
    ForeignKeyConstraint(["tenant_id", "billing_group_ident"], ["billing_group.tenant_id", "billing_group.billing_group_ident"]),
    *timestamps(),
)
"""`key`: the billing group, document type or country that documents must have; one strategy for each. A billing group that is
named here is in use. `prefix`, `suffix`: with which its numbers are written, instead of those of the counter."""

aggregation_configuration = tenant_table(
    "aggregation_configuration",
    field("aggregation_configuration_ident", Ident, primary_key=True),
    field("invoice_type", DocumentTypeName),
    field("operating_site_ident", Ident | None),
    field("aggregation_strategies", Annotated[tuple[AggregationStrategy, ...], Field(min_length=1, max_length=20)]),
    Index(
        "aggregation_configuration_subject_key",
        "tenant_id",
        "invoice_type",
        "operating_site_ident",
        unique=True,
        postgresql_nulls_not_distinct=True,  # NULL, every site, is one of the values
    ),
    ForeignKeyConstraint(["tenant_id", "operating_site_ident"], ["operating_site.tenant_id", "operating_site.ident"]),
    *timestamps(),
)

document_output_configuration = tenant_table(
    "document_output_configuration",
    field("pdf", bool, default=True),
    field("cii", bool, default=True),
    field("ubl", bool, default=True),
    field("attach_order_files", bool, default=False),
    field("attach_contract_files", bool, default=False),
    field("embed_attachments", bool, default=True, server_default=text("true")),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    delete=False,
)
"""One row: which files an issued document gets."""

translation = tenant_table(
    "translation",
    Column("locale", Text, primary_key=True),
    Column("texts", JSONB, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
"""The tenant's own words for texts of documents in one locale, by the texts' keys. A row for each locale, so that a look at whether
anything changed stays short."""
