"""Organizations: the main one of an account, further ones, and the managed ones below them."""

import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from pydantic import BaseModel

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.organizations.environments import create_environment
from contor.organizations.listing import Listable, listed
from contor.organizations.stored import ORGANIZATION, OrganizationRow
from contor.organizations.tree import acting_user, environments, forget_standing, organization_in_tree, realms, root, user_in_tree
from contor.organizations.types import Listing, OrganizationBody, OrganizationPatch
from contor.runtime.db import ENCODER
from contor.runtime.query import Page
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

COLUMNS = (
    "name",
    "display_name",
    "vat_id",
    "contact_person_id",
    "address_line1",
    "address_line2",
    "zip",
    "town",
    "state",
    "country_code",
    "tax_number",
    "economy_id",
    "email",
    "billing_options",
    "billing_address_id",
    "metadata",
    "managed_by_organization_id",
    "managed_configuration",
)
ORDERS = {
    name: f"x.{name}"
    for name in (
        "name",
        "id",
        "address_line1",
        "zip",
        "town",
        "display_name",
        "vat_id",
        "address_line2",
        "state",
        "tax_number",
        "economy_id",
    )
}
FILTERS = {
    "type": "CASE WHEN x.managed_by_organization_id IS NULL THEN 'ORGANIZATION' ELSE 'MANAGED_ORGANIZATION' END",
    "managed_by_organization_id": "x.managed_by_organization_id",
}
_JSON = ("billing_options", "metadata", "managed_configuration")


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization's row with its environments, each with its realm."""

    row: OrganizationRow
    realms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CreateOrganization:
    body: OrganizationBody


@dataclass(frozen=True, slots=True)
class OneOrganization:
    organization_id: str


@dataclass(frozen=True, slots=True)
class UpdateOrganization:
    organization_id: str
    body: OrganizationPatch


@dataclass(frozen=True, slots=True)
class ListOrganizations:
    query: Listing


class _Listed(NamedTuple):
    id: uuid.UUID


@operation("organization.list", permission="organizations.read", reads=True, directory=True)
def list_organizations(uow: Uow, command: ListOrganizations) -> Page:
    """The caller's organization and those below it."""
    listing = command.query
    source = (
        f"(SELECT {columns(OrganizationRow, 'o')}, e.environments FROM directory.organization o LEFT JOIN (SELECT organization_id,"
        " array_agg(environment) AS environments FROM directory.environment GROUP BY 1) e"
        " ON e.organization_id = o.id)"
    )
    condition, params = "x.id IN (SELECT id FROM tree)", dict[str, object]()
    wanted = dict(listing.filters)
    if "env" in wanted:
        condition += " AND %(env)s = ANY (x.environments)"
        params = {"env": wanted.pop("env")}
        listing = Listing(listing.order_by, listing.descending, listing.limit, listing.offset, tuple(wanted.items()))
    found, page = listed(uow, listing, _Listed, Listable(source, condition, params, {**ORDERS, **FILTERS}))
    stored = uow.all(OrganizationRow, ORGANIZATION + "id = ANY (%s)", ([one.id for one in found],))
    rows = {row.id: row for row in stored}
    known = realms(uow, list(rows))
    return dataclasses.replace(page, items=tuple(OrganizationView(rows[one.id], known[one.id]) for one in found))


@operation("organization.get", permission="organizations.read", reads=True, directory=True)
def get_organization(uow: Uow, command: OneOrganization) -> OrganizationView:
    """One organization of the caller's tree."""
    return _view(uow, organization_in_tree(uow, command.organization_id))


@operation("organization.create", permission="organizations.write", directory=True)
def create_organization(uow: Uow, command: CreateOrganization) -> OrganizationView:
    """A further organization below the caller's; with `managed_by_organization_id` a managed one. It gets the environment of the
    caller's token: a main organization in LIVE only when another one in LIVE pays for it."""
    values = command.body.given()
    manager = values.get("managed_by_organization_id")
    if manager is not None and organization_exists(uow, manager) is False:
        raise Refused(Kind.NOT_FOUND, Problem("not_found", "Not Found"))
    _check(uow, values)
    environment = uow.ctx.caller.environment or "TEST"
    if environment == "LIVE":
        _check_live(uow, values, manager)
    row = insert_organization(uow, values, parent_id=manager or root(uow))
    if environment == "LIVE":
        create_environment(uow, row, "TEST")
    create_environment(uow, row, environment)
    return _view(uow, row)


def insert_organization(uow: Uow, values: Fields, parent_id: uuid.UUID | None) -> OrganizationRow:
    """Write the row; the caller has checked it."""
    number = uow.new_uuid()
    row = {name: _stored(name, values.get(name)) for name in COLUMNS}
    row |= {"id": number, "parent_id": parent_id, "created_at": uow.ctx.now(), "created_by_user": acting_user(uow)}
    names = ", ".join(row)
    uow.run(f"INSERT INTO directory.organization ({names}) VALUES ({', '.join(['%s'] * len(row))})", tuple(row.values()))
    uow.audit("organization", str(number), {"created": msgspec.to_builtins(values, builtin_types=(uuid.UUID,), enc_hook=_plain)})
    return _written(uow, number)


