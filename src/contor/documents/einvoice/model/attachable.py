"""Which files an e-invoice can carry (BT-125). Pure."""

from typing import Final

from contor.kernel.errors import Problem
from contor.kernel.files import media_type_of

MEDIA_TYPES: Final = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
"""BT-125: the media types that EN 16931 lets an invoice carry."""


def judged_file(content: bytes, claimed: str) -> tuple[str, list[Problem]]:
    """The media type that the bytes of a file give away, and what is against carrying it. `claimed`: what it is called."""
    if not content:
        return claimed, [Problem("file_empty", "The file is empty.", "file")]
    kind = media_type_of(content, claimed)
    if kind not in MEDIA_TYPES:
        message = f"its bytes are none of {', '.join(sorted(MEDIA_TYPES))}"
        return kind, [Problem("media_type_unsupported", message, "file", claimed)]
    if claimed in MEDIA_TYPES - {kind}:
        return kind, [Problem("media_type_wrong", f"is called {claimed}, its bytes are {kind}", "file", claimed)]
    return kind, []
