"""What is said of an address that was checked. Pure."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from contor.kernel.shapes import shape

ValidationProvider = Literal["SYNTAX", "DIRECTORY"]
"""By whom addresses are checked: by the rules of a country's post, or beside them by a list of its places that the tenant brought."""
ValidationMode = Literal["REPORT", "REFUSE"]
"""Whether an address that is not right is stored with what was found, or refused."""
ValidationStatus = Literal["VALID", "INVALID", "UNCHECKED"]
"""UNCHECKED: nothing is known of the post of its country."""


class Checked(NamedTuple):
    """What is looked at of an address."""

    customer_ident: str
    address_ident: str
    country: str
    zip: str | None
    city: str | None
    street: str | None
    post_office_box: str | None
    state: str | None
    state_code: str | None


@shape
class AddressFinding:
    field: str
    error: str


@shape
class AddressValidation:
    status: ValidationStatus
    provider: ValidationProvider
    findings: tuple[AddressFinding, ...] = ()
    checked_at: dt.datetime


class Post(NamedTuple):
    """What a country's post asks of an address."""

    needs: frozenset[str]
    """`street_address`, `postal_code`, `city`, `country_area`."""
    codes: tuple[re.Pattern[str], ...]
    """Forms of postal codes; a code has each of them."""
    examples: tuple[str, ...]


class Places(NamedTuple):
    """Of one country's list of places: what is known of the postal codes that are asked for."""

    cities: Mapping[str, frozenset[str]]
    """The folded names of the places of each postal code, by the folded code; a code that the list lacks has none."""


NO_PLACES: Final = Places({})
