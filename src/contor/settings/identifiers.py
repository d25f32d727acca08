"""Numbers that identify a business or its bank account, checked by their own check digits. Pure."""

import re
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
from stdnum import ean, get_cc_module
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from contor.kernel.codes import VAT_PREFIX
from contor.kernel.context import Environment
from contor.kernel.errors import Problem
from contor.kernel.shapes import PRINTABLE, SENT

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


GLN_SCHEME: Final = "0088"
"""Of electronic addresses and identifiers that are Global Location Numbers (ISO 6523)."""


def is_gln(text: str) -> bool:
    """13 digits, the last of which is the check digit (GS1 General Specifications 7.9)."""
    return len(text) == 13 and text.isascii() and ean.is_valid(text)


def why_no_iban(text: str) -> str | None:
    """What of its form or check digits is wrong; None: it is an IBAN."""
    try:
        schwifty.IBAN(text)
    except SchwiftyException as error:
        return _reason(error)["reason"]
    return None


def why_no_bic(text: str) -> str | None:
    """Likewise of a BIC."""
    try:
        schwifty.BIC(text)
    except SchwiftyException as error:
        return _reason(error)["reason"]
    return None


def _bic(text: str) -> str:
    try:
        return str(schwifty.BIC(text).compact)
    except SchwiftyException as error:
        raise PydanticCustomError("bic_invalid", "is not a valid BIC: {reason}", _reason(error)) from None


Iban = Annotated[str, Field(max_length=42, pattern=PRINTABLE, examples=["DE02120300000000202051"]), AfterValidator(_iban)]
"""ISO 13616 with check digits; stored without blanks."""
Bic = Annotated[str, Field(max_length=14, pattern=PRINTABLE, examples=["BYLADEM1001"]), AfterValidator(_bic)]
"""ISO 9362."""
_VAT_ID = Field(max_length=20, pattern=PRINTABLE, examples=["DE136695976"])
_OF_ANY_COUNTRY: Final = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,18}")
_FORMS: Final = {
    "AT": ("U[0-9]{8}", "ATU and 8 digits"),
    "BE": ("[0-9]{10}", "BE and 10 digits"),
    "BG": ("[0-9]{9,10}", "BG and 9 or 10 digits"),
    "CH": ("E[0-9]{9}(MWST|TVA|IVA|TPV)?", "CHE and 9 digits, with MWST, TVA or IVA behind them or without"),
    "CY": ("[0-9]{8}[A-Z]", "CY, 8 digits and a letter"),
    "CZ": ("[0-9]{8,10}", "CZ and 8 to 10 digits"),
    "DE": ("[0-9]{9}", "DE and 9 digits"),
    "DK": ("[0-9]{8}", "DK and 8 digits"),
    "EE": ("[0-9]{9}", "EE and 9 digits"),
    "EL": ("[0-9]{9}", "EL and 9 digits"),
    "ES": ("[A-Z0-9][0-9]{7}[A-Z0-9]", "ES, a letter or digit, 7 digits, and a letter or digit"),
    "FI": ("[0-9]{8}", "FI and 8 digits"),
    "FR": ("[A-Z0-9]{2}[0-9]{9}", "FR, 2 letters or digits, and 9 digits"),
    "GB": ("([0-9]{9}|[0-9]{12}|(GD|HA)[0-9]{3})", "GB and 9 or 12 digits"),
    "HR": ("[0-9]{11}", "HR and 11 digits"),
    "HU": ("[0-9]{8}", "HU and 8 digits"),
    "IE": ("[0-9][A-Z0-9+*][0-9]{5}[A-Z]{1,2}", "IE, 7 digits (the second may be a letter), and 1 or 2 letters"),
    "IT": ("[0-9]{11}", "IT and 11 digits"),
    "LT": ("([0-9]{9}|[0-9]{12})", "LT and 9 or 12 digits"),
    "LU": ("[0-9]{8}", "LU and 8 digits"),
    "LV": ("[0-9]{11}", "LV and 11 digits"),
    "MT": ("[0-9]{8}", "MT and 8 digits"),
    "NL": ("[0-9]{9}B[0-9]{2}", "NL, 9 digits, B and 2 digits"),
    "NO": ("[0-9]{9}(MVA)?", "NO and 9 digits, with MVA behind them or without"),
    "PL": ("[0-9]{10}", "PL and 10 digits"),
    "PT": ("[0-9]{9}", "PT and 9 digits"),
    "RO": ("[0-9]{2,10}", "RO and 2 to 10 digits"),
    "SE": ("[0-9]{12}", "SE and 12 digits"),
    "SI": ("[0-9]{8}", "SI and 8 digits"),
    "SK": ("[0-9]{10}", "SK and 10 digits"),
    "XI": ("([0-9]{9}|[0-9]{12}|(GD|HA)[0-9]{3})", "XI and 9 or 12 digits"),
}
"""How the VAT ids of a country are written behind its two letters (VIES, question 11; Swiss and Norwegian authorities); others are taken
as they are."""
_SHOP: Final = "EU"
"""Begins the ids by which sellers from outside the Union use the one-stop shop."""


