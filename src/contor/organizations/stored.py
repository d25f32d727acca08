"""The rows of the directory, as its operations read them. No row holds a password or the hash of a secret but where it is compared."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import NamedTuple

from contor.kernel.context import Environment
from contor.runtime.rows import columns

Json = Mapping[str, object]


class OrganizationRow(NamedTuple):
    id: uuid.UUID
    parent_id: uuid.UUID | None
    managed_by_organization_id: uuid.UUID | None
    name: str
    display_name: str | None
    vat_id: str | None
    contact_person_id: uuid.UUID | None
    address_line1: str
    address_line2: str | None
    zip: str
    town: str
    state: str | None
    country_code: str
    tax_number: str | None
    economy_id: str | None
    email: str | None
    billing_options: Json | None
    billing_address_id: uuid.UUID | None
    metadata: Json | None
    managed_configuration: Json | None
    created_by_user: uuid.UUID | None
    created_at: dt.datetime


class MemberRow(NamedTuple):
    """A person in an organization; until it is accepted the names are those of the invitation, then the person's own."""

    id: uuid.UUID
    email: str
    first_name: str | None
    last_name: str | None
    role: str
    scopes: list[str] | None
    accepted_at: dt.datetime | None
    locked_at: dt.datetime | None
    created_at: dt.datetime


class ApiKeyRow(NamedTuple):
    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    key: str
    name: str
    status: str
    metadata: Json
    scopes: list[str] | None
    """None: everything."""
    managed_by_organization_id: uuid.UUID | None
    created_by_user: uuid.UUID | None
    created_at: dt.datetime


class BillingAddressRow(NamedTuple):
    id: uuid.UUID
    organization_id: uuid.UUID
    recipient: str
    recipient_additions: str | None
    address_line1: str
    address_line2: str | None
    zip: str
    town: str
    state: str | None
    country_code: str
    vat_id: str | None
    billing_contact_id: uuid.UUID | None
    metadata: Json | None
    created_at: dt.datetime


ORGANIZATION = f"SELECT {columns(OrganizationRow)} FROM directory.organization WHERE "
MEMBERS = (
    "(SELECT u.id, u.email, CASE WHEN m.accepted_at IS NULL THEN m.first_name ELSE u.first_name END AS first_name,"
    " CASE WHEN m.accepted_at IS NULL THEN m.last_name ELSE u.last_name END AS last_name, m.role, m.scopes, m.accepted_at,"
    " m.locked_at, m.created_at, m.organization_id FROM directory.user_account u JOIN directory.membership m ON m.user_id = u.id)"
)
"""The relation of `MemberRow`, with `organization_id`."""
API_KEY = f"SELECT {columns(ApiKeyRow)} FROM directory.api_key WHERE "
BILLING_ADDRESS = f"SELECT {columns(BillingAddressRow)} FROM directory.billing_address WHERE "
"""Rows of each kind; a condition follows."""
