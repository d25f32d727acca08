"""Customers and their addresses as rows."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, text

from contor.customers.types import (
    AddressUse,
    BillingStop,
    ContactProfile,
    CustomerDunning,
    CustomerProfile,
    CustomerStatus,
    CustomerType,
    Delivery,
    Email,
    PaymentAccount,
    PaymentTerms,
    Property,
    TaxClassification,
    TaxExemption,
)
from contor.kernel.shapes import Currency, Ident, Language, Name255, Text, Text32, Text100, Text255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import Tallied, counter_table, tenant_table
from contor.settings.countries import PostalCountry, StateCode
from contor.settings.identifiers import VatId
from contor.settings.types import EndpointAddress

customer_group = tenant_table(
    "customer_group",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("description", Text | None),
    Index("customer_group_id_key", "tenant_id", "id", unique=True),
    Index("customer_group_name_ix", "tenant_id", "name"),
    *timestamps(),
)
"""What customers are sorted by."""

customer = tenant_table(
    "customer",
    field("customer_ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("customer_type", CustomerType, default="B2B"),
    field("company", Text255 | None),
    field("external_id", Text255 | None),
    field("academic_title", Text255 | None),
    field("first_name", Text255 | None),
    field("last_name", Text255 | None),
    field("birth_date", dt.date | None),
    field("email", Email | None),
    field("phone", Text100 | None),
    field("language", Language | None),
    field("currency", Currency | None),
    field("vat_id", VatId | None),
    field("tax_number", Text32 | None),
    field("buyer_reference", Text255 | None),
    field("e_invoice_format", Literal["XRECHNUNG", "PEPPOL", "EN16931"] | None),
    field("electronic_address", EndpointAddress | None),
    field("bank_accounts", Annotated[tuple[PaymentAccount, ...], Field(max_length=10)], default=()),
    field("tax_classifications", Annotated[tuple[TaxClassification, ...], Field(max_length=50)], default=()),
    field("tax_exemptions", Annotated[tuple[TaxExemption, ...], Field(max_length=50)], default=()),
    field("self_billing_agreement_on", dt.date | None),
    field("small_business", bool, default=False, server_default=text("false")),
    field("billing_stop", bool | BillingStop | None),
    field("properties", Annotated[tuple[Property, ...], Field(max_length=100)], default=()),
    field("profile", CustomerProfile | None),
    field("payment_terms", PaymentTerms | None),
    field("invoice_delivery", Delivery | None),
    field("dunning", CustomerDunning | None),
    field("partner", Text255 | None),
    field("group_ident", Ident | None),
    field("status", CustomerStatus, default="ACTIVE", server_default="ACTIVE"),
    field("parent_ident", Ident | None),
    field("merged_into", Ident | None),
    Column("deleted_at", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    Column("debtor_account", BigInteger, info={"shape": int | None}),
    Column("creditor_account", BigInteger, info={"shape": int | None}),
    Index("customer_id_key", "tenant_id", "id", unique=True),
    Index("customer_external_id_key", "tenant_id", "external_id", unique=True, postgresql_where=text("external_id IS NOT NULL")),
    Index("customer_of_email_ix", "tenant_id", text("lower(email)"), "customer_ident"),
    Index("customer_debtor_account_ix", "tenant_id", "debtor_account"),
    Index("customer_email_ix", "tenant_id", text("lower(email)")),
    Index("customer_company_ix", "tenant_id", "company", "customer_ident"),
    Index("customer_last_name_ix", "tenant_id", "last_name", "customer_ident"),
    Index("customer_first_name_ix", "tenant_id", "first_name", "customer_ident"),
    Index("customer_vat_id_ix", "tenant_id", "vat_id", "customer_ident"),
    Index("customer_status_ix", "tenant_id", "status", "customer_ident"),
    Index("customer_parent_ix", "tenant_id", "parent_ident", "customer_ident", postgresql_where=text("parent_ident IS NOT NULL")),
    Index("customer_group_ix", "tenant_id", "group_ident", "customer_ident", postgresql_where=text("group_ident IS NOT NULL")),
    Index("customer_merged_ix", "tenant_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index("customer_partner_ix", "tenant_id", "partner", "customer_ident", postgresql_where=text("partner IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "parent_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(["tenant_id", "group_ident"], ["customer_group.tenant_id", "customer_group.ident"]),
    Index(
        "customer_billing_stop_ix",
        "tenant_id",
        "customer_ident",
        postgresql_where=text("billing_stop IS NOT NULL AND billing_stop <> 'false'::jsonb"),
    ),
    *timestamps(),
    Index("customer_created_ix", "tenant_id", "created_at", "customer_ident"),
    tallied=Tallied(),
)
"""`billing_stop` (ours): true, or until when and why. `external_id`: what another system calls the customer. `deleted_at`: the customer is
kept for his documents, and nothing new is done for him. `partner`: who brought him. `parent_ident`: to whom he belongs, at most three
levels in all. `merged_into`: the customer who took his place; he himself is archived."""

address = tenant_table(
    "address",
    field("customer_ident", Ident, primary_key=True),
    field("address_ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("address_type", Literal["INVOICE", "SHIPPING"]),
    field("academic_title", Text255 | None),
    field("gender", Literal["MALE", "FEMALE", "OTHER", "NOTSET"] | None),
    field("first_name", Text255 | None),
    field("last_name", Text255 | None),
    field("company", Text255 | None),
    field("department", Text255 | None),
    field("agency_profession_title", Text255 | None),
    field("address_addition", Text255 | None),
    field("street", Text255 | None),
    field("street_no", Text255 | None),
    field("post_office_box", Text255 | None),
    field("zip", Text255 | None),
    field("city", Text255 | None),
    field("state", Text255 | None),
    field("state_code", StateCode | None),
    field("country", PostalCountry),
    field("vat_id", VatId | None),
    field("tax_number", Text32 | None),
    field("contact", ContactProfile | None),
    field("address_use", AddressUse, default="GENERAL", server_default="GENERAL"),
    field("is_default", bool, default=False, server_default=text("false")),
    Column("deleted_at", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    Index("address_id_key", "tenant_id", "id", unique=True),
    Index("address_city_ix", "tenant_id", text("lower(city)")),
    Index("address_default_key", "tenant_id", "customer_ident", "address_use", unique=True, postgresql_where=text("is_default")),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    *timestamps(),
)

"""`is_default`: of its use the one that documents and letters have where nothing else is named; that of invoices goes before the general
one. Where none is, the oldest invoice address."""

customer_email = tenant_table(
    "customer_email",
    field("customer_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("email", Email),
    field("receiver_name", Text255 | None),
    field("is_default", bool, default=False, server_default=text("false")),
    field("for_invoices", bool, default=False, server_default=text("false")),
    field("for_dunning", bool, default=False, server_default=text("false")),
    Index("customer_email_id_key", "tenant_id", "id", unique=True),
    Index("customer_email_address_key", "tenant_id", "customer_ident", text("lower(email)"), unique=True),
    Index("customer_email_default_key", "tenant_id", "customer_ident", unique=True, postgresql_where=text("is_default")),
    Index("customer_email_address_ix", "tenant_id", text("lower(email)"), "customer_ident"),
    Index("customer_email_found_ix", "tenant_id", "email", "customer_ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    *timestamps(),
)
"""Where a customer gets mail. The default one is the customer's own `email`. `for_invoices`: invoices and what takes them back go there;
`for_dunning`: reminders. Where none is meant, the default one gets it."""

personal_account_counter = counter_table(
    "personal_account_counter",
    field("kind", Literal["DEBTOR", "CREDITOR"], primary_key=True),
    Column("next_number", BigInteger, nullable=False),
    counts="next_number",
)
"""The next personal account in the books."""
