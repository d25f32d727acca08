"""All texts of documents with all their words, and the locales in which a tenant has words of its own."""

from dataclasses import dataclass

from contor.documents.texts import TEXTS
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.translations import texts_by_locale


@shape
class LocaleText:
    locale: str
    text: str


@shape
class ConfiguredText:
    key: str
    placeholders: tuple[str, ...]
    """What stands for values, without the braces: the tenant's words have each of them."""
    german: str
    """Our words in German documents."""
    english: str
    """Our words in all others."""
    texts: tuple[LocaleText, ...]
    """The tenant's own, by locale."""


@shape
class ConfiguredTexts:
    translations: tuple[ConfiguredText, ...]


@shape
class ConfiguredLocale:
    locale: str
    texts: int
    """How many texts are said in words of its own."""


@shape
class ConfiguredLocales:
    locales: tuple[ConfiguredLocale, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input."""


@operation("translation.configuration", permission="settings.read", reads=True)
def all_translations(uow: Uow, command: Nothing) -> ConfiguredTexts:
    """Every text of a document, in our words and in the tenant's."""
    known = texts_by_locale(uow)
    return ConfiguredTexts(
        translations=tuple(
            [
                ConfiguredText(
                    key=key,
                    placeholders=tuple(sorted(text.placeholders)),
                    german=text.de,
                    english=text.en,
                    texts=tuple([LocaleText(locale=place, text=texts[key]) for place, texts in known.items() if key in texts]),
                )
                for key, text in TEXTS.items()
            ]
        )
    )


@operation("translation.locales", permission="settings.read", reads=True)
def configured_locales(uow: Uow, command: Nothing) -> ConfiguredLocales:
    """The locales in which the tenant has words of its own; in every other one documents say ours."""
    known = texts_by_locale(uow)
    return ConfiguredLocales(locales=tuple([ConfiguredLocale(locale=place, texts=len(texts)) for place, texts in known.items()]))
