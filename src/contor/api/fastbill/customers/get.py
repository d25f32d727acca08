"""customer.get."""

from contor.api.fastbill.customers.types import CustomerFilter
from contor.api.fastbill.writing import Fields, identifier, listed, moment, words
from contor.customers.found import FindCustomers, FoundCustomer, find_customers
from contor.kernel.operations import operation
from contor.runtime.uow import Uow

SALUTATIONS = {"MALE": "mr", "FEMALE": "mrs"}


@operation("fastbill.customer_get", permission="customers.read", reads=True)
def get(uow: Uow, where: CustomerFilter) -> Fields:
    """The customers that the filter means, the oldest first."""
    found = find_customers(
        uow,
        FindCustomers(
            numbers=None if where.customer_id is None else (where.customer_id,),
            idents=None if where.customer_number is None else (where.customer_number,),
            country=where.country_code,
            city=where.city,
            term=where.term,
            limit=where.limit,
            offset=where.offset,
        ),
    )
    return listed("customers", [customer(one) for one in found])


def customer(found: FoundCustomer) -> Fields:
    """A customer as lists answer it."""
    row, address = found
    return {
        "customer_id": identifier(row["id"]),
        "customer_number": row["customer_ident"],
        "created": moment(row["created_at"]),
        "customer_type": "consumer" if row["customer_type"] == "B2C" else "business",
        "organization": words(row["company"]),
        "academic_degree": words(row["academic_title"]),
        "salutation": SALUTATIONS.get(address.gender or "", "") if address is not None else "",
        "first_name": words(row["first_name"]),
        "last_name": words(row["last_name"]),
        "address": words(_street(found)),
        "address_2": words(address.address_addition if address is not None else None),
        "zipcode": words(address.zip if address is not None else None),
        "city": words(address.city if address is not None else None),
        "country_code": words(address.country if address is not None else None),
        "phone": words(row["phone"]),
        "email": words(row["email"]),
        "vat_id": words(row["vat_id"]),
        "tax_id": words(row["tax_number"]),
        "currency_code": words(row["currency"]),
        "language_code": words(row["language"]),
        "lastupdate": moment(row["last_modified_at"]),
    }


def _street(found: FoundCustomer) -> str | None:
    address = found.address
    return " ".join(filter(None, (address.street, address.street_no))) if address is not None else None
