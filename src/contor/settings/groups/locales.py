"""In which language a billing group writes, by country. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from contor.kernel.places import language_code

LocaleFields = Mapping[str, Any]
"""Of a `LocaleConfiguration`, as it is stored."""


def language_for(locales: Sequence[LocaleFields], country: str, wanted: str | None, own: str | None) -> str:
    """The language that is wanted, where the group writes it in that country, else its fallback; where none is wanted the customer's
    own, where the group writes it, else its default. What a group does not say of a country is free, German where nobody says."""
    found = next((entry for entry in locales if entry["country"] == country), None)
    if found is None:
        return wanted or own or "de"
    default, fallback = (str(found.get(name) or usual) for name, usual in (("default_language", "de"), ("fallback_language", "en")))
    written = {language_code(str(one)) or one for region in found.get("regions") or () for one in region["languages"]}
    if wanted is not None:
        return wanted if not written or wanted in {*written, default} else fallback
    return own if own is not None and (own in {*written, default} or not written) else default
