"""Texts that others' servers answer, as they may be stored and shown: nobody has judged them before. Pure."""

import re
from typing import Final

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff]")
"""What no text of ours carries (`shapes.PRINTABLE`); the database refuses NUL."""


def printable(text: str, most: int) -> str:
    """At most so many characters, with the mark of replacement in place of each that does not print."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:most])
