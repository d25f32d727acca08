"""Which of a customer's addresses are the default ones: one for everything, and perhaps one for invoices, which goes before it there."""

from collections.abc import Collection
from dataclasses import dataclass

from contor.customers.customers import CUSTOMERS, AddressCreation, AddressUpdate, create_address, update_address
from contor.customers.events import AddressesUpdated
from contor.customers.tables import address
from contor.customers.types import AddressUse
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Written
from contor.runtime.uow import Uow, not_found

NUMBERED = Numbered("address", address, "address_ident", "id")
_COLUMNS = tuple(str(column.name) for column in address.columns if column.name != "tenant_id")


@dataclass(frozen=True, slots=True)
class AddDefaultAddress:
    """`use`: what the address is for; it becomes the default one of that."""

    customer_ident: str
    use: AddressUse
    body: AddressCreation


@dataclass(frozen=True, slots=True)
class ReplaceUsedAddress:
    customer_ident: str
    number: int
    use: AddressUse
    body: AddressUpdate
    make_default: bool = False
    """The default one of its use from now on; else it is what it was."""


@dataclass(frozen=True, slots=True)
class OneAddress:
    customer_ident: str
    number: int


@operation("address.add_default", permission="customers.write")
def add_default_address(uow: Uow, command: AddDefaultAddress) -> int:
    """A further address to which documents are sent, from now on where nothing else is named; answers its number."""
    made = create_address(uow, Written((command.customer_ident,), command.body))
    key = (command.customer_ident, str(made["address_ident"]))
    number = uow.scalar(int, "SELECT id FROM address WHERE customer_ident = %s AND address_ident = %s", key)
    assert number is not None
    _make_default(uow, command.customer_ident, command.use, number)
    return number


@operation("address.replace_used", permission="customers.write")
def replace_used_address(uow: Uow, command: ReplaceUsedAddress) -> None:
    """Replace an address, and what it is for; the default one of another use, it is that of the new one."""
    row = address_numbered(uow, command.customer_ident, command.number)
    update_address(uow, Written((command.customer_ident, str(row["address_ident"])), command.body))
    if command.make_default or (row["is_default"] and row["address_use"] != command.use):
        _make_default(uow, command.customer_ident, command.use, command.number)
    elif row["address_use"] != command.use:
        uow.run("UPDATE address SET address_use = %s WHERE customer_ident = %s AND id = %s", _key(command.use, command))


@operation("address.unset_default", permission="customers.write")
def unset_default_address(uow: Uow, command: OneAddress) -> None:
    """Invoices go where everything goes, and no more to this address. Raises ILLEGAL_STATE for one that is no default of invoices."""
    row = address_numbered(uow, command.customer_ident, command.number)
    if not row["is_default"] or row["address_use"] != "INVOICE":
        message = (
            "The address is not the one that invoices are sent to by default; the general one is only replaced by another one."
        )
        raise Refused(Kind.ILLEGAL_STATE, Problem("address_no_default", message))
    uow.run("UPDATE address SET is_default = false WHERE customer_ident = %s AND id = %s", (command.customer_ident, command.number))
    _told(uow, command.customer_ident, row, {"is_default": False})


@operation("address.archive", permission="customers.write")
def archive_address(uow: Uow, command: OneAddress) -> None:
    """Nothing new is sent there; what was, says so, and contracts that name it go on. Raises ILLEGAL_STATE for the general default one."""
    row = address_numbered(uow, command.customer_ident, command.number)
    if row["is_default"] and row["address_use"] == "GENERAL":
        message = "The address is the customer's default one: make another one the default first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("default_address_needed", message))
    sql = "UPDATE address SET deleted_at = %s, is_default = false WHERE customer_ident = %s AND id = %s"
    uow.run(sql, (uow.ctx.now(), command.customer_ident, command.number))
    _told(uow, command.customer_ident, row, {"archived": True})


def address_numbered(uow: Uow, customer_ident: str, number: int) -> Fields:
    """An address of the customer that is not archived. Raises NOT_FOUND."""
    found = [
        row for row in addresses_of(uow, [customer_ident])[customer_ident] if row["id"] == number and row["deleted_at"] is None
    ]
    if not found:
        CUSTOMERS.require(uow, (customer_ident,))
        raise not_found("address", number)
    return found[0]


def addresses_of(uow: Uow, customers: Collection[str]) -> dict[str, list[Fields]]:
    """To which documents are sent, of each of the customers, the default ones first, archived ones last."""
    found: dict[str, list[Fields]] = {ident: [] for ident in customers}
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    rows = uow.records(
        f"SELECT {names} FROM address WHERE customer_ident = ANY (%s) AND contact IS NULL AND address_type = 'INVOICE'"
        " ORDER BY customer_ident, deleted_at IS NOT NULL, is_default DESC, address_use, id",
        (sorted(found),),
    )
    for row in rows:
        found[row["customer_ident"]].append(row)
    return found


def _key(use: AddressUse, command: ReplaceUsedAddress) -> tuple[str, str, int]:
    return (use, command.customer_ident, command.number)


def _make_default(uow: Uow, customer: str, use: AddressUse, number: int) -> None:
    uow.lock("address_default", [customer])
    sql = "UPDATE address SET is_default = false WHERE customer_ident = %s AND is_default AND (address_use = %s OR id = %s)"
    uow.run(sql, (customer, use, number))
    sql = "UPDATE address SET is_default = true, address_use = %s, last_modified_at = %s WHERE customer_ident = %s AND id = %s"
    uow.run(sql, (use, uow.ctx.now(), customer, number))
    uow.audit("address", customer, {"default": {"use": use, "number": number}})


def _told(uow: Uow, customer: str, row: Fields, after: dict[str, object]) -> None:
    uow.audit("address", row["address_ident"], {"after": after})
    uow.emit(AddressesUpdated(address_idents=((customer, row["address_ident"]),)))


def addresses_named(uow: Uow, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], Fields]:
    """Addresses of whatever type, by customer and ident; those that exist."""
    ordered = sorted(named)
    columns = ", ".join(f'a."{name}"' for name in _COLUMNS)
    rows = uow.records(
        f"SELECT {columns} FROM address a JOIN unnest(%s::text[], %s::text[]) AS n(customer, address)"
        " ON a.customer_ident = n.customer AND a.address_ident = n.address",
        ([customer for customer, _ in ordered], [ident for _, ident in ordered]),
    )
    return {(row["customer_ident"], row["address_ident"]): row for row in rows}
