"""A file as a request's body: multipart with a part `file` (RFC 7578), or the bytes themselves with their name in a header."""

import re
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent

_NAME = re.compile(r"[^/\\\x00-\x1f\x7f\"\ud800-\udfff]{1,200}")


def uploaded(headers: Mapping[str, str], raw: bytes) -> FileContent:
    """The file, or why there is none."""
    kind = headers.get("content-type", "application/octet-stream")
    head = f"Content-Type: {kind}\r\n".encode("latin-1", "replace")
    if kind.lower().startswith("multipart/"):
        message = BytesParser(policy=HTTP).parsebytes(head + b"\r\n" + raw)
        parts = [part for part in message.walk() if part.get_param("name", header="content-disposition") == "file"]
        if len(parts) != 1:
            raise Refused(Kind.INVALID, Problem("file_missing", "The body has one part named file.", "file"))
        content = parts[0].get_payload(decode=True)
        return _file(parts[0], content if isinstance(content, bytes) else b"")
    disposition = headers.get("content-disposition", "attachment")
    named = f"Content-Disposition: {disposition}\r\n\r\n".encode("latin-1", "replace")
    return _file(BytesParser(policy=HTTP).parsebytes(head + named), raw)


def _file(part: Message, content: bytes) -> FileContent:
    name = (part.get_filename() or "").rsplit("/")[-1].rsplit("\\")[-1]
    if _NAME.fullmatch(name) is None or name in (".", ".."):
        message = "The file has a name of at most 200 characters (Content-Disposition: filename)."
        raise Refused(Kind.INVALID, Problem("file_name_missing", message, "file", name[:200]))
    return FileContent(content, part.get_content_type(), name)
