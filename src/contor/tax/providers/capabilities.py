"""What each tax provider needs before it can be asked, and what it lacks. Pure.

Source: AvaTax REST v2 (developer.avalara.com): account number and licence key as Basic authentication, the code of the company.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, get_args

from contor.kernel.context import Environment
from contor.kernel.errors import Problem
from contor.kernel.places import alpha2
from contor.tax.configuration import Provider
from contor.tax.rules import ItemCategory

COMPANY_CODE, ENVIRONMENT, NEXUS, TAX_CODE = "companyCode", "environment", "nexus", "taxCode."
_KNOWN: Final = f"{COMPANY_CODE}, {ENVIRONMENT}, {NEXUS}, {TAX_CODE}<item category>"
_REGION: Final = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?")
ITEM_CATEGORIES: Final[tuple[str, ...]] = get_args(ItemCategory)
NOT_BUILT: Final = frozenset({"FINANCE_ENABLER"})


def not_built(provider: Provider, field: str | None) -> Iterator[Problem]:
    """Of a provider that cannot be asked from here at all."""
    if provider in NOT_BUILT:
        message = f"{provider} is not built: its taxes can be determined by NITROBOX, or by AVALARA"
        yield Problem("tax_provider_not_built", message, field, provider)


def lacking(provider: Provider, username: str | None, properties: Mapping[str, str] | None, field: str | None) -> Iterator[Problem]:
    """What it lacks before it can determine anything."""
    yield from not_built(provider, field)
    if provider != "AVALARA":
        return
    if username is None:
        message = "AVALARA lacks its credentials: POST /v2/tax/providers/AVALARA/credentials"
        yield Problem("tax_provider_credentials_missing", message, field, provider)
    if not (properties or {}).get(COMPANY_CODE):
        message = f"AVALARA lacks its property {COMPANY_CODE}: POST /v2/tax/providers/AVALARA/properties"
        yield Problem("tax_provider_property_missing", message, field, provider)


def needs_nothing(provider: Provider) -> Iterator[Problem]:
    """Of credentials or properties for a provider that has none."""
    yield from not_built(provider, "provider")
    if provider == "NITROBOX":
        yield Problem(
            "tax_provider_needs_nothing", "NITROBOX is built in: it has neither credentials nor properties", "provider", provider
        )


def property_problems(provider: Provider, given: list[tuple[str, str]], environment: Environment) -> Iterator[Problem]:
    """What is wrong with properties; each that is taken has an effect."""
    yield from needs_nothing(provider)
    keys = [key for key, _ in given]
    for place, (key, value) in enumerate(given):
        field = f"properties[{place}]"
        if key in keys[:place]:
            yield Problem("tax_property_repeated", "is said before", f"{field}.key", key)
        if key == ENVIRONMENT:
            yield from _environment(value, environment, f"{field}.value")
        elif key == NEXUS:
            yield from _nexus(value, f"{field}.value")
        elif key.startswith(TAX_CODE):
            if key.removeprefix(TAX_CODE) not in ITEM_CATEGORIES:
                message = f"names no item category: expected is one of {', '.join(ITEM_CATEGORIES)}"
                yield Problem("tax_property_unknown", message, f"{field}.key", key)
        elif key != COMPANY_CODE:
            yield Problem("tax_property_unknown", f"is not known: expected are {_KNOWN}", f"{field}.key", key)
        elif len(value) > 25:
            yield Problem("tax_property_invalid", "has more than the 25 characters of a company's code", f"{field}.value", value)
    if COMPANY_CODE not in keys and provider == "AVALARA":
        message = f"lack {COMPANY_CODE}, by which AVALARA knows the company"
        yield Problem("tax_provider_property_missing", message, "properties")


def _environment(value: str, environment: Environment, field: str) -> Iterator[Problem]:
    if value not in ("SANDBOX", "PRODUCTION"):
        yield Problem("tax_property_invalid", "is neither SANDBOX nor PRODUCTION", field, value)
    elif value == "PRODUCTION" and environment == "TEST":
        yield Problem(
            "tax_property_invalid", "is for LIVE environments: what is tried in TEST is never recorded there", field, value
        )


def _nexus(value: str, field: str) -> Iterator[Problem]:
    for part in regions(value):
        found = _REGION.fullmatch(part)
        if found is None or alpha2(found[1]) is None:
            yield Problem("tax_property_invalid", "are countries and regions, parted by commas: US-CA,US-NY,CA", field, value)
            return


def regions(value: str) -> list[str]:
    """Of the property `nexus`."""
    return [part.strip() for part in value.split(",")]


def has_nexus(properties: Mapping[str, str], country: str, region: str | None) -> bool:
    """Whether the company collects tax there: everywhere, where it does not say where."""
    said = properties.get(NEXUS)
    if said is None:
        return True
    local = (region or "").removeprefix(f"{country}-")
    return any(part in (country, f"{country}-{local}") for part in regions(said))
