"""Customers are also found by what the register said of their VAT id."""

from typing import Final

from contor.customers.customers import CUSTOMERS
from contor.runtime.query import Filterable, any_named
from contor.tax.vat_numbers import last_answers

CHECKED_CUSTOMERS: Final = Filterable(
    {
        **CUSTOMERS.search.fields,
        "vat_status": any_named(CUSTOMERS.table.c.customer_ident, last_answers, "customer_ident", "status"),
    },
    default_sort=CUSTOMERS.search.default_sort,
)
"""`vat_status`: VALID or INVALID, as it said last; of a number that nobody has asked about it has no value."""
