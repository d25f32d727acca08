"""Persons at a customer: addresses of his that say whose they are. A document may be sent to one in place of the customer's own address."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.customers.customers import AddressCreation, AddressUpdate, create_address, update_address
from contor.customers.events import ContactsCreated, ContactsDeleted, ContactsUpdated
from contor.customers.keeping.found import containing
from contor.customers.tables import address
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, Text255, shape
from contor.runtime.resource import Written
from contor.runtime.uow import Uow, not_found

_COLUMNS = tuple(str(column.name) for column in address.columns if column.name != "tenant_id")
_SEARCHED = ("company", "first_name", "last_name", "street", "address_addition", "zip")


@shape
class FindContacts:
    """Every condition that is given holds."""

    customer_number: int | None = None
    customer_ident: Ident | None = None
    number: int | None = None
    term: Text255 | None = None
    """Stands, in whatever case, in a name, the e-mail, the address or a tag."""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    offset: Annotated[int, Field(ge=0)] = 0


class Contact(NamedTuple):
    customer_number: int
    row: Fields
    """The address as it is stored."""


@dataclass(frozen=True, slots=True)
class CreateContact:
    customer_ident: str
    body: AddressCreation
    """An invoice address with its `contact`."""


@dataclass(frozen=True, slots=True)
class UpdateContact:
    customer_ident: str
    number: int
    body: AddressUpdate


@shape
class OneContact:
    customer_ident: Ident
    number: int


@operation("contact.find", permission="customers.read", reads=True)
def find_contacts(uow: Uow, command: FindContacts) -> tuple[Contact, ...]:
    """The oldest first."""
    conditions = ["a.contact IS NOT NULL", "a.deleted_at IS NULL", "c.deleted_at IS NULL"]
    values: dict[str, object] = {"limit": command.limit, "offset": command.offset}
    for column, value in (
        ("c.id", command.customer_number),
        ("c.customer_ident", command.customer_ident),
        ("a.id", command.number),
    ):
        if value is not None:
            name = f"v{len(values)}"
            conditions.append(f"{column} = %({name})s")
            values[name] = value
    if command.term is not None:
        values["term"] = containing(command.term)
        own = " OR ".join(f"a.{name} ILIKE %(term)s" for name in _SEARCHED)
        conditions.append(f"({own} OR a.contact ->> 'email' ILIKE %(term)s OR (a.contact -> 'tags')::text ILIKE %(term)s)")
    names = ", ".join(f'a."{name}"' for name in _COLUMNS)
    rows = uow.records(
        f"SELECT c.id AS customer_number, {names} FROM address a JOIN customer c ON c.tenant_id = a.tenant_id"
        f" AND c.customer_ident = a.customer_ident WHERE {' AND '.join(conditions)} ORDER BY a.id LIMIT %(limit)s OFFSET %(offset)s",
        values,
    )
    return tuple(Contact(row.pop("customer_number"), row) for row in rows)


@operation("contact.create", permission="customers.write")
def create_contact(uow: Uow, command: CreateContact) -> int:
    """A further person of a customer; answers his number. Raises INVALID for an address that says of nobody whose it is."""
    _refuse_nobody(command.body)
    made = create_address(uow, Written((command.customer_ident,), command.body))
    key = (command.customer_ident, str(made["address_ident"]))
    uow.emit(ContactsCreated(contact_idents=(key,)))
    number = uow.scalar(int, "SELECT id FROM address WHERE customer_ident = %s AND address_ident = %s", key)
    assert number is not None
    return number


@operation("contact.replace", permission="customers.write")
def update_contact(uow: Uow, command: UpdateContact) -> None:
    """Replace what is said of a contact. What was sent to him stays as it is."""
    _refuse_nobody(command.body)
    key = (command.customer_ident, str(contact_numbered(uow, command.customer_ident, command.number)["address_ident"]))
    update_address(uow, Written(key, command.body))
    uow.emit(ContactsUpdated(contact_idents=(key,)))


@operation("contact.remove", permission="customers.write")
def remove_contact(uow: Uow, command: OneContact) -> None:
    """Not found any more; what was sent to it still says so."""
    row = contact_numbered(uow, command.customer_ident, command.number)
    key = (command.customer_ident, str(row["address_ident"]))
    sql = "UPDATE address SET deleted_at = %s WHERE customer_ident = %s AND address_ident = %s"
    uow.run(sql, (uow.ctx.now(), *key))
    uow.audit("address", key[1], {"before": {"deleted_at": None}, "after": {"deleted_at": uow.ctx.now()}})
    uow.emit(ContactsDeleted(contact_idents=(key,), numbers=(command.number,)))


def _refuse_nobody(body: AddressUpdate) -> None:
    if body.contact is None:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "contact"))


def contact_numbered(uow: Uow, customer_ident: str, number: int) -> Fields:
    """The address that is this contact of the customer. Raises NOT_FOUND."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    sql = f"SELECT {names} FROM address WHERE customer_ident = %s AND id = %s AND contact IS NOT NULL AND deleted_at IS NULL"
    found = uow.records(sql, (customer_ident, number))
    if not found:
        raise not_found("contact", number)
    return found[0]
