"""What is wrong with an address by what its country's post asks, and by a list of its places. Pure."""

import re
import unicodedata
from collections.abc import Collection

from contor.customers.validation.types import AddressFinding, Checked, Places, Post

_MARKS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """A name of a place, or a postal code, as it is compared: without case, marks, blanks, and umlauts written either way."""
    spelled = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))
    return _MARKS.sub("", plain)


def syntax_findings(address: Checked, post: Post | None) -> list[AddressFinding]:
    """Parts that are missing, and a postal code that is none of the country. `post`: None where nothing is known of it."""
    if post is None:
        return []
    missing = {
        "street": "street_address" in post.needs and not (address.street or address.post_office_box),
        "zip": "postal_code" in post.needs and not address.zip,
        "city": "city" in post.needs and not address.city,
        "state": "country_area" in post.needs and not (address.state or address.state_code),
    }
    found = [
        AddressFinding(field=field, error=f"is part of addresses of {address.country}")
        for field, is_missing in missing.items()
        if is_missing
    ]
    if address.zip and post.codes and not all(code.match(address.zip.strip().upper()) for code in post.codes):
        such = f"such as {post.examples[0]}" if post.examples else "as its post writes them"
        found.append(AddressFinding(field="zip", error=f"is no postal code of {address.country}, {such}"))
    return found


def place_findings(address: Checked, places: Places) -> list[AddressFinding]:
    """A postal code that the list lacks, or that is another place's."""
    if not address.zip:
        return []
    cities = places.cities.get(folded(address.zip), frozenset())
    if not cities:
        return [AddressFinding(field="zip", error=f"is no postal code in the list of places of {address.country}")]
    if address.city and not _among(folded(address.city), cities):
        return [
            AddressFinding(
                field="city", error=f"is no place of the postal code {address.zip} in the list of places of {address.country}"
            )
        ]
    return []


def _among(city: str, cities: Collection[str]) -> bool:
    """A place may be named with more than the list has (Frankfurt am Main, Frankfurt), or with less."""
    return any(city == known or city.startswith(known) or (len(city) > 3 and known.startswith(city)) for known in cities)
