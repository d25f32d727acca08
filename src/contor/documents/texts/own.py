"""Which texts of a document a tenant may say in words of its own, what is wrong with such words, which of them a document takes. Pure."""

import re
import string
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from contor.documents.labels import GERMAN, Label
from contor.documents.texts.units import UNITS, unit_key
from contor.kernel.errors import Problem
from contor.kernel.places import alpha2, language_code

LONGEST: Final = 500
_LOCALE: Final = re.compile(r"([a-z]{2,3})(?:[-_]([A-Za-z]{2,3}))?")
_SELF_BILLING: Final = frozenset({Label.TITLE_SELF_BILLING_INVOICE.key})
_CREDITS: Final = frozenset({Label.TITLE_CREDIT_MEMO.key, Label.TITLE_DEPOSIT_INVOICE_CORRECTION.key})
_MANDATORY: Final = "gutschrift"
_SAMPLES: Final = ("muster", "sample", "specimen")
"""One of them marks what a TEST tenant prints, whatever its language: it is no invoice, and nobody owes its tax (section 14c (2) UStG)."""


class OwnText(NamedTuple):
    """A text as it is said where the tenant has no words of its own."""

    de: str
    en: str

    @property
    def placeholders(self) -> frozenset[str]:
        """What the words must have: each stands for a value."""
        return placeholders(self.de) or frozenset()


def placeholders(text: str) -> frozenset[str] | None:
    """The names in braces; None: braces that name nothing, or reach into what they name."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    found = [(name, form, turned) for _, name, form, turned in parts if name is not None]
    plain = all(name.isidentifier() and not form and turned is None for name, form, turned in found)
    return frozenset(name for name, _, _ in found) if plain else None


def _texts() -> Iterator[tuple[str, OwnText]]:
    for label in Label:
        yield label.key, OwnText(label.de, label.en)
    for code in UNITS["de"]:
        for place in (0, 1):
            yield unit_key(code, several=bool(place)), OwnText(UNITS["de"][code][place], UNITS["en"][code][place])


TEXTS: Final[Mapping[str, OwnText]] = dict(_texts())
"""Every text of a document by its key: labels, sentences, names of units."""


def locale_of(text: str) -> str | None:
    """A locale as it is kept: an ISO 639 language, and perhaps an ISO 3166-1 country (`de`, `de-AT`); None: it is none."""
    found = _LOCALE.fullmatch(text)
    if found is None:
        return None
    language, country = language_code(found[1]), alpha2(found[2].upper()) if found[2] else ""
    if language is None or country is None:
        return None
    return f"{language}-{country}" if country else language


def chain(locale: str) -> tuple[str, ...]:
    """Where a text of a locale is looked for, before our own words: the locale, then its language."""
    language = locale.partition("-")[0]
    return (locale, language) if locale != language else (language,)


def texts_for(known: Mapping[str, Mapping[str, str]], language: str, country: str | None) -> dict[str, str]:
    """The tenant's own words that a document in this language takes, for a reader in this country."""
    if not known:
        return {}
    spoken = language_code(language) or language
    found: dict[str, str] = {}
    for locale in reversed(chain(f"{spoken}-{country}" if country else spoken)):
        found.update(known.get(locale, {}))
    return found


def problems(key: str, locale: str, text: str, path: str) -> list[Problem]:
    """What is wrong with saying the text `key` in these words."""
    known = TEXTS.get(key)
    if known is None:
        return [Problem("translation_key_unknown", f"{key[:100]} is no text of a document.", path, key[:100])]
    if not text.strip():
        return [Problem("translation_blank", "says nothing", path, text)]
    found, wanted = placeholders(text), known.placeholders
    if found is None or found != wanted:
        named = " ".join(f"{{{name}}}" for name in sorted(wanted)) or "none"
        return [Problem("translation_placeholders_differ", f"The placeholders of {key} are: {named}.", path, text)]
    return [Problem("translation_forbidden", message, path, text) for message in _forbidden(key, locale, text)]


def _forbidden(key: str, locale: str, text: str) -> Iterator[str]:
    """Section 14 (4) no. 10 UStG: self-billing says Gutschrift, nothing else is called so; section 14c: a sample says that it is one."""
    if key == Label.SAMPLE.key and not any(word in text.lower() for word in _SAMPLES):
        yield "What a TEST tenant prints says that it is no invoice, by MUSTER, SAMPLE or SPECIMEN (section 14c (2) UStG)."
    if locale.partition("-")[0] not in GERMAN:
        return
    if key in _SELF_BILLING and _MANDATORY not in text.lower():
        yield "A self-billing invoice is called Gutschrift (section 14 (4) no. 10 UStG)."
    if key in _CREDITS and _MANDATORY in text.lower():
        yield "Only a self-billing invoice is called Gutschrift (section 14 (4) no. 10 UStG)."
