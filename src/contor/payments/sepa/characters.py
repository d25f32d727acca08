"""The characters of SEPA: texts written with them, and cut only as somebody said. Pure.

The set is that of the EPC implementation guidelines (1.4); letters outside of it are written as EPC217-08 and German usage say.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from contor.kernel.errors import Problem
from contor.payments.sepa.settings import compiled

ALPHABET: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
_ALLOWED: Final = frozenset(ALPHABET)
_SAID_AS: Final = (
    "ä ae ö oe ü ue Ä Ae Ö Oe Ü Ue ß ss ẞ SS æ ae Æ Ae œ oe Œ Oe ø o Ø O đ d Đ D ð d Ð D þ th Þ Th ł l Ł L ı i ħ h Ħ H ŋ n Ŋ N"
    " & + € EUR $ USD £ GBP @ (at) _ - – - — - ‐ - ‑ - − - • - … ... · . ! . ; , [ ( ] ) { ( } ) \\ / | /"
    " \" ' ` ' ´ ' ‘ ' ’ ' ‚ ' “ ' ” ' „ ' « ' » '"
)
_WRITTEN: Final[Mapping[str, str]] = {**dict(zip(_SAID_AS.split()[::2], _SAID_AS.split()[1::2], strict=True)), "%": " pct"}
"""What stands for a character, each before what it is written as."""
_UMLAUTS: Final = frozenset("ÄÖÜÆŒÞ")
_BLANKS: Final = re.compile(r"\s+")
NOTHING_FOR: Final = "."
"""Stands for a character that is no letter of the Latin alphabet (EPC217-08, 6.2)."""


@lru_cache(maxsize=100_000)
def transliterated(text: str) -> str:
    """`text` in the characters of SEPA: ü is ue, ß is ss, & is +, accents go; what cannot be written is a full stop."""
    if text.isascii() and _ALLOWED.issuperset(text):
        return _BLANKS.sub(" ", text).strip()
    composed = unicodedata.normalize("NFC", text)
    said = "".join(_said(character, composed, n) for n, character in enumerate(composed))
    return _BLANKS.sub(" ", said).strip()


def _said(character: str, text: str, place: int) -> str:
    if character in _ALLOWED:
        return character
    if character.isspace():
        return " "
    if character in _UMLAUTS and _in_capitals(text, place):
        return _WRITTEN[character].upper()
    if character in _WRITTEN:
        return _WRITTEN[character]
    parts = [part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)]
    if unicodedata.category(character)[0] in "MC":  # marks and controls say nothing by themselves
        return ""
    return "".join(part if part in _ALLOWED else _WRITTEN.get(part, NOTHING_FOR) for part in parts)


def _in_capitals(text: str, place: int) -> bool:
    behind, before = text[place + 1 : place + 2], text[max(0, place - 1) : place]
    return behind.isupper() or (not behind.isalpha() and before.isupper())


def fitted(text: str, most: int, cutting: str | None, field: str) -> tuple[str, list[Problem]]:
    """A text in the characters of SEPA and no longer than `most`; the finding where it is longer and no pattern says what is kept of it."""
    written = transliterated(text)
    if len(written) <= most:
        return written, []
    if cutting is not None and (found := compiled(cutting).search(written)) is not None:
        kept = found[0].strip()
        if 0 < len(kept) <= most:
            return kept, []
    return written, [
        Problem("text_too_long", f"is {len(written)} characters long in a SEPA file, and at most {most} are carried", field, text)
    ]
