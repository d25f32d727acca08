"""What clients send of a customer, and by what they look for one. Pure."""

from typing import Annotated, Any

from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Code, Get, Id, Line, Whole, choice
from contor.kernel.shapes import shape

CustomerType: Any = choice("business", "consumer")
Salutation: Any = choice("mr", "mrs", "family")
PaymentType = Annotated[Whole, "1 transfer, 2 direct debit, 3 cash, 4 paypal, 5 advance payment, 6 credit card"]


@shape
class CustomerFilter(Get):
    customer_id: Id | None = None
    customer_number: Line | None = None
    country_code: Annotated[Code | None, Also("customer_country")] = None
    city: Line | None = None
    term: Line | None = None


@shape
class CustomerData:
    """DATA of customer.create; what is left out stays as it is in customer.update."""

    customer_type: CustomerType
    customer_number: Line | None = None
    organization: Line | None = None
    academic_degree: Annotated[Line | None, Also("title_academic")] = None
    salutation: Salutation | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    address: Line | None = None
    address_2: Line | None = None
    zipcode: Line | None = None
    city: Line | None = None
    country_code: Code | None = None
    phone: Line | None = None
    email: Line | None = None
    vat_id: Line | None = None
    tax_id: Line | None = None
    currency_code: Code | None = None
    language_code: Line | None = None


CORE = {
    "customer_ident": "CUSTOMER_NUMBER",
    "company": "ORGANIZATION",
    "academic_title": "ACADEMIC_DEGREE",
    "gender": "SALUTATION",
    "street": "ADDRESS",
    "address_addition": "ADDRESS_2",
    "zip": "ZIPCODE",
    "country": "COUNTRY_CODE",
    "tax_number": "TAX_ID",
    "currency": "CURRENCY_CODE",
    "language": "LANGUAGE_CODE",
    "iban": "BANK_IBAN",
    "bic": "BANK_BIC",
    "bank_name": "BANK_NAME",
    "holder": "BANK_ACCOUNT_OWNER",
    "birth_date": "BIRTHDAY",
}
"""Field of the core -> tag."""
