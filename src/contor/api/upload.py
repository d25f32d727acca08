"""A file as a request's body: multipart with a part `file` (RFC 7578), or the bytes themselves with their name in a header."""

import re
from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP

from contor.api.codec import Part, parts_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent

# U+FFFD stands for bytes that were none of a text
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f\"\ud800-\udfff\ufffd]{1,200}")


def uploaded(headers: Mapping[str, str], raw: bytes) -> FileContent:
    """The file, or why there is none."""
    kind = headers.get("content-type", "application/octet-stream")
    head = f"Content-Type: {kind}\r\n".encode("latin-1", "replace")
    if kind.lower().startswith("multipart/"):
        parts = [part for part in parts_of(kind, raw) if part.name == "file"]
        if len(parts) != 1:
            raise Refused(Kind.INVALID, Problem("file_missing", "The body has one part named file.", "file"))
        return file_of(parts[0])
    disposition = headers.get("content-disposition", "attachment")
    named = f"Content-Disposition: {disposition}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + named)
    return file_of(Part("file", message.get_filename(), message.get_content_type(), raw))


def file_of(part: Part) -> FileContent:
    """A part as a file, under the last segment of its name."""
    # RFC 7578, 4.2: folders in a name are not to be believed
    name = (part.file_name or "").rsplit("/")[-1].rsplit("\\")[-1]
    if _NAME.fullmatch(name) is None or name in (".", ".."):
        message = "The file has a name of at most 200 characters (Content-Disposition: filename)."
        raise Refused(Kind.INVALID, Problem("file_name_missing", message, "file", name[:200]))
    return FileContent(part.content, part.media_type, name)
