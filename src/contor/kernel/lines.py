"""Texts as files for others take them: on one line, without signs that no XML may hold, and not too long. Pure."""

import re
from typing import Final

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")
"""XML 1.0, 2.2: what is no character there; and the controls that it merely discourages."""


def one_line(text: str | None, longest: int) -> str:
    """`text` with each run of blanks, line ends and control characters as one blank, cut after so many characters."""
    if not text:
        return ""
    return " ".join(_NOT_XML.sub(" ", text).split())[:longest].rstrip()
