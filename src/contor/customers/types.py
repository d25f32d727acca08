"""The values of a customer. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Final, Literal, NotRequired, TypedDict

from pydantic import BeforeValidator, Field

from contor.kernel.codes import EXEMPT, coded
from contor.kernel.shapes import Currency, Ident, Name255, Text, Text64, Text100, Text255, Until, called, shape
from contor.settings.countries import Country
from contor.settings.types import EmailAddress, SiteBankAccount, TimeZone


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


CustomerType = Annotated[Literal["B2B", "B2C", "AFFILIATED"], BeforeValidator(_upper)]
"""Upper or lower case on input."""


Email = EmailAddress
CustomerStatus = Literal["ACTIVE", "SUSPENDED", "ARCHIVED"]
"""SUSPENDED: what runs is not billed, and nothing new begins. ARCHIVED: nothing runs, nothing new begins, and no document is issued but one
that takes another back."""
AddressUse = Literal["GENERAL", "INVOICE"]
"""What an address to which documents are sent is for: everything, or invoices alone."""
PaysBy = Literal["TRANSFER", "DIRECT_DEBIT", "CASH", "PAY_PAL", "ADVANCE", "CREDIT_CARD"]
Delivery = Literal["NONE", "MAIL", "POST", "BOTH"]


@shape
class Profile:
    """Who somebody is, how else he is reached, and what is noted of him."""

    salutation: Literal["MR", "MRS", "FAMILY"] | None = None
    position: Text255 | None = None
    secondary_address: Text255 | None = None
    phone_2: Text100 | None = None
    fax: Text100 | None = None
    mobile: Text100 | None = None
    website: Text255 | None = None
    comment: Text | None = None
    tags: Annotated[tuple[Name255, ...], Field(max_length=50)] = ()


@shape
class CustomerProfile(Profile):
    email_cc: Annotated[tuple[Email, ...], Field(max_length=10)] = ()
    """Who gets a copy of the documents that are mailed to the customer."""
    register_name: Text255 | None = None
    """The court or register of companies that the customer stands in."""
    register_number: Text100 | None = None
    """Its number there."""
    time_zone: TimeZone | None = None
    """Where the customer lives; documents are dated where they are issued."""
    contact_person: Text64 | None = None
    """The user of the organization who is in charge of the customer, by his id."""


@shape
class ContactProfile(Profile):
    """Of a person at a customer, whose address documents may be sent to."""

    email: Email | None = None
    """Where the person gets mail."""
    phone: Text100 | None = None
    """The first number to call."""
    currency: Currency | None = None
    """In which the person is billed."""


@shape
class PaymentTerms:
    """How a customer pays where nothing else is agreed."""

    method: PaysBy | None = None
    """By what the customer pays; ADVANCE: before the supply."""
    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    """Days from the document's date until it is due."""
    show_notice: bool = True
    """Whether documents say how they are to be paid."""


class TermFields(TypedDict):
    """How a customer pays, as it is stored."""

    method: NotRequired[PaysBy | None]
    days: NotRequired[int | None]


class DunningFields(TypedDict):
    """Of a `CustomerDunning`."""

    reminders: bool
    fees: bool


@shape
class CustomerDunning:
    """How a customer is dunned."""

    reminders: bool = True
    """Whether runs remind him by themselves; false: only one that names him does."""
    fees: bool = True
    """Whether letters to him claim fees and the flat charge."""


@shape
class Property:
    key: Annotated[Name255, called("key", "propertyIdent")]
    value: Annotated[Text255, called("value", "propertyValue")]


DebtorNumber = Annotated[int, Field(ge=1, lt=2**63)]
"""The number of a customer by which older clients name it (`debtorId`)."""


@shape
class BillingStop:
    """No billing run bills the customer; a run for this customer alone does."""

    until: Until = None
    """The last day; without it, until it is taken away."""
    reason: Text255 | None = None


SUSPENSION: Final[Mapping[str, object]] = {"until": None, "reason": "SUSPENDED"}
"""The block on the billing of who is suspended, as it is stored."""


@shape
class PaymentAccount(SiteBankAccount):
    """An account that the customer pays from; by its ident orders, contracts and documents name it (`customerPaymentAccountIdent`)."""

    ident: Ident | None = None
    mandate_reference: Text64 | None = None
    """Of a SEPA mandate that was signed for it."""
    mandate_signed_on: dt.date | None = None
    """Day on which the mandate was signed."""


@shape
class TaxClassification:
    """What the customer is to the tenant's tax rules, e.g. a builder who owes the tax of what other builders supply."""

    code: Name255
    """By which tax rules ask for it."""
    name: Text255 | None = None
    valid_from: dt.date | None = None
    """For supplies that are completed from this day on."""
    valid_until: Until = None
    """The last day."""


@shape
class TaxExemption:
    """Why what is supplied to the customer bears no tax: it is billed so where the tax is determined here, and the supply is completed on
    one of its days."""

    code: Annotated[Text64, coded(EXEMPT)]
    """BT-121."""
    reason: Text255 | None = None
    """BT-120: said on the document."""
    certificate_number: Text64 | None = None
    """Of what proves it: said behind the reason."""
    country: Country | None = None
    """By whose law it holds; without it, by that of any country that taxes a supply."""
    valid_from: dt.date | None = None
    valid_until: Until = None
    """The last day."""
