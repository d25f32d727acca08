"""Countries, the Union of some of them, and languages. Pure."""

from functools import lru_cache
from typing import Any, Final

import pycountry

EU_COUNTRIES: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ],
)
"""The member states, by their ISO 3166-1 alpha-2 codes: Greece is GR here, and EL in VAT ids."""


@lru_cache(maxsize=1024)
def alpha2(country: str) -> str | None:
    """ISO 3166-1 alpha-2 of a country given as alpha-2 or alpha-3, or EU (the Union), XI (Northern Ireland), XK (Kosovo);
    None: no such country."""
    if country in ("EU", "XI", "XK"):
        return country
    found = pycountry.countries.get(alpha_2=country) if len(country) == 2 else pycountry.countries.get(alpha_3=country)
    return str(found.alpha_2) if found is not None else None


@lru_cache(maxsize=1024)
def language_code(code: str) -> str | None:
    """The ISO 639-1 code of a language given by two or three letters, by three (ISO 639-3) where no two exist; None: no such language."""
    languages: Any = pycountry.languages
    kinds = ("alpha_2",) if len(code) == 2 else ("alpha_3", "bibliographic")
    found = next((one for kind in kinds if (one := languages.get(**{kind: code})) is not None), None)
    if found is None or found.scope == "S":  # no language: several, none, or nobody knows which
        return None
    return str(getattr(found, "alpha_2", found.alpha_3))
