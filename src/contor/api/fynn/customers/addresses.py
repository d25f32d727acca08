"""Addresses of customers: general ones and those for invoices, one of each the default."""

from collections.abc import Mapping
from typing import Final

from contor.api.fynn.customers.answers import CustomerAddressesShown, CustomerAddressShown
from contor.api.fynn.customers.ids import address_number, customer_ident, customer_row
from contor.api.fynn.customers.judged import said, sent
from contor.api.fynn.customers.shown import address_shown, meta_of
from contor.api.fynn.customers.standing import ListOfCustomer
from contor.api.fynn.customers.types import AddressFields, ChangedAddress
from contor.api.fynn.lists import part_of
from contor.customers.customers import ADDRESSES
from contor.customers.keeping.addresses import (
    AddDefaultAddress,
    OneAddress,
    ReplaceUsedAddress,
    add_default_address,
    address_numbered,
    addresses_of,
    archive_address,
    replace_used_address,
    unset_default_address,
)
from contor.customers.types import AddressUse
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Text255, shape
from contor.runtime.uow import Uow

_USES: Final[Mapping[str, AddressUse]] = {"TYPE_DEFAULT": "GENERAL", "TYPE_INVOICE": "INVOICE"}
_GENDERS: Final = {"Herr": "MALE", "Frau": "FEMALE", "Firma": "NOTSET"}


@shape
class AddAddress:
    customer_id: Text255
    body: AddressFields


@shape
class PutAddress:
    customer_id: Text255
    id: Text255
    body: ChangedAddress


@shape
class TheAddress:
    customer_id: Text255
    id: Text255


@operation("fynn.customer_address_list", permission="customers.read", reads=True)
def list_addresses(uow: Uow, command: ListOfCustomer) -> CustomerAddressesShown:
    """The default ones first, archived ones last."""
    ident = customer_ident(uow, command.customer_id)
    found, page = part_of(addresses_of(uow, [ident])[ident], command.page, command.limit)
    return CustomerAddressesShown(data=tuple(address_shown(uow, row) for row in found), meta=meta_of(page))


@operation("fynn.customer_address_get", permission="customers.read", reads=True)
def get_address(uow: Uow, command: TheAddress) -> CustomerAddressShown:
    """One address."""
    return _shown(uow, customer_ident(uow, command.customer_id), address_number(uow, command.id))


@operation("fynn.customer_address_add", permission="customers.write")
def add_address(uow: Uow, command: AddAddress) -> CustomerAddressShown:
    """A further address; it becomes the default one of its type. What it does not say is as with the customer."""
    row, body = customer_row(uow, command.customer_id), command.body
    ident = row["customer_ident"]
    known = addresses_of(uow, [ident])[ident]
    fields = {**_fields(body), "country": body.country_code or (known[0]["country"] if known else "DE"), "address_type": "INVOICE"}
    usual = {"company": row["company"], "first_name": row["first_name"], "last_name": row["last_name"]}
    if not any(fields.get(name) for name in usual):
        fields |= usual
    with said():
        number = add_default_address(uow, AddDefaultAddress(ident, _USES[body.type], sent(ADDRESSES.creation, fields)))
    return _shown(uow, ident, number)


@operation("fynn.customer_address_put", permission="customers.write")
def put_address(uow: Uow, command: PutAddress) -> CustomerAddressShown:
    """Replace an address; what was issued to it says so still."""
    ident, number, body = customer_ident(uow, command.customer_id), address_number(uow, command.id), command.body
    row = address_numbered(uow, ident, number)
    before = {name: row[name] for name in ("state", "state_code", "tax_number", "academic_title", "post_office_box")}
    fields = {**before, **_fields(body), "country": body.country_code or row["country"]}
    with said():
        made = sent(ADDRESSES.update_body, fields)
        if body.default is False and row["is_default"]:
            message = "stays true: make another address the default one instead, or unset it (…/unset-default) of one for invoices"
            raise Refused(Kind.INVALID, Problem("default_address_needed", message, "default"))
        replace_used_address(uow, ReplaceUsedAddress(ident, number, _USES[body.type], made, make_default=body.default is True))
    return _shown(uow, ident, number)


@operation("fynn.customer_address_unset_default", permission="customers.write")
def unset_default(uow: Uow, command: TheAddress) -> CustomerAddressShown:
    """Invoices go to the general default address instead."""
    ident, number = customer_ident(uow, command.customer_id), address_number(uow, command.id)
    unset_default_address(uow, OneAddress(ident, number))
    return _shown(uow, ident, number)


@operation("fynn.customer_address_archive", permission="customers.write")
def remove_address(uow: Uow, command: TheAddress) -> None:
    """Nothing new is sent there."""
    archive_address(uow, OneAddress(customer_ident(uow, command.customer_id), address_number(uow, command.id)))


def _fields(body: AddressFields) -> Fields:
    return {
        "company": body.company_name,
        "gender": _GENDERS.get(body.salutation or ""),
        "first_name": body.first_name,
        "last_name": body.last_name,
        "street": body.street,
        "street_no": body.house_number,
        "address_addition": body.addition,
        "zip": body.zip,
        "city": body.city,
        "department": body.cost_centre,
        "vat_id": body.vat_id,
    }


def _shown(uow: Uow, ident: str, number: int) -> CustomerAddressShown:
    return address_shown(uow, address_numbered(uow, ident, number))
