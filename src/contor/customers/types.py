"""The values of a customer. Pure."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from contor.kernel.shapes import Name255, Text255, Until, shape


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


CustomerType = Annotated[Literal["B2B", "B2C", "AFFILIATED"], BeforeValidator(_upper)]
"""Upper or lower case on input."""


@shape
class Property:
    key: Name255
    value: Text255


@shape
class BillingStop:
    """No billing run bills the customer; a run for this customer alone does."""

    until: Until = None
    """The last day; None: until it is taken away."""
    reason: Text255 | None = None


@shape
class TaxClassification:
    code: Name255
    name: Text255 | None = None


@shape
class TaxExemption:
    code: Name255
    reason: Text255 | None = None
