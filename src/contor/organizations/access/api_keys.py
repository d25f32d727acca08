"""API keys: bound to one environment, the secret shown once and kept as its hash."""

import dataclasses
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from contor.kernel.context import EVERYTHING
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.organizations.environments import tenant_of
from contor.organizations.listing import Listable, listed
from contor.organizations.organizations import organization_exists
from contor.organizations.rights import FYNN_SCOPES, exceeds, permissions_of, scopes_of
from contor.organizations.stored import API_KEY, ApiKeyRow
from contor.organizations.tree import acting_user, forget_standing, identifier, organization_in_tree, realms
from contor.organizations.types import ApiKeyBody, ApiKeyPatch, Listing
from contor.runtime.db import ENCODER
from contor.runtime.query import Page
from contor.runtime.secrets import hash_of, new_name, new_secret
from contor.runtime.uow import Uow

ORDERS = {"created_at": "x.created_at", "name": "x.name", "status": "x.status"}


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """A key with the realm of its environment; `secret` only in the answer to its creation."""

    row: ApiKeyRow
    realm: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class ListApiKeys:
    organization_id: str
    query: Listing


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    organization_id: str
    body: ApiKeyBody


@dataclass(frozen=True, slots=True)
class OneApiKey:
    organization_id: str
    key_id: str


@dataclass(frozen=True, slots=True)
class UpdateApiKey:
    organization_id: str
    key_id: str
    body: ApiKeyPatch


@operation("api_key.list", permission="organizations.read", reads=True, directory=True)
def list_api_keys(uow: Uow, command: ListApiKeys) -> Page:
    """The keys of an organization, without their secrets."""
    organization = organization_in_tree(uow, command.organization_id)
    keys = Listable("directory.api_key", "x.organization_id = %(organization)s", {"organization": organization.id}, ORDERS)
    rows, page = listed(uow, command.query, ApiKeyRow, keys)
    of = realms(uow, [organization.id])[organization.id]
    return dataclasses.replace(page, items=tuple(ApiKeyView(row, of[row.environment]) for row in rows))


@operation("api_key.create", permission="organizations.write", directory=True)
def create_api_key(uow: Uow, command: CreateApiKey) -> ApiKeyView:
    """A key of the environment that is named, else of that of the caller's token. It may do what its scopes say, else all that its maker
    may; nobody makes a key that may do more, and for LIVE a person does, or a key of LIVE. Its secret is in this answer and nowhere
    else."""
    organization = organization_in_tree(uow, command.organization_id)
    manager = command.body.managed_by_organization_id
    if manager is not None and not organization_exists(uow, manager):
        raise Refused(Kind.NOT_FOUND, Problem("organization_not_found", "Organization not found."))
    environment = command.body.env or uow.ctx.caller.environment or "TEST"
    if tenant_of(uow, organization.id, environment) is None:
        raise Refused(
            Kind.ILLEGAL_STATE, Problem("environment_not_enabled", f"{environment} is not enabled for the organization.", "env")
        )
    _reaches(uow, environment)
    held = uow.ctx.caller.permissions
    scopes: Sequence[str] | None = command.body.scopes
    if scopes is None and EVERYTHING not in held:
        scopes = (*scopes_of(held), *sorted(held & FYNN_SCOPES.keys()))
    if scopes is not None and exceeds(permissions_of(scopes), held):
        message = "A key may do no more than who makes it."
        raise Refused(Kind.FORBIDDEN, Problem("rights_exceed_own", message, "scopes"))
    return insert_key(uow, organization.id, environment, command.body, scopes)


def insert_key(
    uow: Uow, organization_id: uuid.UUID, environment: str, body: ApiKeyBody, scopes: Sequence[str] | None = None
) -> ApiKeyView:
    """Write the key and hand out its secret. Without scopes it may do everything."""
    number, secret = uow.new_uuid(), new_secret()
    uow.run(
        "INSERT INTO directory.api_key (id, organization_id, environment, key, secret_hash, name, status, metadata,"
        " scopes, managed_by_organization_id, created_by_user, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            number,
            organization_id,
            environment,
            f"{environment.lower()}_{new_name()}_{body.name}",
            hash_of(secret),
            body.name,
            body.status,
            ENCODER.encode(body.metadata).decode(),
            None if scopes is None else ENCODER.encode(sorted(set(scopes))).decode(),
            body.managed_by_organization_id,
            acting_user(uow),
            uow.ctx.now(),
        ),
    )
    uow.audit("api_key", str(number), {"created": body.name, "environment": environment, "scopes": scopes})
    return _view(uow, _stored(uow, number), secret)


@operation("api_key.get", permission="organizations.read", reads=True, directory=True)
def get_api_key(uow: Uow, command: OneApiKey) -> ApiKeyView:
    """One key, without its secret."""
    return _view(uow, _key(uow, command.organization_id, command.key_id))


@operation("api_key.update", permission="organizations.write", directory=True)
def update_api_key(uow: Uow, command: UpdateApiKey) -> ApiKeyView:
    """Enable or disable a key, replace its metadata. A disabled key neither authenticates nor refreshes, and its tokens end."""
    row = _key(uow, command.organization_id, command.key_id)
    _reaches(uow, row.environment)
    values = command.body.given()
    if "status" in values and values["status"] is None:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "status"))
    if "status" in values:
        uow.run("UPDATE directory.api_key SET status = %s WHERE id = %s", (values["status"], row.id))
        forget_standing(uow)
    if "metadata" in values:
        uow.run(
            "UPDATE directory.api_key SET metadata = %s WHERE id = %s", (ENCODER.encode(values["metadata"] or {}).decode(), row.id)
        )
    uow.audit("api_key", str(row.id), {"changed": values})
    return _view(uow, _stored(uow, row.id))


@operation("api_key.delete", permission="organizations.write", directory=True)
def delete_api_key(uow: Uow, command: OneApiKey) -> None:
    """Remove a key for good."""
    row = _key(uow, command.organization_id, command.key_id)
    _reaches(uow, row.environment)
    uow.run("DELETE FROM directory.api_key WHERE id = %s", (row.id,))
    forget_standing(uow)
    uow.audit("api_key", str(row.id), {"deleted": row.name})


def _reaches(uow: Uow, environment: str) -> None:
    """A key of TEST is handed to whoever tries things: it neither makes nor changes keys of LIVE. A person may enter either. Raises
    FORBIDDEN."""
    caller = uow.ctx.caller
    if environment == "LIVE" and caller.environment == "TEST" and caller.actor.startswith("key:"):
        message = "A key of TEST neither makes nor changes keys of LIVE: a user does, or a key of LIVE."
        raise Refused(Kind.FORBIDDEN, Problem("environment_exceeds_own", message, "env"))


def _view(uow: Uow, row: ApiKeyRow, secret: str | None = None) -> ApiKeyView:
    return ApiKeyView(row, realms(uow, [row.organization_id])[row.organization_id][row.environment], secret)


def _stored(uow: Uow, number: uuid.UUID) -> ApiKeyRow:
    (row,) = uow.all(ApiKeyRow, API_KEY + "id = %s", (number,))
    return row


def _key(uow: Uow, organization_id: str, key_id: str) -> ApiKeyRow:
    organization = organization_in_tree(uow, organization_id)
    row = uow.first(ApiKeyRow, API_KEY + "id = %s AND organization_id = %s", (identifier(key_id), organization.id))
    if row is None:
        raise Refused(Kind.NOT_FOUND, Problem("api_key_not_found", "API key not found."))
    return row
