"""contact.*: persons at a customer, each with an address of his own."""

from contor.api.fastbill.customers.answers import contact
from contor.api.fastbill.customers.types import CORE, ChangedContact, ContactFilter, NewContact, OneContactData
from contor.api.fastbill.customers.write import customer_numbered
from contor.api.fastbill.customers.written import contact_of
from contor.api.fastbill.ids import unknown
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.sent import sent
from contor.api.fastbill.writing import Fields, done, identifier, listed
from contor.customers.customers import ADDRESSES
from contor.customers.keeping import (
    CreateContact,
    FindContacts,
    OneContact,
    UpdateContact,
    create_contact,
    find_contacts,
    remove_contact,
    update_contact,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


@operation("fastbill.contact_get", permission="customers.read", reads=True)
def get(uow: Uow, where: ContactFilter) -> Fields:
    """The contacts that the filter means, the oldest first."""
    wanted = FindContacts(
        customer_number=where.customer_id,
        customer_ident=where.customer_number,
        number=where.contact_id,
        term=where.term,
        limit=where.limit,
        offset=where.offset,
    )
    return listed("contacts", [contact(one) for one in find_contacts(uow, wanted)])


@operation("fastbill.contact_create", permission="customers.write")
def create(uow: Uow, data: NewContact) -> Fields:
    """A further person of a customer."""
    customer = customer_numbered(uow, data.customer_id).customer
    if not (data.organization or data.last_name):
        raise Refused(Kind.INVALID, Problem("missing", "is required", "last_name"))
    with said_as(CORE):
        body = sent(ADDRESSES.creation, {"address_type": "INVOICE", **contact_of(data, None)})
        number = create_contact(uow, CreateContact(customer["customer_ident"], body))
    return done(contact_id=number)


@operation("fastbill.contact_update", permission="customers.write")
def update(uow: Uow, data: ChangedContact) -> Fields:
    """What is said changes; all else stays."""
    ident = customer_numbered(uow, data.customer_id).customer["customer_ident"]
    before = find_contacts(uow, FindContacts(customer_ident=ident, number=data.contact_id))
    if not before:
        raise unknown("contact_id", data.contact_id)
    row = before[0].row
    with said_as(CORE):
        kept = {name: row[name] for name in ADDRESSES.update_body.model_fields if name in row}
        body = sent(ADDRESSES.update_body, {**kept, **contact_of(data, row)})
        update_contact(uow, UpdateContact(ident, data.contact_id, body))
    return done(contact_id=identifier(data.contact_id))


@operation("fastbill.contact_delete", permission="customers.write")
def delete(uow: Uow, data: OneContactData) -> Fields:
    """Nobody finds the contact any more."""
    ident = customer_numbered(uow, data.customer_id).customer["customer_ident"]
    if not find_contacts(uow, FindContacts(customer_ident=ident, number=data.contact_id)):
        raise unknown("contact_id", data.contact_id)
    remove_contact(uow, OneContact(customer_ident=ident, number=data.contact_id))
    return done()