@operation("organization.update", permission="organizations.write", directory=True)
def update_organization(uow: Uow, command: UpdateOrganization) -> OrganizationView:
    """Change only what is sent. The managing organization never changes; sending its present value is allowed."""
    row = organization_in_tree(uow, command.organization_id, lock=True)
    values = command.body.given()
    if "managed_by_organization_id" in values and values["managed_by_organization_id"] != row.managed_by_organization_id:
        message = "managed_by_organization_id cannot be changed."
        raise Refused(Kind.INVALID, Problem("managed_by_is_fixed", message, "managed_by_organization_id"))
    required = [n for n in ("name", "address_line1", "zip", "town", "country_code") if n in values and not values[n]]
    if required:
        raise Refused(Kind.INVALID, *[Problem("missing", "is required", name) for name in required])
    _check(uow, values)
    if values:
        names = ", ".join(f"{name} = %s" for name in values)
        uow.run(f"UPDATE directory.organization SET {names} WHERE id = %s", (*(_stored(n, v) for n, v in values.items()), row.id))
        uow.audit("organization", str(row.id), {"changed": sorted(values)})
        if values.get("email", row.email) != row.email:
            forget_standing(uow)
    return _view(uow, _written(uow, row.id))


@operation("organization.delete", permission="organizations.write", directory=True)
def delete_organization(uow: Uow, command: OneOrganization) -> None:
    """Close an organization: its keys and tokens work no longer, its books stay. Not the caller's own, not one that manages others."""
    row = organization_in_tree(uow, command.organization_id, lock=True)
    if row.id == root(uow):
        raise Refused(Kind.ILLEGAL_STATE, Problem("organization_is_own", "An organization cannot delete itself."))
    if uow.scalar(int, "SELECT 1 FROM directory.organization WHERE parent_id = %s AND deleted_at IS NULL", (row.id,)):
        raise Refused(Kind.ILLEGAL_STATE, Problem("organization_manages_others", "The organization manages others."))
    if users := _who_names(uow, row.id):
        message = f"The organization is named by others: {'; '.join(users)}."
        raise Refused(Kind.CONFLICT, Problem("organization_in_use", message))
    uow.run("UPDATE directory.organization SET deleted_at = %s WHERE id = %s", (uow.ctx.now(), row.id))
    uow.run("UPDATE directory.api_key SET status = 'disabled' WHERE organization_id = %s", (row.id,))
    forget_standing(uow)
    uow.audit("organization", str(row.id), {"deleted": True})


def _written(uow: Uow, number: uuid.UUID) -> OrganizationRow:
    (row,) = uow.all(OrganizationRow, ORGANIZATION + "id = %s", (number,))
    return row


def organization_exists(uow: Uow, number: uuid.UUID) -> bool:
    """Whether an organization of the caller's tree has this id."""
    try:
        organization_in_tree(uow, number)
    except Refused:
        return False
    return True


def _check(uow: Uow, values: Fields) -> None:
    """References must name things of the caller's tree; withholding needs someone else who is billed."""
    problems = []
    options = values.get("billing_options")
    if options is not None:
        if options.withhold_billing and options.bill_to_organization is None:
            message = "withhold_billing is only valid together with bill_to_organization."
            problems.append(Problem("withhold_without_payer", message, "billing_options.withhold_billing"))
        if options.bill_to_organization is not None and not organization_exists(uow, options.bill_to_organization):
            problems.append(Problem("organization_unknown", "No such organization.", "billing_options.bill_to_organization"))
    contact = values.get("contact_person_id")
    if contact is not None and not user_in_tree(uow, contact):
        problems.append(Problem("user_unknown", "No such user.", "contact_person_id", contact))
    address = values.get("billing_address_id")
    if address is not None:
        owner = uow.scalar(uuid.UUID, "SELECT organization_id FROM directory.billing_address WHERE id = %s", (address,))
        if owner is None or not organization_exists(uow, owner):
            problems.append(Problem("billing_address_unknown", "No such billing address.", "billing_address_id"))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _check_live(uow: Uow, values: Fields, manager: uuid.UUID | None) -> None:
    """Who manages a managed organization is in LIVE before it; for another one somebody in LIVE pays."""
    if manager is not None and "LIVE" not in environments(uow, manager):
        message = "LIVE must be enabled on the managing organization first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("environment_of_main_missing", message, "managed_by_organization_id"))
    if manager is None and not _payer_is_live(uow, values):
        message = "A main organization is created in LIVE only with billing_options.bill_to_organization in LIVE."
        raise Refused(Kind.ILLEGAL_STATE, Problem("bill_to_organization_missing", message, "billing_options"))


def _who_names(uow: Uow, number: uuid.UUID) -> list[str]:
    """What would name nobody if this organization were gone."""
    return uow.column(
        str,
        "SELECT 'billing_options.bill_to_organization of ' || name || ' (' || id || ')' FROM directory.organization"
        " WHERE billing_options->>'bill_to_organization' = %(id)s::text AND id <> %(id)s AND deleted_at IS NULL"
        " UNION ALL SELECT 'managed_by_organization_id of the API key ' || key FROM directory.api_key"
        " WHERE managed_by_organization_id = %(id)s AND organization_id <> %(id)s"
        " UNION ALL SELECT 'billing_address_id of ' || o.name || ' (' || o.id || ')' FROM directory.organization o"
        " JOIN directory.billing_address a ON a.id = o.billing_address_id"
        " WHERE a.organization_id = %(id)s AND o.id <> %(id)s AND o.deleted_at IS NULL ORDER BY 1 LIMIT 20",
        {"id": number},
    )


def _payer_is_live(uow: Uow, values: Fields) -> bool:
    options = values.get("billing_options")
    payer = options.bill_to_organization if options is not None else None
    return payer is not None and "LIVE" in environments(uow, payer)


def _stored(name: str, value: object) -> object:
    if name not in _JSON or value is None:
        return value
    return ENCODER.encode(value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value).decode()


def _plain(value: BaseModel) -> object:
    return value.model_dump(mode="json")


def _view(uow: Uow, row: OrganizationRow) -> OrganizationView:
    return OrganizationView(row, realms(uow, [row.id])[row.id])
