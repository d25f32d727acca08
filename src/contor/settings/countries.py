"""Countries: ISO 3166-1, in two or three letters on input, always two inside. Pure."""

from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contor.kernel.codes import COUNTRY, coded
from contor.kernel.places import alpha2
from contor.kernel.shapes import written

SPECIAL = {"UK": "GB", "EL": "GR"}
"""Beyond `alpha2`: VAT's own codes for the United Kingdom and Greece."""


def alpha_2(code: str) -> str | None:
    """The ISO 3166-1 alpha-2 code that `code` (alpha-2, alpha-3 or one of `SPECIAL`) means, or None."""
    return SPECIAL.get(code) or alpha2(code)


def _normalised(code: str) -> str:
    known = alpha_2(code)
    if known is None:
        raise PydanticCustomError("country_unknown", "is not an ISO 3166-1 country code")
    return known


def _postal(code: str) -> str:
    if code in SPECIAL:
        said = {"meant": SPECIAL[code]}
        raise PydanticCustomError("country_unknown", "is not an ISO 3166-1 country code, expected is {meant}", said)
    return code


def _subdivision(code: str) -> str:
    if pycountry.subdivisions.get(code=code) is None:  # type: ignore[no-untyped-call]  # pycountry's look-ups have no types
        raise PydanticCustomError("state_code_unknown", "is not an ISO 3166-2 code")
    return code


_COUNTRY = written(r"^[A-Z]+$", "a country in two or three capital letters", min_length=2, max_length=3, examples=["DE"])
Country = Annotated[str, _COUNTRY, AfterValidator(_normalised)]
"""ISO 3166-1 alpha-2 or alpha-3 on input, alpha-2 afterwards."""
PostalCountry = Annotated[str, _COUNTRY, AfterValidator(_postal), AfterValidator(_normalised), coded(COUNTRY)]
"""Where somebody can have an address: no union of countries, and no code of VAT ids, which a document and its files would say otherwise."""
StateCode = Annotated[str, Field(max_length=6, examples=["DE-HH"]), AfterValidator(_subdivision)]
"""ISO 3166-2."""


def state_name(code: str | None) -> str | None:
    """What the subdivision of an ISO 3166-2 code is called."""
    found = pycountry.subdivisions.get(code=code) if code is not None else None  # type: ignore[no-untyped-call]  # pycountry's look-ups have no types
    return str(found.name) if found is not None else None
