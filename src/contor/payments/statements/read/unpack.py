"""Files of a bank unpacked: zipped ones, texts in several encodings. Pure.

Sizes are counted while bytes come, not believed: a zip that says it is small is read no further than allowed.
"""

import io
import zipfile
from collections.abc import Iterator

from contor.kernel.foreign import ZIP_FAULTS
from contor.payments.statements.read.values import text_of, unreadable

LARGEST = 64 * 1024 * 1024
"""Bytes of a file, and of all that a zip holds."""
MOST_MEMBERS = 1_000
_BOM = b"\xef\xbb\xbf"


def unpacked(content: bytes) -> list[bytes]:
    """The file, or each of those that a zip holds, in the order of their names. Raises Refused."""
    if len(content) > LARGEST:
        raise unreadable("The file is larger than 64 MB.", "file_too_large")
    if not content.startswith(b"PK"):
        return [content]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return list(_members(packed))
    except ZIP_FAULTS as error:
        raise unreadable(f"The zip cannot be unpacked: {text_of(str(error), 100)}.", "zip_unreadable") from None


def _members(packed: zipfile.ZipFile) -> Iterator[bytes]:
    members = [member for member in packed.infolist() if not member.is_dir() and not _is_hidden(member.filename)]
    if not members:
        raise unreadable("The zip holds no file.", "statement_empty")
    if len(members) > MOST_MEMBERS:
        raise unreadable(f"The zip holds more than {MOST_MEMBERS} files.", "file_too_large")
    left = LARGEST
    for member in sorted(members, key=lambda found: found.filename):
        with packed.open(member) as opened:
            found = opened.read(left + 1)
        if len(found) > left:
            raise unreadable("The zip holds more than 64 MB.", "file_too_large")
        if found.startswith(b"PK\x03\x04"):
            raise unreadable("The zip holds another zip.", "zip_unreadable")
        left -= len(found)
        yield found


def _is_hidden(name: str) -> bool:
    """What a Mac adds."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def is_xml(content: bytes) -> bool:
    start = content[:200].removeprefix(_BOM).lstrip()
    return start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<"))


def text_in(content: bytes) -> str:
    """UTF-8, else ISO-8859-1 as Windows has it. Raises Refused for what is no text."""
    if b"\0" in content:
        raise unreadable("The file is no text and no XML: it holds zero bytes.", "statement_format_unknown")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace") if _is_cp1252(content) else content.decode("latin-1")


def _is_cp1252(content: bytes) -> bool:
    return not any(byte in content for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
