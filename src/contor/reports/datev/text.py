"""Texts as DATEV reads them: Windows-1252, in quotation marks, in one line. Pure.

Letters that Windows-1252 does not have are transliterated: marks are taken off, Greek and Cyrillic are written in Latin letters, any other
letter is named by its number. Document numbers (Belegfeld 1) have letters, digits and `$ % & * + - /` only.
"""

import re
import unicodedata
from functools import cache
from typing import Final

ENCODING: Final = "cp1252"
NUMBER_LENGTH: Final = 36
NOT_IN_NUMBERS: Final = "[^A-Za-z0-9$%&*+/-]"
"""Regular expression, of Python and of PostgreSQL alike."""
_NOT_IN_NUMBERS: Final = re.compile(NOT_IN_NUMBERS)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORMULA: Final = ("=", "+", "-", "@")
_LATIN: Final = {
    **dict(
        zip(
            "ŁłĐđĦħıŊŋŦŧĸƏəƎǝƐɛƆɔƁɓƊɗƘƙƝɲƔɣƲʋȤȥ",
            "LlDdHhiNnTtkAaEeEeOoBbDdKkNnGgVvZz",
            strict=True,
        )
    ),
    **dict.fromkeys("\u2010\u2011\u2012\u2015\u2212", "-"),
    **dict.fromkeys("\u2009\u202f", " "),
    **dict.fromkeys("\ufeff\u200b\u200c\u200d", ""),
    **{"ẞ": "SS", "\u2032": "'", "\u2033": '"', "\u2044": "/", "\u2116": "Nr.", "\u20bd": "RUB"},
}
_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        (
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ),
        strict=True,
    )
)
_CYRILLIC: Final = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґўјљњћђџѕѓќ",
        (
            *(
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "zh",
                "z",
                "i",
                "j",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "kh",
                "ts",
                "ch",
            ),
            *(
                "sh",
                "shch",
                "",
                "y",
                "",
                "e",
                "yu",
                "ya",
                "ye",
                "i",
                "yi",
                "g",
                "u",
                "j",
                "lj",
                "nj",
                "c",
                "dj",
                "dz",
                "dz",
                "gj",
                "kj",
            ),
        ),
        strict=True,
    )
)


@cache
def transliterated(letter: str) -> str:
    """One letter in letters of Windows-1252."""
    if letter in _LATIN:
        return _LATIN[letter]
    base = "".join(it for it in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(it))
    if base and base != letter:
        return "".join(it if _fits(it) else transliterated(it) for it in base)
    small = letter.lower()
    if len(small) == 1 and (found := _GREEK.get(small, _CYRILLIC.get(small))) is not None:
        return found if small == letter else found.capitalize()
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
        return ""
    return f"U{ord(letter):04X}"


def _fits(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def plain(text: str, length: int) -> str:
    """A text in one line of letters of Windows-1252, no longer than `length`; no spreadsheet takes it for a formula."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if not _fits(text):
            text = "".join(letter if _fits(letter) else transliterated(letter) for letter in text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    text = text.strip()
    if text.startswith(_FORMULA):
        text = f" {text}"
    return text[:length].rstrip()


def quoted(text: str, length: int) -> str:
    """As a field of type text."""
    return '"' + plain(text, length).replace('"', '""') + '"'


def number_field(ident: str) -> str:
    """A document's number as Belegfeld 1 has it; what that cannot hold is a hyphen."""
    return _NOT_IN_NUMBERS.sub("-", ident)[:NUMBER_LENGTH]
