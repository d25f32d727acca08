"""Customers are also found by whether the register knows their VAT id."""

from typing import Final

from contor.customers.customers import CUSTOMERS
from contor.runtime.query import Filterable, FilterField, worked_out
from contor.runtime.query.filterable import field_type

_VALID = (
    "SELECT v.status = 'VALID' FROM vat_number_check v WHERE v.tenant_id = customer.tenant_id"
    " AND v.customer_ident = customer.customer_ident AND v.vat_id = customer.vat_id AND v.status IN ('VALID', 'INVALID')"
    " ORDER BY v.id DESC LIMIT 1"
)
CHECKED_CUSTOMERS: Final = Filterable(
    {**CUSTOMERS.search.fields, "vat_id_valid": FilterField(worked_out(_VALID, bool), *field_type(bool))},
    default_sort=CUSTOMERS.search.default_sort,
)
"""`vat_id_valid`: as the register said last; of a number that nobody has asked about it has no value."""
