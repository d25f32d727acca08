"""Customers as bookings name them: in short."""

from collections.abc import Collection

from contor.api.fynn.banking.answers import ShortCustomer
from contor.api.fynn.ids import CUSTOMER
from contor.customers.keeping import FindCustomers, find_customers
from contor.runtime.uow import Uow


def short_customers(uow: Uow, idents: Collection[str]) -> dict[str, ShortCustomer]:
    """By ident, those that exist."""
    if not idents:
        return {}
    ids = CUSTOMER.shown(uow, idents)
    found = find_customers(uow, FindCustomers(idents=tuple(sorted(idents)), deleted=True, limit=len(idents)))
    return {
        one.customer["customer_ident"]: ShortCustomer(
            id=str(ids[one.customer["customer_ident"]]),
            customer_number=one.customer["customer_ident"],
            first_name=one.customer["first_name"],
            last_name=one.customer["last_name"],
            currency_code=one.customer["currency"],
            company_name=one.customer["company"],
            datev_id=str(one.customer["debtor_account"]) if one.customer["debtor_account"] else None,
            status="STATUS_ARCHIVED" if one.customer["deleted_at"] else "STATUS_ACTIVE",
        )
        for one in found
    }
