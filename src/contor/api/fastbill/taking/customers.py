"""Customers and contacts of another account."""

from contor.api.fastbill.customers import contacts, write
from contor.api.fastbill.customers.types import CreditData, NewContact, NewCustomer
from contor.api.fastbill.names import said
from contor.api.fastbill.sent import sent
from contor.api.fastbill.taking.foreign import amount_of, word
from contor.api.fastbill.taking.once import CONTACT, CUSTOMER, Take, given, meant, once
from contor.customers.keeping import is_free
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.runtime.uow import Uow
from contor.takeovers.taking import Taken


@operation("fastbill.take_customer", permission="customers.write")
def take_customer(uow: Uow, take: Take) -> Taken:
    """A customer with his own number, address, bank account and mandate, and what stands to his credit. Where his account in the books is
    another customer's here, or no debtor's, he gets the next one."""
    return once(uow, take, CUSTOMER, lambda: _taken(uow, take))


@operation("fastbill.take_contact", permission="customers.write")
def take_contact(uow: Uow, take: Take) -> Taken:
    """A further person of a customer that was taken over."""

    def make() -> object:
        customer = meant(uow, take, CUSTOMER, "CUSTOMER_ID")
        return contacts.create(uow, given(NewContact, take.content, customer_id=customer))["contact_id"]

    return once(uow, take, CONTACT, make)


# helpers in calling order


def _taken(uow: Uow, take: Take) -> object:
    account = word(take.content, "ACCOUNT_RECEIVABLE")
    is_kept = account.isdecimal() and len(account) < 10 and is_free(uow, int(account))
    made = write.create(uow, given(NewCustomer, take.content, account_receivable=account if is_kept else None))
    number = made["customer_id"]
    if (credit := amount_of(said(take.content, "CREDIT_BALANCE"))) > ZERO:
        write.add_credits(uow, sent(CreditData, {"customer_id": number, "amount": credit}))
    return number
