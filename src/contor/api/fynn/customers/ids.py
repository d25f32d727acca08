"""Ids of customers and what belongs to them. An address or e-mail has no name of its own: its UUID is made of its number."""

from typing import Final

from contor.api.fynn.ids import CUSTOMER, uuids
from contor.api.ids import DialectIds, as_uuid, of_uuid
from contor.custom_fields.fields import NUMBERED as FIELDS
from contor.customers.customers import CUSTOMERS
from contor.customers.standing import NUMBERED as GROUPS
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow, not_found

GROUP: Final = uuids(GROUPS)
FIELD: Final = DialectIds(FIELDS, ("UUID", "EXTERNAL"))


def customer_row(uow: Uow, text: str) -> Fields:
    """The customer as he is stored, by his UUID, his `externalId` or his number. Raises NOT_FOUND, also for who is deleted."""
    ident = CUSTOMER.find(uow, [text])[text]
    row = CUSTOMERS.find(uow, (ident,)) if len(ident) <= 255 else None
    if row is None or row["deleted_at"] is not None:
        raise not_found("customer", text)
    return row


def customer_ident(uow: Uow, text: str) -> str:
    """As `customer_row`, the ident alone."""
    return str(customer_row(uow, text)["customer_ident"])


def address_id(uow: Uow, number: int) -> str:
    return as_uuid(number, f"{uow.ctx.tenant_id}:address")


def address_number(uow: Uow, text: str) -> int:
    """The number of the address with this id. Raises NOT_FOUND for what is none of this tenant's."""
    return _number(uow, text, "address")


def email_id(uow: Uow, number: int) -> str:
    return as_uuid(number, f"{uow.ctx.tenant_id}:customer_email")


def email_number(uow: Uow, text: str) -> int:
    """The number of the e-mail with this id. Raises NOT_FOUND."""
    return _number(uow, text, "customer_email")


def _number(uow: Uow, text: str, kind: str) -> int:
    number = of_uuid(text, f"{uow.ctx.tenant_id}:{kind}")
    if number is None:
        raise not_found(kind, text)
    return number
