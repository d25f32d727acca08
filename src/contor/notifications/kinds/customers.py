"""What is told of customers and their addresses."""

from collections.abc import Iterator

from contor.customers.events import (
    AddressesCreated,
    AddressesUpdated,
    ContactsCreated,
    ContactsDeleted,
    ContactsUpdated,
    CustomersCreated,
    CustomersDeleted,
    CustomersMerged,
    CustomersUpdated,
    ParentsAssigned,
    ParentsRemoved,
    StatusesChanged,
)
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.payments.methods import MethodRemoved, MethodsCreated, MethodsUpdated, methods_named
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


@notified(CustomersDeleted, {"customer.deleted": "A customer was deleted, or is kept for his documents alone."})
def customers_deleted(uow: Uow, fact: CustomersDeleted) -> Iterator[Notice]:
    return (_customer("customer.deleted", ident, customerId=number) for ident, number in fact.customers)


@notified(ContactsCreated, {"contact.created": "A customer got a contact person."})
def contacts_created(uow: Uow, fact: ContactsCreated) -> Iterator[Notice]:
    return (_customer("contact.created", customer, addressIdent=ident) for customer, ident in fact.contact_idents)


@notified(ContactsUpdated, {"contact.updated": "A contact person of a customer was changed."})
def contacts_updated(uow: Uow, fact: ContactsUpdated) -> Iterator[Notice]:
    return (_customer("contact.updated", customer, addressIdent=ident) for customer, ident in fact.contact_idents)


@notified(ContactsDeleted, {"contact.deleted": "A contact person of a customer was deleted."})
def contacts_deleted(uow: Uow, fact: ContactsDeleted) -> Iterator[Notice]:
    for (customer, ident), number in zip(fact.contact_idents, fact.numbers, strict=True):
        yield _customer("contact.deleted", customer, addressIdent=ident, contactId=number)


_STATUSES = {
    ("ACTIVE", "ARCHIVED"): "customer.archived",
    ("SUSPENDED", "ARCHIVED"): "customer.archived",
    ("ARCHIVED", "ACTIVE"): "customer.unarchived",
    ("ACTIVE", "SUSPENDED"): "customer.suspended",
    ("SUSPENDED", "ACTIVE"): "customer.reinstated",
}


@notified(
    StatusesChanged,
    {
        "customer.archived": "A customer was archived: nothing new is begun with him, and nothing is billed.",
        "customer.unarchived": "A customer who was archived was taken up again.",
        "customer.suspended": "A customer was suspended: nothing new is begun with him, and nothing is billed for a while.",
        "customer.reinstated": "The suspension of a customer ended.",
    },
)
def statuses_changed(uow: Uow, fact: StatusesChanged) -> Iterator[Notice]:
    return (_customer(_STATUSES[before, after], ident) for ident, before, after in fact.changes)


@notified(ParentsAssigned, {"customer.parent.assigned": "A customer belongs to another one from now on."})
def parents_assigned(uow: Uow, fact: ParentsAssigned) -> Iterator[Notice]:
    for ident, parent, former in fact.assignments:
        yield _customer("customer.parent.assigned", ident, parentIdent=parent, formerParentIdent=former or None)


@notified(ParentsRemoved, {"customer.parent.removed": "A customer belongs to nobody any more."})
def parents_removed(uow: Uow, fact: ParentsRemoved) -> Iterator[Notice]:
    return (_customer("customer.parent.removed", ident, formerParentIdent=former) for ident, former in fact.removals)


@notified(CustomersMerged, {"customer.merged": "A customer was archived, and another one took his place."})
def customers_merged(uow: Uow, fact: CustomersMerged) -> Iterator[Notice]:
    return (_customer("customer.merged", ident, mergedIntoIdent=into) for ident, into in fact.merged)


@notified(MethodsCreated, {"paymentMethod.created": "A customer has a further way to pay."})
def methods_created(uow: Uow, fact: MethodsCreated) -> Iterator[Notice]:
    return _methods(uow, "paymentMethod.created", fact.idents)


@notified(MethodsUpdated, {"paymentMethod.updated": "A way in which a customer pays was changed, or is the default now."})
def methods_updated(uow: Uow, fact: MethodsUpdated) -> Iterator[Notice]:
    return _methods(uow, "paymentMethod.updated", fact.idents)


@notified(MethodRemoved, {"paymentMethod.removed": "A customer pays no more in this way."})
def method_removed(uow: Uow, fact: MethodRemoved) -> Iterator[Notice]:
    yield _customer("paymentMethod.removed", fact.customer_ident, paymentMethodIdent=fact.ident)


def _methods(uow: Uow, type: str, idents: tuple[str, ...]) -> Iterator[Notice]:
    for ident, customer in methods_named(uow, idents):
        yield _customer(type, customer, paymentMethodIdent=ident)
