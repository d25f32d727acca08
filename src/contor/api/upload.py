"""A file as a request's body: multipart with a part `file` (RFC 7578), or the bytes themselves with their name in a header."""

from collections.abc import Mapping

from contor.api.codec import Part, parameters, parts_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent, is_file_name


def uploaded(headers: Mapping[str, str], raw: bytes) -> FileContent:
    """The file, or why there is none."""
    kind = headers.get("content-type", "application/octet-stream")
    if kind.lower().startswith("multipart/"):
        parts = [part for part in parts_of(kind, raw) if part.name == "file"]
        if len(parts) != 1:
            raise Refused(Kind.INVALID, Problem("file_missing", "The body has one part named file.", "file"))
        return file_of(parts[0])
    disposition = headers.get("content-disposition", "").encode("latin-1", "replace").decode(errors="replace")
    media_type = kind.partition(";")[0].strip().lower()
    return file_of(Part("file", parameters(disposition).get("filename"), media_type, raw))


def file_of(part: Part) -> FileContent:
    """A part as a file under its name."""
    name = part.file_name or ""
    if not is_file_name(name):
        message = "The file has a name of 1 to 200 characters without folders and signs that do not print."
        raise Refused(Kind.INVALID, Problem("file_name_missing", message, part.name or "file", name[:200]))
    return FileContent(part.content, part.media_type, name)
