"""Customers, found by what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contor.api.fynn.customers.shown import STATUSES, customers_shown
from contor.api.fynn.lists import anywhere
from contor.api.route import By, Sought
from contor.customers.keeping import list_kept
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow
from contor.tax.found_customers import CHECKED_CUSTOMERS

SOUGHT: Final = Sought(
    by={
        "partner": By(field="partner"),
        "companyName": By(field="company"),
        "customerGroup.name": By(field="group.name"),
        "customerNumber": By(field="customer_ident"),
        "datevId": By(field="debtor_account"),
        "emailAddresses.email": By(field="emails.email"),
        "externalId": By(field="external_id"),
        "firstName": By(field="first_name"),
        "lastName": By(field="last_name"),
        "vatId": By(field="vat_id"),
        "isVatIdValid": By(field="vat_status", words={"true": "VALID", "1": "VALID", "false": "INVALID", "0": "INVALID"}),
        "status": By(field="status", words={word: name for name, word in STATUSES.items()}),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={
        "createdAt": "id",
        "companyName": "company",
        "customerNumber": "customer_ident",
        "firstName": "first_name",
        "lastName": "last_name",
    },
    text=anywhere("customer_ident", "company", "first_name", "last_name", "email"),
)


@dataclass(frozen=True, slots=True)
class ListCustomers:
    query: ListQuery


@operation("fynn.customer_list", permission="customers.read", reads=True)
def list_customers(uow: Uow, command: ListCustomers) -> Page:
    """Those that are not deleted."""

    def shown(rows: Sequence[Fields]) -> Sequence[object]:
        return customers_shown(uow, rows)

    return list_kept(uow, command.query, CHECKED_CUSTOMERS, shown)
