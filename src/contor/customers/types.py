"""The values of a customer."""

from typing import Literal

from contor.kernel.shapes import Name255, Text255, shape

CustomerType = Literal["B2B", "B2C", "AFFILIATED"]


@shape
class Property:
    key: Name255
    value: Text255


@shape
class TaxClassification:
    code: Name255
    name: Text255 | None = None


@shape
class TaxExemption:
    code: Name255
    reason: Text255 | None = None
