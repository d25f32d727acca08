"""customer.create."""

from contor.api.fastbill.customers.types import CORE, CustomerData
from contor.api.fastbill.ids import CUSTOMER, number_of
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

GENDERS = {"mr": "MALE", "mrs": "FEMALE"}
ADDRESS = "main"
"""The ident of the address of a customer who has one."""


@operation("fastbill.customer_create", permission="customers.write")
def create(uow: Uow, data: CustomerData) -> Fields:
    """A customer with his address."""
    named = {"business": "organization", "consumer": "last_name"}[data.customer_type]
    if not getattr(data, named):
        raise Refused(Kind.INVALID, Problem("missing", "is required", named))
    with said_as(CORE):
        made = create_customer(uow, CreateCustomer(validated(CustomerCreation, _body(data))))
    ident = made["customer_ident"]
    return done(customer_id=number_of(uow, CUSTOMER, ident), customer_number=ident)


def _body(data: CustomerData) -> Fields:
    return {
        "customer_ident": data.customer_number,
        "customer_type": "B2B" if data.customer_type == "business" else "B2C",
        "company": data.organization,
        "academic_title": data.academic_degree,
        "first_name": data.first_name,
        "last_name": data.last_name,
        "email": data.email,
        "phone": data.phone,
        "vat_id": data.vat_id,
        "tax_number": data.tax_id,
        "currency": data.currency_code,
        "language": data.language_code.lower() if data.language_code else None,
        "addresses": [
            {
                "address_ident": ADDRESS,
                "address_type": "INVOICE",
                "company": data.organization,
                "academic_title": data.academic_degree,
                "gender": GENDERS.get(data.salutation or ""),
                "first_name": data.first_name,
                "last_name": data.last_name,
                "street": data.address,
                "address_addition": data.address_2,
                "zip": data.zipcode,
                "city": data.city,
                "country": data.country_code or "DE",
            }
        ],
    }
