"""The directory: what must be read before a tenant is known. Every query is filtered by the caller's own tree."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import directory_table

INSTANT = DateTime(timezone=True)

organization = directory_table(
    "organization",
    Column("id", Uuid, primary_key=True),
    Column("parent_id", Uuid, ForeignKey("directory.organization.id")),
    Column("managed_by_organization_id", Uuid, ForeignKey("directory.organization.id")),
    Column("name", Text, nullable=False),
    Column("display_name", Text),
    Column("vat_id", Text),
    Column("contact_person_id", Uuid),
    Column("address_line1", Text, nullable=False),
    Column("address_line2", Text),
    Column("zip", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("state", Text),
    Column("country_code", Text, nullable=False),
    Column("tax_number", Text),
    Column("economy_id", Text),
    Column("email", Text),
    Column("billing_options", JSONB),
    Column("billing_address_id", Uuid),
    Column("metadata", JSONB),
    Column("managed_configuration", JSONB),
    Column("created_by_user", Uuid),
    Column("created_at", INSTANT, nullable=False),
    Column("deleted_at", INSTANT),
    Index("organization_parent_id_ix", "parent_id"),
    delete=False,
)
"""`parent_id`: who created it; a tree is an organization and all below it. A deleted one keeps its row: its books must stay."""

user_account = directory_table(
    "user_account",
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("password_hash", Text),
    Column("created_at", INSTANT, nullable=False),
    Index("user_account_email_key", text("lower(email)"), unique=True),
    delete=False,
)

membership = directory_table(
    "membership",
    Column("organization_id", Uuid, ForeignKey("directory.organization.id"), primary_key=True),
    Column("user_id", Uuid, ForeignKey("directory.user_account.id"), primary_key=True),
    Column("created_at", INSTANT, nullable=False),
    Column("role", Text, nullable=False, server_default="ADMINISTRATOR"),
    Column("scopes", JSONB),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("accepted_at", INSTANT),
    Column("locked_at", INSTANT),
    Index("membership_user_id_ix", "user_id"),
    update=("role", "scopes", "first_name", "last_name", "accepted_at", "locked_at"),
)
"""An invitation, and from `accepted_at` on a membership; while `locked_at` is set it opens nothing. The names are what the inviting
organization calls the person."""

password_link = directory_table(
    "password_link",
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Uuid, ForeignKey("directory.user_account.id"), nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("used_at", INSTANT),
    Column("organization_id", Uuid),
    update=("used_at",),
    delete=False,
)
"""One-time links by which a user sets the password or (`organization_id`) accepts an invitation; only the token's hash is kept."""

api_key = directory_table(
    "api_key",
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("directory.organization.id"), nullable=False),
    Column("environment", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("secret_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("metadata", JSONB, nullable=False),
    Column("scopes", JSONB),
    Column("managed_by_organization_id", Uuid, ForeignKey("directory.organization.id")),
    Column("created_by_user", Uuid),
    Column("created_at", INSTANT, nullable=False),
    Index("api_key_organization_id_ix", "organization_id"),
    update=("status", "metadata"),
)

refresh_family = directory_table(
    "refresh_family",
    Column("id", Uuid, primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("revoked_at", INSTANT),
    Index("refresh_family_expires_at_ix", "expires_at"),
    update=("turn", "expires_at", "revoked_at"),
)
"""Refresh tokens that come of one login, from the first use of one on. `turn`: the only one that is still good."""

billing_address = directory_table(
    "billing_address",
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("directory.organization.id"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_additions", Text),
    Column("address_line1", Text, nullable=False),
    Column("address_line2", Text),
    Column("zip", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("state", Text),
    Column("country_code", Text, nullable=False),
    Column("vat_id", Text),
    Column("billing_contact_id", Uuid),
    Column("metadata", JSONB),
    Column("created_at", INSTANT, nullable=False),
    Index("billing_address_organization_id_ix", "organization_id"),
)
