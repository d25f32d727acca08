"""Numbers that identify a business or its bank account, checked by their own check digits. Pure."""

from typing import Annotated, Final

import schwifty
from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError
from schwifty.exceptions import (
    InvalidBBANChecksum,
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    InvalidStructure,
    SchwiftyException,
)
from stdnum import get_cc_module
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from contor.kernel.codes import VAT_PREFIX
from contor.kernel.context import Environment
from contor.kernel.errors import Problem
from contor.kernel.shapes import PRINTABLE, SENT, written

_WRONG: Final[dict[type[SchwiftyException], str]] = {
    InvalidCountryCode: "no country has this code",
    InvalidLength: "it is too short or too long",
    InvalidStructure: "letters or digits stand where it has none",
    InvalidChecksumDigits: "its check digits are wrong",
    InvalidBBANChecksum: "the check digits of its country are wrong",
}


def _reason(error: SchwiftyException) -> dict[str, str]:
    return {"reason": _WRONG.get(type(error), "its bank or account number is not one of its country")}


def _iban(text: str) -> str:
    try:
        return str(schwifty.IBAN(text).compact)
    except SchwiftyException as error:
        raise PydanticCustomError("iban_invalid", "is not a valid IBAN: {reason}", _reason(error)) from None


def _bic(text: str) -> str:
    try:
        return str(schwifty.BIC(text).compact)
    except SchwiftyException as error:
        raise PydanticCustomError("bic_invalid", "is not a valid BIC: {reason}", _reason(error)) from None


def _without_blanks(text: str) -> str:
    return "".join(text.split())


Iban = Annotated[str, Field(max_length=42, pattern=PRINTABLE, examples=["DE02120300000000202051"]), AfterValidator(_iban)]
"""ISO 13616 with check digits; stored without blanks."""
Bic = Annotated[str, Field(max_length=14, pattern=PRINTABLE, examples=["BYLADEM1001"]), AfterValidator(_bic)]
"""ISO 9362."""
_VAT_ID = written(r"^ *[A-Z]{2}( *[A-Z0-9+*.]){2,18} *$", "a VAT id, which begins with two letters", max_length=20)
_SHOP: Final = "EU"
"""Begins the ids by which sellers from outside the Union use the one-stop shop."""


def _of_a_country(text: str, info: ValidationInfo) -> str:
    """As for every code: what is stored may be older than the rule."""
    if info.context == SENT and text[:2] not in VAT_PREFIX:
        meant = f", {_MEANT[text[:2]]}" if text[:2] in _MEANT else ""
        said = {"prefix": text[:2], "meant": meant}
        raise PydanticCustomError("vat_id_of_no_country", "begins with {prefix}, which is no country of VAT ids{meant}", said)
    return text


def _registered(text: str, info: ValidationInfo) -> str:
    return text if text[:2] == _SHOP else _of_a_country(text, info)


_MEANT: Final = {
    "UK": "expected is GB, or XI for Northern Ireland",
    _SHOP: "but of the one-stop shop: it stands in a tax registration of the scheme OSS or IOSS",
}
VatId = Annotated[str, _VAT_ID, AfterValidator(_without_blanks), AfterValidator(_of_a_country)]
"""A VAT number with its country prefix, stored without blanks; its check digits: `vat_id_problems`."""
RegisteredId = Annotated[str, _VAT_ID, AfterValidator(_without_blanks), AfterValidator(_registered)]
"""... or a number of the one-stop shop, which documents show as a tax number."""


def is_vat_id(value: str) -> bool:
    """Whether the check digits of a VAT number are right. Countries without a known scheme are taken as they are."""
    if value[:2].lower() in (*vat.MEMBER_STATES, "el"):  # stdnum lists Greece as gr, its VAT numbers begin with EL
        return bool(vat.is_valid(value))
    scheme = get_cc_module(value[:2].lower(), "vat") if value[:2] != "XI" else get_cc_module("gb", "vat")
    if scheme is None:
        return True
    try:
        scheme.validate(value[2:] if value[:2] in ("GB", "XI") else value)
    except ValidationError:
        return False
    return True


def vat_id_problems(value: str | None, environment: Environment) -> list[Problem]:
    """Check digits count in LIVE. In TEST invented numbers are welcome: nobody should rehearse with another's real one."""
    if value is None or environment == "TEST" or is_vat_id(value):
        return []
    return [Problem("vat_id_invalid", "The VAT number is not valid: its form or check digits are wrong.", "vat_id", value)]
