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
    billing_options: Json | None
    billing_address_id: uuid.UUID | None
    metadata: Json | None
    managed_configuration: Json | None
    created_by_user: uuid.UUID | None
    created_at: dt.datetime


class UserRow(NamedTuple):
    id: uuid.UUID
    email: str
    first_name: str | None
    last_name: str | None
    created_at: dt.datetime


class ApiKeyRow(NamedTuple):
    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    key: str
    name: str
    status: str
    metadata: Json
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
USER = f"SELECT {columns(UserRow)} FROM directory.user_account WHERE "
API_KEY = f"SELECT {columns(ApiKeyRow)} FROM directory.api_key WHERE "
BILLING_ADDRESS = f"SELECT {columns(BillingAddressRow)} FROM directory.billing_address WHERE "
"""Rows of each kind; a condition follows."""
