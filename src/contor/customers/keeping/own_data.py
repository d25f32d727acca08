"""What a customer sees and changes of himself, who has a link of his own: name, address, how he is reached. Nothing else is his to say."""

from typing import NamedTuple

from contor.customers.customers import (
    ADDRESSES,
    CUSTOMERS,
    CustomerUpdate,
    UpdateCustomer,
    create_address,
    update_address,
    update_customer,
)
from contor.customers.keeping.found import FindCustomers, FoundCustomer, find_customers
from contor.customers.types import Email
from contor.kernel.operations import operation
from contor.kernel.shapes import Text100, Text255, shape
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow, not_found
from contor.settings.identifiers import VatId

_OF_CUSTOMER = ("company", "first_name", "last_name", "email", "phone", "vat_id")
_OF_ADDRESS = ("company", "first_name", "last_name", "street", "street_no", "address_addition", "zip", "city")


@shape
class OwnData:
    """Replaced as a whole: what is left out is empty."""

    company: Text255 | None = None
    first_name: Text255 | None = None
    last_name: Text255 | None = None
    email: Email | None = None
    phone: Text100 | None = None
    vat_id: VatId | None = None
    street: Text255 | None = None
    street_no: Text255 | None = None
    address_addition: Text255 | None = None
    zip: Text255 | None = None
    city: Text255 | None = None


@shape
class OneNumber:
    number: int


@shape
class ChangeOwnData:
    number: int
    data: OwnData


class OwnCustomer(NamedTuple):
    customer_ident: str
    data: OwnData


@operation("customer.get_own_data", permission="customers.read", reads=True)
def get_own_data(uow: Uow, command: OneNumber) -> OwnCustomer:
    """Raises NOT_FOUND for a customer who is no more there."""
    found = _found(uow, command.number)
    address = found.address._asdict() if found.address is not None else {}
    said = {name: address.get(name) for name in _OF_ADDRESS} | {name: found.customer[name] for name in _OF_CUSTOMER}
    # what is stored may be older than the rules
    return OwnCustomer(found.customer["customer_ident"], OwnData(**said))


@operation("customer.change_own_data", permission="customers.write")
def change_own_data(uow: Uow, command: ChangeOwnData) -> None:
    """Only documents that are issued from now on say it."""
    found, data = _found(uow, command.number), command.data
    ident = found.customer["customer_ident"]
    row = CUSTOMERS.require(uow, (ident,), lock=True)
    kept = {name: row[name] for name in CustomerUpdate.model_fields if name in row}
    body = validated(CustomerUpdate, {**kept, **{name: getattr(data, name) for name in _OF_CUSTOMER}})
    update_customer(uow, UpdateCustomer(ident, body))
    place = {name: getattr(data, name) for name in _OF_ADDRESS}
    if found.address is None:
        made = validated(ADDRESSES.creation, {"address_type": "INVOICE", "country": "DE", **place})
        create_address(uow, Written((ident,), made))
        return
    before = found.address._asdict()
    known = {name: before[name] for name in ADDRESSES.update_body.model_fields if name in before}
    update_address(uow, Written((ident, found.address.address_ident), validated(ADDRESSES.update_body, {**known, **place})))


def _found(uow: Uow, number: int) -> FoundCustomer:
    found = find_customers(uow, FindCustomers(numbers=(number,)))
    if not found:
        raise not_found("customer", number)
    return found[0]
