"""What clients send of customers and contacts, and by what they look for them. Pure."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Attributes, Code, Day, Flag, Get, Id, Line, Number, Whole, Words, one_of, text, whole
from contor.kernel.shapes import shape

_BY_NUMBER = {"1": "EUR", "2": "GBP", "3": "CHF", "4": "USD", "25": "NOK"}
"""Currencies as old clients number them."""


def _currency(value: object) -> str:
    code = text(value).strip().upper()
    return _BY_NUMBER.get(code, code)


def _words(value: object) -> str:
    """A list is said with commas, or as a list."""
    return ",".join(text(one) for one in value) if isinstance(value, list) else text(value)


CustomerType = Annotated[str, one_of("business", "consumer")]
Salutation = Annotated[str, one_of("mr", "mrs", "family")]
Delivery = Annotated[str, one_of("none", "mail", "post", "both")]
PaymentType = Annotated[int, BeforeValidator(whole), Field(ge=1, le=6)]
"""1 transfer, 2 direct debit, 3 cash, 4 paypal, 5 advance payment, 6 credit card."""
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), BeforeValidator(_currency)]
Commas = Annotated[str, Field(max_length=2_000), BeforeValidator(_words)]


@shape
class CustomerFilter(Get):
    customer_id: Id | None = None
    customer_number: Line | None = None
    customer_ext_uid: Line | None = None
    country_code: Annotated[Code | None, Also("customer_country")] = None
    city: Line | None = None
    term: Line | None = None
    comment: Line | None = None
    hash: Line | None = None
    dashboard_url: Words | None = None
    changedata_url: Annotated[Words | None, Also("changedate_url", "accountdata_url")] = None


@shape
class Person:
    """Who somebody is, and how he is reached: of customers and contacts alike."""

    organization: Line | None = None
    position: Line | None = None
    academic_degree: Annotated[Line | None, Also("title_academic")] = None
    salutation: Salutation | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    address: Line | None = None
    address_2: Line | None = None
    zipcode: Line | None = None
    city: Line | None = None
    state: Line | None = None
    country_code: Code | None = None
    secondary_address: Line | None = None
    phone: Line | None = None
    phone_2: Line | None = None
    fax: Line | None = None
    mobile: Line | None = None
    email: Line | None = None
    website: Line | None = None
    vat_id: Line | None = None
    currency_code: Currency | None = None
    comment: Words | None = None
    tags: Commas | None = None


@shape
class CustomerFields(Person):
    """All of a customer; in customer.update what is left out stays as it is."""

    customer_number: Line | None = None
    customer_ext_uid: Line | None = None
    days_for_payment: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    payment_type: PaymentType | None = None
    bank_name: Line | None = None
    bank_account_number: Line | None = None
    bank_code: Line | None = None
    bank_account_owner: Line | None = None
    bank_iban: Line | None = None
    bank_bic: Line | None = None
    bank_account_mandate_reference: Annotated[Line | None, Also("bank_mandate_reference")] = None
    bank_account_mandate_reference_date: Annotated[Day | None, Also("bank_mandate_reference_date")] = None
    bank_account_owner_address: Line | None = None
    bank_account_owner_city: Line | None = None
    bank_account_owner_zipcode: Line | None = None
    bank_account_owner_email: Line | None = None
    show_payment_notice: Flag | None = None
    account_receivable: Whole | None = None
    customer_account: Line | None = None
    top: Line | None = None
    newsletter_optin: Flag | None = None
    email_cc: Commas | None = None
    birthday: Day | None = None
    payment_mail_address: Line | None = None
    tax_id: Line | None = None
    language_code: Line | None = None
    affiliate: Line | None = None
    invoice_delivery_method: Delivery | None = None
    buyer_reference: Line | None = None
    gln: Line | None = None
    allowed_payment_types: Commas | None = None
    payment_provider: Line | None = None
    payment_token: Line | None = None
    """What a payment provider calls the customer's card or account: it is collected by it, and never answered."""
    x_attributes: Attributes | None = None
    suppress_mail: Flag = False
    """No mail tells the customer of it, as one does of a mandate."""


@shape
class NewCustomer(CustomerFields):
    customer_type: CustomerType


@shape
class ChangedCustomer(CustomerFields):
    customer_id: Id
    customer_type: CustomerType | None = None


@shape
class OneCustomerData:
    customer_id: Id


@shape
class CreditData:
    customer_id: Id
    amount: Annotated[Number, Field(gt=0)]
    description: Line | None = None


@shape
class ContactFilter(Get):
    customer_id: Id | None = None
    customer_number: Line | None = None
    contact_id: Id | None = None
    term: Line | None = None


@shape
class NewContact(Person):
    customer_id: Id


@shape
class ChangedContact(Person):
    customer_id: Id
    contact_id: Id


@shape
class OneContactData:
    customer_id: Id
    contact_id: Id


CORE = {
    "customer_ident": "CUSTOMER_NUMBER",
    "external_id": "CUSTOMER_EXT_UID",
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
    "holder": "BANK_ACCOUNT_OWNER",
    "mandate_reference": "BANK_ACCOUNT_MANDATE_REFERENCE",
    "reference": "BANK_ACCOUNT_MANDATE_REFERENCE",
    "payment_method_reference": "PAYMENT_TOKEN",
    "merchant_payment_gateway_ident": "PAYMENT_TOKEN",
    "payment_method": "PAYMENT_TYPE",
    "mandate_signed_on": "BANK_ACCOUNT_MANDATE_REFERENCE_DATE",
    "signed_on": "BANK_ACCOUNT_MANDATE_REFERENCE_DATE",
    "birth_date": "BIRTHDAY",
    "electronic_address": "GLN",
    "identifier": "GLN",
    "debtor_account": "ACCOUNT_RECEIVABLE",
    "properties": "X_ATTRIBUTES",
    "key": "X_ATTRIBUTES",
    "value": "X_ATTRIBUTES",
    "days": "DAYS_FOR_PAYMENT",
    "method": "PAYMENT_TYPE",
}
"""Field of the core -> tag."""
METHODS = {1: "TRANSFER", 2: "DIRECT_DEBIT", 3: "CASH", 4: "PAY_PAL", 5: "ADVANCE", 6: "CREDIT_CARD"}
"""PAYMENT_TYPE -> how the customer pays."""
OWN = (
    "customer_account",
    "top",
    "newsletter_optin",
    "payment_mail_address",
    "affiliate",
    "allowed_payment_types",
    "payment_provider",
    "bank_account_owner_address",
    "bank_account_owner_city",
    "bank_account_owner_zipcode",
    "bank_account_owner_email",
)
"""What is kept and answered as it was said, and nothing else: properties of the customer, see `OWN_PREFIX`."""
OWN_PREFIX = "fastbill."
RESERVED = frozenset({"mail"})
"""Properties of the core's own, which are no attributes of the caller's."""
