"""Customers and contacts of another account."""

from contor.api.fastbill.customers import contacts, write
from contor.api.fastbill.customers.types import NewContact, NewCustomer
from contor.api.fastbill.taking.once import CONTACT, CUSTOMER, Take, given, meant, once
from contor.kernel.operations import operation
from contor.runtime.uow import Uow
from contor.takeovers.taking import Taken


@operation("fastbill.take_customer", permission="customers.write")
def take_customer(uow: Uow, take: Take) -> Taken:
    """A customer with his own number, address, bank account and mandate."""
    return once(uow, take, CUSTOMER, lambda: write.create(uow, given(NewCustomer, take.content))["customer_id"])


@operation("fastbill.take_contact", permission="customers.write")
def take_contact(uow: Uow, take: Take) -> Taken:
    """A further person of a customer that was taken over."""

    def make() -> object:
        customer = meant(uow, take, CUSTOMER, "CUSTOMER_ID")
        return contacts.create(uow, given(NewContact, take.content, customer_id=customer))["contact_id"]

    return once(uow, take, CONTACT, make)
