"""How a notification is written for its receiver: one form for each dialect. Pure."""

from collections.abc import Callable, Mapping
from typing import NamedTuple


class Told(NamedTuple):
    """A notification, as it was written down."""

    ident: str
    sequence: int
    type: str
    payload: str


class Written(NamedTuple):
    body: bytes
    content_type: str


def _platform(told: Told) -> Written:
    """The payload as it stands, byte for byte."""
    return Written(told.payload.encode(), "application/json")


FORMATS: Mapping[str, Callable[[Told], Written]] = {"PLATFORM": _platform}
"""By the name that routes say. A further dialect adds its own: its receiver gets what it knows, of the same notifications."""