def _plain(text: str, info: ValidationInfo) -> str:
    """As registers write it: in capitals, nothing between them. What is stored may be older than the rule."""
    if info.context != SENT:
        return "".join(text.split())
    plain = re.sub(r"[\s.\-\u2010-\u2013]", "", text.upper())
    if not _OF_ANY_COUNTRY.fullmatch(plain):
        raise PydanticCustomError(
            "vat_id_malformed", "is no VAT id: expected are two letters of a country, then letters and digits"
        )
    return plain


def _of_a_country(text: str, info: ValidationInfo) -> str:
    if info.context != SENT:
        return text
    if text[:2] not in VAT_PREFIX:
        meant = f", {_MEANT[text[:2]]}" if text[:2] in _MEANT else ""
        said = {"prefix": text[:2], "meant": meant}
        raise PydanticCustomError("vat_id_of_no_country", "begins with {prefix}, which is no country of VAT ids{meant}", said)
    form, words = _FORMS.get(text[:2], (".*", ""))
    if not re.fullmatch(form, text[2:]):
        raise PydanticCustomError("vat_id_malformed", "is no VAT id of its country: expected are {words}", {"words": words})
    return text


def _registered(text: str, info: ValidationInfo) -> str:
    return text if text[:2] == _SHOP else _of_a_country(text, info)


_MEANT: Final = {
    "UK": "expected is GB, or XI for Northern Ireland",
    _SHOP: "but of the one-stop shop: it stands in a tax registration of the scheme OSS or IOSS",
}
VatId = Annotated[str, _VAT_ID, AfterValidator(_plain), AfterValidator(_of_a_country)]
"""A VAT number with its country prefix, stored in capitals without blanks, dots and hyphens; its check digits: `vat_id_problems`."""
RegisteredId = Annotated[str, _VAT_ID, AfterValidator(_plain), AfterValidator(_registered)]
"""... or a number of the one-stop shop, which documents show as a tax number."""


def why_no_vat_id(text: str) -> str | None:
    """What of the form of a VAT id is wrong, in capitals and without blanks; None: it is written as those of its country are. Of its check
    digits says `is_vat_id`."""
    if not _OF_ANY_COUNTRY.fullmatch(text):
        return "it is no VAT id: expected are two letters of a country, then letters and digits"
    form, words = _FORMS.get(text[:2], (".*", ""))
    return None if re.fullmatch(form, text[2:]) else f"it is no VAT id of its country: expected are {words}"


_SUFFIX: Final = {"CH": "MWST", "NO": "MVA"}
"""Says that the number of a business is one of VAT; left out, the check digits are the same."""


def is_vat_id(value: str) -> bool:
    """Whether the check digits of a VAT number are right. Countries without a known scheme are taken as they are."""
    if value[:2].lower() in (*vat.MEMBER_STATES, "el"):  # stdnum lists Greece as gr, its VAT numbers begin with EL
        return bool(vat.is_valid(value))
    value += _SUFFIX.get(value[:2], "") if value[-1:].isdigit() else ""
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
