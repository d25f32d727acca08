"""The values of a customer. Pure."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contor.kernel.codes import EXEMPT, coded
from contor.kernel.shapes import Ident, Name255, Text64, Text255, Until, called, shape
from contor.settings.countries import Country
from contor.settings.types import SiteBankAccount


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


CustomerType = Annotated[Literal["B2B", "B2C", "AFFILIATED"], BeforeValidator(_upper)]
"""Upper or lower case on input."""


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


@shape
class PaymentAccount(SiteBankAccount):
    """An account that the customer pays from; by its ident orders, contracts and documents name it (`customerPaymentAccountIdent`)."""

    ident: Ident | None = None


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
