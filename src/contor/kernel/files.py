"""A file on its way in or out, what its bytes say that it is, and texts as files for others take them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
OTHER: Final = "application/octet-stream"
_MARKS: Final = (
    (b"%PDF", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_TABLES: Final = frozenset({"text/csv", "text/plain", "application/csv", "application/vnd.ms-excel", OTHER})
"""What clients call a CSV file."""
_NAME: Final = re.compile(r"[^/\\\x00-\x1f\x7f-\x9f\"\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd\ud800-\udfff]{1,200}")
"""RFC 7578, 4.2: folders in a name are not to be believed. A sign that turns the direction of writing shows another name than there is,
and U+FFFD stands for bytes that were none of a text."""
_PROBED: Final = 65_536
_PIECE: Final = 1 << 18
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")
"""XML 1.0, 2.2: what is no character there; and the controls that it merely discourages."""
_CONTROL: Final = frozenset([*range(9), 11, *range(14, 32), 127])


@dataclass(frozen=True, slots=True)
class FileContent:
    """Bytes with their media type and the name to save them under."""

    content: bytes
    media_type: str
    name: str
    source: BinaryIO | None = None
    """An opened file in place of `content`, where that may be too large to be held; who reads it closes it."""
    size: int | None = None
    """How many bytes `source` has."""

    def pieces(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""
        if self.source is None:
            yield self.content
            return
        with self.source:
            while piece := self.source.read(_PIECE):
                yield piece


def media_type_of(content: bytes, claimed: str) -> str:
    """The media type that the first bytes give away (magic numbers), whatever the client claims; of plain text a CSV, where the client says
    nothing else; else `application/octet-stream`."""
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    if content.startswith(b"PK\x03\x04"):
        # ODF 1.3, part 2, 3.3: the first member is the media type, stored as it is; OOXML is told by the names in its directory
        if content[30:38] == b"mimetype":
            return ODS if content[38:].startswith(ODS.encode()) else OTHER
        return XLSX if b"xl/workbook.xml" in content and b"[Content_Types].xml" in content else OTHER
    return "text/csv" if claimed in _TABLES and _is_text(content[:_PROBED]) else OTHER


def is_file_name(name: str) -> bool:
    """1 to 200 characters, without folders and signs that do not print."""
    return _NAME.fullmatch(name) is not None and name not in (".", "..")


def _is_text(start: bytes) -> bool:
    """Whether a browser could only take it for text: no markup, no control characters."""
    text = start.removeprefix(b"\xef\xbb\xbf")
    return bool(text) and not text.lstrip().startswith(b"<") and _CONTROL.isdisjoint(text)


def one_line(text: str | None, longest: int) -> str:
    """`text` with each run of blanks, line ends and control characters as one blank, cut after so many characters."""
    if not text:
        return ""
    return " ".join(_NOT_XML.sub(" ", text).split())[:longest].rstrip()
