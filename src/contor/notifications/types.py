"""What is told to other systems, and the patterns by which routes choose of it. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from contor.kernel.shapes import shape

_ONE = r"(?:\*|[A-Za-z_]+(?:\.[A-Za-z_]+)*(?:\.\*)?)"
_MAIL = "mailto:"
PATTERN = re.compile(rf"{_ONE}(?:,{_ONE})*")


class Notice(NamedTuple):
    """Something that happened to one thing."""

    type: str
    """One of `TYPES`, e.g. `invoice.created`."""
    subject: str
    """What it is about, e.g. `document:RE-2026-000001`: notifications of one subject arrive in order."""
    content: Mapping[str, object]
    """Beside what every notification says."""


class Policy(NamedTuple):
    """How often a route tries again."""

    resends: int
    first_pause_seconds: int
    within_hours: int
    grows_by: int = 4
    """Each pause is so many times the one before, up to six hours."""
    are_refusals_final: bool = True
    """An answer by which the receiver refuses (4xx) ends it; else any answer but 2xx is tried again."""


@shape
class NotificationType:
    type: str
    description: str


def chosen(pattern: str, types: Iterable[str]) -> list[str]:
    """Those of the types that a pattern means: a type by its name, all that begin as it does before `.*`, or all; of several patterns,
    parted by commas, those that any of them means."""
    parts = pattern.split(",")
    return [name for name in types if any(_means(part, name) for part in parts)]


def mail_address(url: str) -> str | None:
    """To whom is written what goes to this address of a route; None: it is called by HTTP."""
    return url[len(_MAIL) :] if url[: len(_MAIL)].lower() == _MAIL else None


def _means(part: str, name: str) -> bool:
    return part in ("*", name) or (part.endswith(".*") and name.startswith(part[:-1]))
