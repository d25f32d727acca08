"""Under whose law of value added tax a place lies: the member states' special territories, by country and postal code. Pure.

A determination asks `territory_of` for the place of the supply and then `place.member_state(is_goods)`, and compares that with the seller's
own (`territory_of` of its site, likewise), instead of asking whether a country is one of the Union:
None: outside, an export of goods (G), services as to a third country; the seller's own state: at home; another one: within the Union.
`place.rate_region` names the part of a state that has rates of its own, for `rates.rate_of`.

Source: Articles 5 to 7 of Directive 2006/112/EC (as of Directive (EU) 2019/475, which put Campione and the Italian waters of Lake Lugano
outside); Article 355 TFEU; section 1 (2), (2a) UStG; Protocol on Ireland/Northern Ireland, Article 8 and Annex 3 (goods only); European
Commission, "Territorial status of EU countries and certain territories". Lake Lugano's waters have no address: who is there is in
Campione or nowhere. Free zones (section 1 (2) UStG) have no postal codes of their own and are not told from their towns.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from contor.kernel.places import EU_COUNTRIES, alpha2


class Territory(NamedTuple):
    """Where something is supplied, for value added tax."""

    country: str
    """ISO 3166-1 alpha-2, IC and EA (reserved there) for the Canaries and for Ceuta and Melilla, XI for Northern Ireland; of a territory
    that has no code of its own, that of its state."""
    goods: str | None
    """The member state (or XI) whose law goods bear; None: outside of the Union's territory of value added tax."""
    services: str | None
    """The same for services."""
    name: str | None = None
    """Of a special territory."""
    rate_region: str | None = None
    """ISO 3166-2, of a part of the member state that has rates of its own."""

    def member_state(self, is_goods: bool) -> str | None:
        """The member state whose law a supply bears here; XI is one for goods; None: outside."""
        return self.goods if is_goods else self.services

    def is_outside(self, is_goods: bool) -> bool:
        return self.member_state(is_goods) is None


class _Special(NamedTuple):
    """A territory of a state, and how it is known: by the beginning of its postal codes, its ISO 3166-2 code, or its name where the code is
    shared with others or missing."""

    name: str
    state: str
    codes: str | None
    regions: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    shared: str | None = None
    """Postal codes (pattern) that it has, and others too: there the town decides."""
    country: str | None = None
    goods: str | None = None
    services: str | None = None
    rate_region: str | None = None


def _outside(name: str, state: str, codes: str | None, country: str | None = None, *regions: str, **known: str | None) -> _Special:
    towns = tuple(filter(None, (known.get("town"),)))
    return _Special(name, state, codes, regions, towns, known.get("shared"), country)


def _inside(name: str, state: str, codes: str, *regions: str, of: str | None = None, rates: str | None = None) -> _Special:
    return _Special(name, state, codes, regions, country=of, goods=of or state, services=of or state, rate_region=rates)


