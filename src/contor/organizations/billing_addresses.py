"""Billing addresses of the organizations that the caller may see."""

import dataclasses
from dataclasses import dataclass

from stdnum.eu import vat

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.organizations.listing import Listable, listed
from contor.organizations.organizations import organization_exists
from contor.organizations.stored import BILLING_ADDRESS, BillingAddressRow
from contor.organizations.tree import environments, identifier, root, user_in_tree
from contor.organizations.types import BillingAddressBody, BillingAddressPatch, Listing
from contor.runtime.db import ENCODER
from contor.runtime.query import Page
from contor.runtime.uow import Uow

_FIELDS = (
    "recipient",
    "recipient_additions",
    "address_line1",
    "address_line2",
    "zip",
    "town",
    "state",
    "country_code",
    "vat_id",
    "billing_contact_id",
    "metadata",
    "organization_id",
)
_ADDRESSES = Listable("directory.billing_address", "x.organization_id IN (SELECT id FROM tree)", {}, {"created_at": "x.created_at"})
_REQUIRED = ("recipient", "address_line1", "zip", "town", "country_code")


@dataclass(frozen=True, slots=True)
class BillingAddressView:
    row: BillingAddressRow
    environments: tuple[str, ...]

    @property
    def vat_id_valid(self) -> bool:
        return self.row.vat_id is not None and vat.is_valid(self.row.vat_id)


@dataclass(frozen=True, slots=True)
class ListBillingAddresses:
    query: Listing


@dataclass(frozen=True, slots=True)
class CreateBillingAddress:
    body: BillingAddressBody


@dataclass(frozen=True, slots=True)
class OneBillingAddress:
    address_id: str


@dataclass(frozen=True, slots=True)
class UpdateBillingAddress:
    address_id: str
    body: BillingAddressPatch


@operation("billing_address.list", permission="organizations.read", reads=True, directory=True)
def list_billing_addresses(uow: Uow, command: ListBillingAddresses) -> Page:
    """All addresses of all organizations that the caller can access."""
    rows, page = listed(uow, command.query, BillingAddressRow, _ADDRESSES)
    return dataclasses.replace(page, items=tuple(_view(uow, row) for row in rows))


@operation("billing_address.create", permission="organizations.write", directory=True)
def create_billing_address(uow: Uow, command: CreateBillingAddress) -> BillingAddressView:
    """A new address, of the caller's organization unless another of the tree is named."""
    values = command.body.given()
    values["organization_id"] = values.get("organization_id") or root(uow)
    _check(uow, values)
    number = uow.new_uuid()
    row = {name: _stored(name, values.get(name)) for name in _FIELDS} | {"id": number, "created_at": uow.ctx.now()}
    names = ", ".join(row)
    uow.run(f"INSERT INTO directory.billing_address ({names}) VALUES ({', '.join(['%s'] * len(row))})", tuple(row.values()))
    uow.audit("billing_address", str(number), {"created": True})
    return _view(uow, _address(uow, str(number)))


@operation("billing_address.get", permission="organizations.read", reads=True, directory=True)
def get_billing_address(uow: Uow, command: OneBillingAddress) -> BillingAddressView:
    """One address."""
    return _view(uow, _address(uow, command.address_id))


@operation("billing_address.update", permission="organizations.write", directory=True)
def update_billing_address(uow: Uow, command: UpdateBillingAddress) -> BillingAddressView:
    """Change only what is sent."""
    row = _address(uow, command.address_id)
    values = command.body.given()
    missing = [name for name in _REQUIRED if name in values and not values[name]]
    if missing:
        raise Refused(Kind.INVALID, *[Problem("missing", "is required", name) for name in missing])
    if "organization_id" in values and values["organization_id"] is None:
        del values["organization_id"]
    _check(uow, values)
    if values:
        names = ", ".join(f"{name} = %s" for name in values)
        uow.run(
            f"UPDATE directory.billing_address SET {names} WHERE id = %s", (*(_stored(n, v) for n, v in values.items()), row.id)
        )
        uow.audit("billing_address", str(row.id), {"changed": sorted(values)})
    return _view(uow, _address(uow, command.address_id))


@operation("billing_address.delete", permission="organizations.write", directory=True)
def delete_billing_address(uow: Uow, command: OneBillingAddress) -> None:
    """Remove an address that no organization uses."""
    row = _address(uow, command.address_id)
    using = (
        "SELECT name || ' (' || id || ')' FROM directory.organization WHERE billing_address_id = %s AND deleted_at IS NULL LIMIT 20"
    )
    if users := uow.column(str, using, (row.id,)):
        message = f"The billing address is used by {', '.join(users)}."
        raise Refused(Kind.CONFLICT, Problem("billing_address_in_use", message))
    uow.run("DELETE FROM directory.billing_address WHERE id = %s", (row.id,))
    uow.audit("billing_address", str(row.id), {"deleted": True})


def _address(uow: Uow, address_id: str) -> BillingAddressRow:
    row = uow.first(BillingAddressRow, BILLING_ADDRESS + "id = %s", (identifier(address_id),))
    if row is None or not organization_exists(uow, row.organization_id):
        raise Refused(Kind.NOT_FOUND, Problem("billing_address_not_found", "Billing address not found."))
    return row


def _check(uow: Uow, values: Fields) -> None:
    if "organization_id" in values and not organization_exists(uow, values["organization_id"]):
        raise Refused(Kind.NOT_FOUND, Problem("organization_not_found", "Organization not found."))
    contact = values.get("billing_contact_id")
    if contact is not None and not user_in_tree(uow, contact):
        raise Refused(Kind.INVALID, Problem("user_unknown", "No such user.", "billing_contact_id", contact))


def _stored(name: str, value: object) -> object:
    return ENCODER.encode(value).decode() if name == "metadata" and value is not None else value


def _view(uow: Uow, row: BillingAddressRow) -> BillingAddressView:
    return BillingAddressView(row, tuple(environments(uow, row.organization_id)))
