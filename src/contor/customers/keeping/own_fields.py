"""What a customer has in the fields that the tenant declares."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.custom_fields.types import MOST_FIELDS
from contor.custom_fields.values import kept, values_of
from contor.customers.customers import CUSTOMERS, OneCustomer
from contor.customers.events import CustomersUpdated
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


@shape
class CustomFieldsView:
    values: dict[str, object]


@shape
class CustomFieldsBody:
    values: Annotated[dict[str, object], Field(max_length=MOST_FIELDS)]
    """By the keys of the fields; null unsets one, and what is not said stays."""


@dataclass(frozen=True, slots=True)
class ChangeCustomFields:
    customer_ident: str
    body: CustomFieldsBody


@operation("customer.get_custom_fields", permission="customers.read", reads=True)
def get_custom_fields(uow: Uow, command: OneCustomer) -> CustomFieldsView:
    """The values by the keys of the fields; a field without one is not there."""
    CUSTOMERS.require(uow, (command.customer_ident,))
    return _view(uow, command.customer_ident)


@operation("customer.change_custom_fields", permission="customers.write")
def change_custom_fields(uow: Uow, command: ChangeCustomFields) -> CustomFieldsView:
    """Set or unset values. Raises INVALID with every value that its field does not allow."""
    CUSTOMERS.require(uow, (command.customer_ident,), lock=True)
    kept(uow, "CUSTOMER", command.customer_ident, command.body.values, "values")
    uow.emit(CustomersUpdated(customer_idents=(command.customer_ident,)))
    return _view(uow, command.customer_ident)


def _view(uow: Uow, ident: str) -> CustomFieldsView:
    return CustomFieldsView(values={**values_of(uow, "CUSTOMER", [ident])[ident]})
