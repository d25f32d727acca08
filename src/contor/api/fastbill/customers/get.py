"""customer.get."""

from decimal import Decimal

from contor.api.fastbill.customers.answers import customer
from contor.api.fastbill.customers.links import links_of, number_meant
from contor.api.fastbill.customers.types import CustomerFilter
from contor.api.fastbill.writing import Fields, listed
from contor.customers.keeping import FindCustomers, find_customers
from contor.kernel.operations import operation
from contor.openitems.credits import credit_balances
from contor.runtime.uow import Uow


@operation("fastbill.customer_get", permission="customers.read", reads=True)
def get(uow: Uow, where: CustomerFilter) -> Fields:
    """The customers that the filter means, the oldest first."""
    meant = number_meant(uow, where.hash, where.dashboard_url, where.changedata_url)
    wanted = {number for number in (where.customer_id, meant) if number is not None}
    if len(wanted) > 1:
        return listed("customers", [])
    found = find_customers(
        uow,
        FindCustomers(
            numbers=tuple(wanted) or None,
            idents=None if where.customer_number is None else (where.customer_number,),
            external_id=where.customer_ext_uid,
            country=where.country_code,
            city=where.city,
            comment=where.comment[:255] if where.comment is not None else None,
            term=where.term,
            limit=where.limit,
            offset=where.offset,
        ),
    )
    currencies = {one.customer["customer_ident"]: one.customer["currency"] or "EUR" for one in found}
    standing = credit_balances(uow, currencies)
    balances = {one.customer_ident: one.balance for one in standing if one.currency == currencies[one.customer_ident]}
    return listed(
        "customers",
        [
            customer(one, links_of(uow, one.customer["id"]), balances.get(one.customer["customer_ident"], Decimal(0)))
            for one in found
        ],
    )
