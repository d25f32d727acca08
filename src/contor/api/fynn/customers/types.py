"""What is sent of customers. Pure."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from contor.api.fynn.customers.answers import AddressType, Gender
from contor.api.fynn.manners import CustomFields, id_meant
from contor.custom_fields.types import FieldKey, Options
from contor.customers.types import Email
from contor.kernel.partial import Partial, changing
from contor.kernel.shapes import Currency, Ident, Name255, Text, Text32, Text64, Text100, Text255, shape
from contor.settings.countries import PostalCountry
from contor.settings.identifiers import VatId
from contor.settings.types import TimeZone

Text2To255 = Annotated[Text255, Field(min_length=2)]


@shape
class CustomerFields:
    """What is said of a customer; what is not said is as it was, of a new one as it is usual."""

    email: Email | None = None
    """By which he signs in: no other customer has it."""
    company_name: Text2To255 | None = None
    first_name: Text2To255 | None = None
    last_name: Text2To255 | None = None
    gender: Gender | None = None
    language: Literal["de", "en"] | None = None
    time_zone: TimeZone | None = None
    country_code: PostalCountry | None = None
    currency_code: Currency | None = None
    external_id: Text255 | None = None
    vat_id: VatId | None = None
    tax_exempt: Literal["auto", "exempt"] | None = None
    """`auto`: by country and VAT id. `exempt`: nothing that is supplied to him bears tax."""
    datev_id: Annotated[str, Field(pattern=r"^[1-9][0-9]{4,8}$")] | None = None
    """His account in the books; without one, the next that is free."""
    commercial_register_name: Text255 | None = None
    commercial_register_number: Text100 | None = None
    phone: Text100 | None = None
    invoice_email: Email | None = None
    contact_person: Text64 | None = None
    """The user who is in charge of the customer."""
    customer_group: Annotated[Ident, BeforeValidator(id_meant), WithJsonSchema({"type": "string"})] | None = None
    partner: Text255 | None = None
    custom_fields: CustomFields | None = None


@shape
class NewCustomer(CustomerFields):
    customer_number: Annotated[Ident, Field(min_length=2)] | None = None
    """Without one, the next of ours."""
    street: Text255 | None = None
    house_number: Text255 | None = None
    addition: Text255 | None = None
    zip: Text255 | None = None
    city: Text255 | None = None


@shape
class SaidOfCustomer(CustomerFields):
    customer_number: Text255 | None = None
    """It stays; it may be said again."""


ChangedCustomer: Partial = changing(SaidOfCustomer, "ChangedCustomer")
"""What is left out stays, null clears it."""


@shape
class AddressFields:
    type: AddressType = "TYPE_DEFAULT"
    company_name: Text255 | None = None
    salutation: Literal["Firma", "Herr", "Frau"] | None = None
    first_name: Text255 | None = None
    last_name: Text255 | None = None
    street: Text2To255 | None = None
    house_number: Text255 | None = None
    addition: Text255 | None = None
    zip: Text255 | None = None
    city: Text2To255 | None = None
    country_code: PostalCountry | None = None
    cost_centre: Text2To255 | None = None
    """Printed below the name."""
    vat_id: VatId | None = None


@shape
class ChangedAddress(AddressFields):
    default: bool | None = None
    """Yes: the default one of its type from now on; what is left out stays."""


@shape
class EmailFields:
    email: Email
    receiver_name: Text255 | None = None
    is_invoice_email: bool = False
    is_dunning_email: bool = False
    is_default: bool | None = None
    """Whether he signs in by it; what is left out stays, and is no for a new one."""


@shape
class MethodChosen:
    payment_method_id: Text255


@shape
class ParentSent:
    parent_customer_id: Text255


@shape
class MergeSent:
    target_customer_id: Text255
    """Who takes his place."""


@shape
class GroupSent:
    name: Name255
    description: Text | None = None


@shape
class FieldSent:
    entity: Literal["customer", "product", "subscription", "invoice"]
    key: FieldKey
    name: Name255
    type: Literal["text", "number", "date", "selection", "multi_selection", "list", "checkbox"]
    options: Options = ()
    description: Text | None = None
    position: int = 0


@shape
class CustomerSettings:
    """The keys of one context that are to change; null: as the organisation has it."""

    e_invoice_format: Literal["zugferd", "xrechnung", "peppol"] | None = None
    payment_term_days: Annotated[int, Field(ge=0, le=366)] | None = None
    auto_send_documents: bool | None = None
    disable_payment_reminders: bool | None = None
    disable_dunning_fees: bool | None = None


@shape
class EmailSent:
    email: Email


@shape
class OtpSent:
    email: Email
    otp: Text32