_SPECIAL: Final = (
    _outside("Åland", "FI", "22", "AX", "FI-01"),
    _outside("Canary Islands", "ES", "35|38", "IC", "ES-CN", "ES-GC", "ES-TF"),
    _outside("Ceuta", "ES", "51", "EA", "ES-CE", town="ceuta"),
    _outside("Melilla", "ES", "52", "EA", "ES-ML", town="melilla"),
    _outside("Büsingen", "DE", "78266", None, town="busingen|busingen am hochrhein"),
    _outside("Heligoland", "DE", "27498", None, town="helgoland|heligoland"),
    _outside("Livigno", "IT", "23041", None, town="livigno", shared="23030"),
    _outside("Campione d'Italia", "IT", "22061", None, town="campione d'italia|campione", shared="22060"),
    _outside("Mount Athos", "GR", "63086|63087", None, "GR-69", town="agion oros|agio oros|mount athos"),
    _outside("Saint Barthélemy", "FR", "97133|977", "BL", "FR-BL"),
    _outside("Saint Martin", "FR", "97150|978", "MF", "FR-MF"),
    _outside("Guadeloupe", "FR", "971", "GP", "FR-971", "FR-GP", "FR-GUA"),
    _outside("Martinique", "FR", "972", "MQ", "FR-972", "FR-MQ"),
    _outside("French Guiana", "FR", "973", "GF", "FR-973", "FR-GF"),
    _outside("Réunion", "FR", "974", "RE", "FR-974", "FR-RE", "FR-LRE"),
    _outside("Saint Pierre and Miquelon", "FR", "975", "PM", "FR-PM"),
    _outside("Mayotte", "FR", "976", "YT", "FR-976", "FR-YT", "FR-MAY"),
    _outside("French Southern Territories", "FR", "984", "TF", "FR-TF"),
    _outside("Wallis and Futuna", "FR", "986", "WF", "FR-WF"),
    _outside("French Polynesia", "FR", "987", "PF", "FR-PF"),
    _outside("New Caledonia", "FR", "988", "NC", "FR-NC"),
    _outside("Greenland", "DK", "39", "GL"),
    _outside("Faroe Islands", "DK", "[1-9][0-9]{2}$", "FO"),
    _outside("San Marino", "IT", "4789", "SM", town="san marino"),
    _outside("Vatican City", "IT", "00120", "VA"),
    _inside("Monaco", "FR", "980"),
    _inside("Madeira", "PT", "9[0-4]", "PT-30", rates="PT-30"),
    _inside("Azores", "PT", "9[5-9]", "PT-20", rates="PT-20"),
    _outside("Isle of Man", "GB", "IM", "IM"),
    _outside("Jersey", "GB", "JE", "JE"),
    _outside("Guernsey", "GB", "GY", "GG"),
    _Special("Northern Ireland", "GB", "BT", ("GB-NIR",), country="XI", goods="XI"),
)
"""The first that fits counts: what has a longer code stands before what has its beginning."""
_OWN_CODES: Final[Mapping[str, Territory]] = {
    "MC": Territory("MC", "FR", "FR", "Monaco"),
    "XI": Territory("XI", "XI", None, "Northern Ireland"),
    "IC": Territory("IC", None, None, "Canary Islands"),
    "EA": Territory("EA", None, None, "Ceuta and Melilla"),
}
"""Countries by whose code alone it is known that another's law holds. Those of overseas are no member states anyway."""
_VAT_CODES: Final = {"EL": "GR", "UK": "GB"}
_STATES: Final[Mapping[str, tuple[_Special, ...]]] = {
    state: tuple(one for one in _SPECIAL if one.state == state) for state in {one.state for one in _SPECIAL}
}
_NAMES: Final = {one.country: one.name for one in _SPECIAL if one.country is not None}
_WITH_COUNTRY: Final = re.compile(r"^[A-Z]{1,3}-(?=[0-9])")


@lru_cache(maxsize=16384)
def territory_of(country: str, postal_code: str | None = None, region: str | None = None, city: str | None = None) -> Territory:
    """Where a place lies for value added tax. `country`: ISO 3166-1 in two or three letters, or VAT's own codes; `region`: ISO 3166-2
    (or that without its country). The postal code decides; where there is none, or others have it too, the region or the town does."""
    own = country.strip().upper()
    here = _VAT_CODES.get(own) or (own if own in _OWN_CODES else alpha2(own) or own)
    if here in _OWN_CODES:
        return _OWN_CODES[here]
    found = next((one for one in _STATES.get(here, ()) if _lies_in(one, here, postal_code, region, city)), None)
    if found is not None:
        return Territory(found.country or here, found.goods, found.services, found.name, found.rate_region)
    state = here if here in EU_COUNTRIES else None
    return Territory(here, state, state, _NAMES.get(here))


def _lies_in(special: _Special, country: str, postal_code: str | None, region: str | None, city: str | None) -> bool:
    code = _WITH_COUNTRY.sub("", (postal_code or "").strip().upper()).replace(" ", "")
    town = _plain(city)
    in_town = any(town in names.split("|") for names in special.towns)
    if code:
        if special.codes is not None and re.match(special.codes, code):
            return True
        return special.shared is not None and re.match(special.shared, code) is not None and in_town
    named = (region or "").strip().upper()
    return in_town or (bool(named) and any(named in (one, one.removeprefix(f"{country}-")) for one in special.regions))


def _plain(city: str | None) -> str:
    """Small letters without accents: Büsingen is written in many ways."""
    spelled = unicodedata.normalize("NFKD", (city or "").strip().casefold().replace("ue", "u"))
    return "".join(sign for sign in spelled if not unicodedata.combining(sign)).replace("’", "'")
