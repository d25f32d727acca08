"""Texts and lists that are longer than a property: they go on in `note.2`, `note.3` and so on. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from contor.documents.types import Property

LONGEST_VALUE: Final = 255
_MOST_PARTS: Final = 20


def in_parts(key: str, text: str | None) -> tuple[Property, ...]:
    """A text of any length, whole, as far as twenty properties hold it."""
    parts = [(text or "")[start : start + LONGEST_VALUE] for start in range(0, len(text or ""), LONGEST_VALUE)]
    return one_each(key, parts)


def one_each(key: str, values: Iterable[str]) -> tuple[Property, ...]:
    """One property per value."""
    return tuple(
        [
            Property(key=key if number == 1 else f"{key}.{number}", value=value)
            for number, value in enumerate(values, 1)
            if value and number <= _MOST_PARTS
        ]
    )


def parts_of(key: str, properties: Sequence[Property]) -> list[str]:
    """The values of `key`, `key.2` and so on, in this order."""
    if not properties:
        return []
    said = {entry.key: entry.value for entry in reversed(properties)}
    names = (key, *(f"{key}.{number}" for number in range(2, _MOST_PARTS + 1)))
    return [said[name] for name in names if name in said]


def text_of(key: str, properties: Sequence[Property]) -> str | None:
    """The text that begins in the property `key`."""
    return "".join(parts_of(key, properties)) or None
