"""Names and descriptions in several languages, by their codes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from contor.kernel.shapes import Language, Name255, Text, shape


@shape
class ProductTranslation:
    name: Name255 | None = None
    description: Text | None = None


def _map(value: object) -> object:
    """An empty map is written as an empty list by some clients."""
    return {} if value in ([], None) else value


Translations = Annotated[dict[Language, ProductTranslation], Field(max_length=50), BeforeValidator(_map)]
"""By language: `{"en": {"name": …}}`."""


def words(translations: Mapping[str, ProductTranslation]) -> list[dict[str, str | None]]:
    """As the core keeps them."""
    return [{"language": code, "name": said.name, "description": said.description} for code, said in sorted(translations.items())]


def translations(said: Sequence[Mapping[str, str | None]]) -> dict[str, ProductTranslation]:
    """As they are answered."""
    return {str(one["language"]): ProductTranslation(name=one.get("name"), description=one.get("description")) for one in said}
