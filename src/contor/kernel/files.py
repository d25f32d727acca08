"""A file as an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileContent:
    """Bytes with their media type and the name to save them under."""

    content: bytes
    media_type: str
    name: str
