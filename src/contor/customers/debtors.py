"""Customers and their addresses by the numbers that older clients know (`debtorId`, `addressId`): the same things as by their idents.

Deprecated in favour of `/v2/customers`. Numbers are given once and never change.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from contor.customers.customers import (
    ADDRESSES,
    AddressCreation,
    AddressUpdate,
    CustomerUpdate,
    CustomerView,
    OneCustomer,
    UpdateCustomer,
    create_address,
    get_customer,
    update_address,
    update_customer,
)
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written, extended
from contor.runtime.uow import Uow, not_found

DEBTOR_ADDRESS = extended("DebtorAddress", ADDRESSES.output, address_id=(int, ...))


@dataclass(frozen=True, slots=True)
class OneDebtor:
    debtor_id: int


@dataclass(frozen=True, slots=True)
class UpdateDebtor:
    debtor_id: int
    body: CustomerUpdate


@dataclass(frozen=True, slots=True)
class ListDebtorAddresses:
    debtor_id: int
    query: ListQuery


@dataclass(frozen=True, slots=True)
class AddDebtorAddress:
    debtor_id: int
    body: AddressCreation


@dataclass(frozen=True, slots=True)
class OneDebtorAddress:
    debtor_id: int
    address_id: int


@dataclass(frozen=True, slots=True)
class UpdateDebtorAddress:
    debtor_id: int
    address_id: int
    body: AddressUpdate


@operation("debtor.get", permission="customers.read", reads=True)
def get_debtor(uow: Uow, command: OneDebtor) -> CustomerView:
    """A customer with its addresses, by its number."""
    return get_customer(uow, OneCustomer(_customer(uow, command.debtor_id)))


@operation("debtor.replace", permission="customers.write")
def update_debtor(uow: Uow, command: UpdateDebtor) -> CustomerView:
    """As `customer.replace`, by the customer's number."""
    return update_customer(uow, UpdateCustomer(_customer(uow, command.debtor_id), command.body))


@operation("debtor_address.list", permission="customers.read", reads=True)
def list_debtor_addresses(uow: Uow, command: ListDebtorAddresses) -> Page:
    """The addresses of a customer, with their numbers."""
    ident = _customer(uow, command.debtor_id)
    page: Page = ADDRESSES.list(uow, Listed((ident,), command.query))
    rows = page.rows
    numbers = _numbers(uow, ident, [row["address_ident"] for row in rows])
    return replace(page, items=tuple([{**row, "address_id": numbers[row["address_ident"]]} for row in rows]))


@operation("debtor_address.add", permission="customers.write")
def add_debtor_address(uow: Uow, command: AddDebtorAddress) -> Fields:
    """As `address.add`, by the customer's number."""
    ident = _customer(uow, command.debtor_id)
    made = create_address(uow, Written((ident,), command.body))
    return {**made, "address_id": _numbers(uow, ident, [made["address_ident"]])[made["address_ident"]]}


@operation("debtor_address.get", permission="customers.read", reads=True)
def get_debtor_address(uow: Uow, command: OneDebtorAddress) -> Fields:
    """One address, by the numbers of the customer and its own."""
    return {**_shown(uow, _address(uow, command.debtor_id, command.address_id)), "address_id": command.address_id}


@operation("debtor_address.replace", permission="customers.write")
def update_debtor_address(uow: Uow, command: UpdateDebtorAddress) -> Fields:
    """As `address.replace`, by the numbers of the customer and the address."""
    keys = _address(uow, command.debtor_id, command.address_id)
    update_address(uow, Written(keys, command.body))
    return {**_shown(uow, keys), "address_id": command.address_id}


def _shown(uow: Uow, keys: tuple[str, str]) -> Fields:
    found: Fields = ADDRESSES.get(uow, Keyed(keys))
    return found


_OF_CUSTOMER = "WHERE customer_ident = %s"


def _customer(uow: Uow, number: int) -> str:
    """The ident of the customer with this number. Raises NOT_FOUND."""
    found = uow.scalar(str, "SELECT customer_ident FROM customer WHERE id = %s", (number,))
    if found is None:
        raise not_found("customer", str(number))
    return found


def _address(uow: Uow, debtor: int, number: int) -> tuple[str, str]:
    """The idents of the customer and of its address with this number. Raises NOT_FOUND, also for an address of somebody else."""
    customer = _customer(uow, debtor)
    found = uow.scalar(str, f"SELECT address_ident FROM address {_OF_CUSTOMER} AND id = %s", (customer, number))
    if found is None:
        raise not_found("address", str(number))
    return customer, found


class _Numbered(NamedTuple):
    address_ident: str
    id: int


def _numbers(uow: Uow, customer: str, idents: Collection[str]) -> dict[str, int]:
    """Of these addresses of the customer."""
    sql = f"SELECT address_ident, id FROM address {_OF_CUSTOMER} AND address_ident = ANY (%s)"
    return dict(uow.all(_Numbered, sql, (customer, sorted(idents))))
