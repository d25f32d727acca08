"""The values of a SAF-T configuration. Pure."""

import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr
from stdnum.pl import nip
from stdnum.pt import nif

from contor.kernel.codes import TaxCategory
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields, Rate, Text32, Text255, shape, written
from contor.settings.types import DocumentTypeName

SafTCountry = Literal["NO", "PL", "PT"]
"""The countries whose files are built: SAF-T of Norway (1.30) and Portugal (1.04_01), KSeF of Poland (FA(3))."""
AccountNumber = Annotated[int, Field(ge=1, lt=10**12)]
_SERIES = written(r"^[A-Za-z0-9_.-]{1,35}$", "1 to 35 letters, digits, and . _ -")


@shape
class DocumentSeries:
    """Under which series the documents of a type are reported (Portugal)."""

    document_type: DocumentTypeName
    series: Annotated[str, _SERIES]
    validation_code: Annotated[str, written(r"^[A-Z0-9]{8,20}$", "8 to 20 capital letters and digits")] | None = None
    """The code that the tax authority gave the series (Portaria 195/2020): the first part of each document's ATCUD; none: ATCUD is 0."""


@shape
class AccountGroup:
    """To which code of the country's own chart accounts belong. Of ranges that meet, the narrower one counts."""

    account_from: AccountNumber
    account_to: AccountNumber
    code: Text32
    """Portugal: the taxonomy code, 1 to 999 (Portaria 302/2016). Norway: the GroupingCode."""
    category: Text255 | None = None
    """Norway: the GroupingCategory, e.g. `RF-1167`."""


@shape
class TaxCode:
    """How what is taxed so is called in the file."""

    category_code: TaxCategory
    """Of UNCL5305, as on documents."""
    rate: Rate | None = None
    """Percent; none: every rate of the category."""
    code: Text32
    """Portugal: RED, INT, NOR, ISE, OUT or another one of up to 10 letters. Norway: a StandardTaxCode of up to two."""
    exemption_code: Annotated[str, written(r"^M[0-9]{2}$", "M and two digits")] | None = None
    """Portugal: why no tax is charged (Portaria 302/2016), e.g. M07."""
    exemption_reason: Annotated[Text255, Field(min_length=6, max_length=60)] | None = None
    """... and in words."""


class Checked(Protocol):
    """A module of `stdnum`."""

    def validate(self, number: str) -> str:
        """Raises `stdnum.exceptions.ValidationError`."""
        ...


TAXPAYER_NUMBERS: Final[dict[SafTCountry, tuple[Checked, str]]] = {
    "NO": (orgnr, "an organisasjonsnummer of 9 digits"),
    "PL": (nip, "a NIP of 10 digits"),
    "PT": (nif, "a NIF of 9 digits"),
}
_PT_TAX_CODE: Final = re.compile(r"[a-zA-Z0-9.]{1,10}")
_NO_TAX_CODE: Final = re.compile(r"[0-9anAN]{1,2}")
_PT_TAXONOMY: Final = re.compile(r"[1-9][0-9]{0,2}")
_PRODUCT: Final = re.compile(r"[^/]+/[^/]+")


def taxpayer_number_problem(country: SafTCountry, number: str) -> Problem | None:
    """Of a number that is none of the country's, by its check digits."""
    module, expected = TAXPAYER_NUMBERS[country]
    try:
        module.validate(number)
    except ValidationError:
        return Problem("taxpayer_number_invalid", f"is not {expected}, or its check digit is wrong", "taxpayerNumber", number)
    return None


_ONLY_OF: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "product_id": ("productId", frozenset({"NO", "PT"})),
    "product_taxpayer_number": ("productTaxpayerNumber", frozenset({"PT"})),
    "series": ("series", frozenset({"PT"})),
    "taxonomy_reference": ("taxonomyReference", frozenset({"PT"})),
    "account_groups": ("accountGroups", frozenset({"NO", "PT"})),
    "tax_codes": ("taxCodes", frozenset({"NO", "PT"})),
    "signing_key": ("signingKey", frozenset({"PT"})),
    "key_version": ("keyVersion", frozenset({"PT"})),
}
"""By field, as it is stored and as it is sent, the countries whose files have it."""


