"""What is told of customers and their addresses."""

from collections.abc import Iterator

from contor.customers.events import AddressesCreated, AddressesUpdated, CustomersCreated, CustomersUpdated
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.runtime.uow import Uow


def _customer(type: str, ident: str, **more: object) -> Notice:
    """Addresses are told in the order of their customer's notifications."""
    return Notice(type, f"customer:{ident}", {"customerIdent": ident, "debtorIdent": ident, **more})


@notified(CustomersCreated, {"customer.created": "A customer was created."})
def customers_created(uow: Uow, fact: CustomersCreated) -> Iterator[Notice]:
    return (_customer("customer.created", ident) for ident in fact.customer_idents)


@notified(CustomersUpdated, {"customer.updated": "A customer was changed."})
def customers_updated(uow: Uow, fact: CustomersUpdated) -> Iterator[Notice]:
    return (_customer("customer.updated", ident) for ident in fact.customer_idents)


@notified(AddressesCreated, {"address.created": "A customer got an address."})
def addresses_created(uow: Uow, fact: AddressesCreated) -> Iterator[Notice]:
    return (_customer("address.created", customer, addressIdent=ident) for customer, ident in fact.address_idents)


@notified(AddressesUpdated, {"address.updated": "An address of a customer was changed."})
def addresses_updated(uow: Uow, fact: AddressesUpdated) -> Iterator[Notice]:
    return (_customer("address.updated", customer, addressIdent=ident) for customer, ident in fact.address_idents)
