"""Which files an e-invoice can carry (BT-125). Pure."""

import re
from typing import Final

from contor.kernel.errors import Problem
from contor.kernel.files import ODS, XLSX, media_type_of

ENDINGS: Final = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/csv": (".csv", ".txt"),
    XLSX: (".xlsx",),
    ODS: (".ods",),
}
"""BT-125: the media types that EN 16931 lets an invoice carry, and how names of such files end."""
MEDIA_TYPES: Final = frozenset(ENDINGS)
_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}")
"""What a system opens a file by; the numbers of `Offer 1.2` are none."""


def misnamed(kind: str, name: str) -> list[Problem]:
    """Whether a file is named as another kind than its bytes are, a script as a table: whoever gets the e-invoice opens it by its name."""
    expected, ending = ENDINGS.get(kind, ()), name[name.rfind(".") :]
    if not expected or ending.lower() in expected or not _ENDING.fullmatch(ending):
        return []
    message = f"has bytes of {kind}: expected is a name that ends in {' or '.join(expected)}"
    return [Problem("file_name_wrong", message, "file", name)]


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