def problems_of(row: Fields) -> list[Problem]:
    """Every finding about a configuration, by its country's format."""
    country = row["country"]
    found = [taxpayer_number_problem(country, row["taxpayer_number"]), *_dates(row)]
    found += _of_others(row)
    if country == "PT":
        found += _of_portugal(row)
    if country == "NO":
        found += _of_norway(row)
    found += _series(row.get("series") or ()) + _groups(row.get("account_groups") or ())
    return [problem for problem in found if problem is not None]


def _dates(row: Fields) -> list[Problem]:
    if row.get("valid_to") is not None and row["valid_to"] < row["valid_from"]:
        return [Problem("validity_ends_before_it_begins", "is before validFrom", "validTo", row["valid_to"])]
    return []


def _of_portugal(row: Fields) -> list[Problem]:
    found = []
    if not (row.get("software_certificate") or "").isdigit():
        message = "is the number of the programme's certificate at the Autoridade Tributária, in digits; 0 where it has none"
        found.append(Problem("software_certificate_invalid", message, "softwareCertificate", row.get("software_certificate")))
    if not _PRODUCT.fullmatch(row.get("product_id") or ""):
        message = "names the programme and its producer, `Programme/Producer`"
        found.append(Problem("product_id_invalid", message, "productId", row.get("product_id")))
    for index, code in enumerate(row.get("tax_codes") or ()):
        if not _PT_TAX_CODE.fullmatch(code["code"]):
            message = "is up to 10 letters, digits and dots"
            found.append(Problem("tax_code_invalid", message, f"taxCodes[{index}].code", code["code"]))
        if (code.get("exemption_code") is None) != (code.get("exemption_reason") is None):
            message = "code and reason of an exemption come together"
            found.append(Problem("exemption_incomplete", message, f"taxCodes[{index}].exemptionCode"))
    for index, group in enumerate(row.get("account_groups") or ()):
        if not _PT_TAXONOMY.fullmatch(group["code"]):
            message = "is a taxonomy code, 1 to 999"
            found.append(Problem("taxonomy_code_invalid", message, f"accountGroups[{index}].code", group["code"]))
    return found


def _of_others(row: Fields) -> list[Problem]:
    """What the file of this country does not have: said all the same it would have no effect."""
    message = f"is not said for {row['country']}: no file of it has that"
    found = [
        Problem("field_of_another_country", message, api)
        for name, (api, countries) in _ONLY_OF.items()
        if row["country"] not in countries and row.get(name) not in (None, (), [], 1)
    ]
    if row["country"] != "PT":
        coded = [
            index
            for index, code in enumerate(row.get("tax_codes") or ())
            if code.get("exemption_code") or code.get("exemption_reason")
        ]
        found += [Problem("field_of_another_country", message, f"taxCodes[{index}].exemptionCode") for index in coded]
    if row["country"] != "NO":
        grouped = [index for index, group in enumerate(row.get("account_groups") or ()) if group.get("category")]
        found += [Problem("field_of_another_country", message, f"accountGroups[{index}].category") for index in grouped]
    return found


def _of_norway(row: Fields) -> list[Problem]:
    found = []
    for index, code in enumerate(row.get("tax_codes") or ()):
        if not _NO_TAX_CODE.fullmatch(code["code"]):
            message = "is a StandardTaxCode of up to two digits, or NA"
            found.append(Problem("tax_code_invalid", message, f"taxCodes[{index}].code", code["code"]))
    for index, group in enumerate(row.get("account_groups") or ()):
        if not group.get("category"):
            message = "says the GroupingCategory of its accounts, e.g. RF-1167"
            found.append(Problem("grouping_category_missing", message, f"accountGroups[{index}].category"))
    return found


def _series(series: Sequence[Fields]) -> list[Problem]:
    """One series a type, and one type a series: of two that share one, documents would have the same number."""
    found, seen = list[Problem](), dict[tuple[str, str], int]()
    for index, one in enumerate(series):
        for key in ("document_type", "series"):
            api = "documentType" if key == "document_type" else key
            if (key, one[key]) in seen:
                message = f"stands in series[{seen[key, one[key]]}] already"
                found.append(Problem("series_twice", message, f"series[{index}].{api}", one[key]))
            seen[key, one[key]] = index
    return found


def _groups(groups: Sequence[Fields]) -> list[Problem]:
    return [
        Problem("account_range_empty", "is below accountFrom", f"accountGroups[{index}].accountTo", group["account_to"])
        for index, group in enumerate(groups)
        if group["account_to"] < group["account_from"]
    ]
