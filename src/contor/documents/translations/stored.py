"""Store, read, change and remove words for texts of documents. A change touches new documents only: what is issued keeps its words."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.documents.labels import GERMAN
from contor.documents.texts import LONGEST, TEXTS, chain, locale_of, problems
from contor.documents.typefaces import unprintable
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Name255, shape
from contor.runtime.uow import Uow, not_found
from contor.settings.translations import change_texts, texts_by_locale

Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]


@shape
class TranslationEntry:
    key: Name255
    text: Words


@shape
class StoreTranslations:
    locale: Annotated[str, Field(min_length=2, max_length=10)]
    translations: Annotated[tuple[TranslationEntry, ...], Field(min_length=1, max_length=1000)]


@shape
class Translation:
    key: str
    text: str
    locale: str
    """Where it was found: the locale that is asked for, its language, or `default`."""


@shape
class Translations:
    locale: str
    translations: tuple[Translation, ...]


@shape
class ChangeTranslation:
    text: Words


@dataclass(frozen=True, slots=True)
class Store:
    body: StoreTranslations


@dataclass(frozen=True, slots=True)
class ReadTranslations:
    locale: str


@dataclass(frozen=True, slots=True)
class OneKey:
    key: str


@dataclass(frozen=True, slots=True)
class OneTranslation:
    key: str
    locale: str


@dataclass(frozen=True, slots=True)
class UpdateTranslation:
    key: str
    locale: str
    body: ChangeTranslation


@operation("translation.store", permission="settings.write")
def store_translations(uow: Uow, command: Store) -> Translations:
    """Say these texts so from now on, in this locale: all of them, or none with everything that is wrong."""
    locale, entries = _locale(command.body.locale, "locale"), command.body.translations
    found: list[Problem] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        path = f"translations[{number}]"
        found += _problems(entry.key, locale, entry.text, path)
        if entry.key in seen:
            found.append(Problem("translation_repeated", "is said twice", f"{path}.key", entry.key))
        seen.add(entry.key)
    if found:
        raise Refused(Kind.INVALID, *found)
    change_texts(uow, {locale: {entry.key: entry.text for entry in entries}})
    return Translations(locale=locale, translations=tuple([Translation(key=it.key, text=it.text, locale=locale) for it in entries]))


@operation("translation.read", permission="settings.read", reads=True)
def read_translations(uow: Uow, command: ReadTranslations) -> Translations:
    """Every text as a document in this locale says it: in words of the locale, else of its language, else in ours."""
    locale = _locale(command.locale, "locale")
    known = texts_by_locale(uow)
    places = chain(locale)
    is_german = places[-1] in GERMAN
    said = []
    for key, text in TEXTS.items():
        where = next((place for place in places if key in known.get(place, {})), None)
        ours = text.de if is_german else text.en
        said.append(Translation(key=key, text=ours if where is None else known[where][key], locale=where or "default"))
    return Translations(locale=locale, translations=tuple(said))


@operation("translation.update", permission="settings.write")
def update_translation(uow: Uow, command: UpdateTranslation) -> Translation:
    """Say one text so from now on, in this locale."""
    key, locale = _known(command.key), _locale(command.locale, "locale")
    if found := _problems(key, locale, command.body.text, ""):
        raise Refused(Kind.INVALID, *found)
    change_texts(uow, {locale: {key: command.body.text}})
    return Translation(key=key, text=command.body.text, locale=locale)


@operation("translation.delete", permission="settings.write")
def delete_translation(uow: Uow, command: OneTranslation) -> None:
    """Say one text in this locale as before: as its language says it, else in our words."""
    key, locale = _known(command.key), _locale(command.locale, "locale")
    if key not in texts_by_locale(uow).get(locale, {}):
        raise not_found("translation", f"{key}/{locale}")
    change_texts(uow, {locale: {key: None}})


@operation("translation.delete_key", permission="settings.write")
def delete_key(uow: Uow, command: OneKey) -> None:
    """Say one text in our words again, in every locale."""
    key = _known(command.key)
    places = [locale for locale, texts in texts_by_locale(uow).items() if key in texts]
    if not places:
        raise not_found("translation", key)
    change_texts(uow, {locale: {key: None} for locale in places})


def _locale(text: str, field: str) -> str:
    found = locale_of(text)
    if found is None:
        message = "is a language, and perhaps a country, such as de or de-AT"
        raise Refused(Kind.INVALID, Problem("locale_unknown", message, field, text[:100]))
    return found


def _known(key: str) -> str:
    if key not in TEXTS:
        raise not_found("translation", key)
    return key


def _problems(key: str, locale: str, text: str, path: str) -> list[Problem]:
    place = f"{path}.text" if path else "text"
    found = problems(key, locale, text, f"{path}.key" if path and key not in TEXTS else place)
    if not found and (missing := unprintable(text)):
        found = [Problem("text_not_printable", f"No typeface has these letters: {missing}", place, text)]
    return found
