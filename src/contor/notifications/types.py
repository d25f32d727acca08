"""What is told to other systems, and the patterns by which routes choose of it. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from contor.kernel.shapes import shape

PATTERN = re.compile(r"\*|[A-Za-z]+(?:\.[A-Za-z]+)*(?:\.\*)?")


class Notice(NamedTuple):
    """Something that happened to one thing."""

    type: str
    """One of `TYPES`, e.g. `invoice.created`."""
    subject: str
    """What it is about, e.g. `document:RE-2026-000001`: notifications of one subject arrive in order."""
    content: Mapping[str, object]
    """Beside what every notification says."""


@shape
class NotificationType:
    type: str
    description: str


def chosen(pattern: str, types: Iterable[str]) -> list[str]:
    """Those of the types that a pattern means: a type by its name, all that begin as it does before `.*`, or all."""
    if pattern == "*":
        return list(types)
    if pattern.endswith(".*"):
        return [name for name in types if name.startswith(pattern[:-1])]
    return [name for name in types if name == pattern]
