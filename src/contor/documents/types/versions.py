"""Frozen documents of every version are read for as long as they are kept (section 14b UStG: eight years and more). Pure.

A stored document begins with `{"version":N`; those that say nothing are of version 1. A new field with a default needs no new
version: what was frozen before does not say it. A field that changes its name, its form or what it means raises `types.VERSION` and
brings the step from the version before, here.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from contor.documents.types.frozen import VERSION, Document

Content = dict[str, object]
"""A frozen document as plain values, decimals as `Decimal`."""

UPGRADES: Final[Mapping[int, Callable[[Content], Content]]] = {}
"""Version -> the pure step from its form to that of the next version."""

_WRITTEN: Final = re.compile(rb'\{"version":(\d+)')
_READ: Final = msgspec.json.Decoder(Document).decode
_READ_PLAIN: Final = msgspec.json.Decoder(Content, float_hook=Decimal).decode
_WRITE_PLAIN: Final = msgspec.json.Encoder(decimal_format="number").encode


class UnreadableVersion(Exception):
    """A document was frozen by a later release than this one."""


def version_of(stored: bytes) -> int:
    """The version of a stored document's form."""
    written = _WRITTEN.match(stored)
    return int(written[1]) if written else 1


def read(stored: bytes) -> Document:
    """A frozen document from its stored JSON, of this version or an older one; decimals digit for digit.

    A field that is unknown here raises `msgspec.ValidationError`, a later version `UnreadableVersion`: a file or a reissue made
    without what this release does not understand would be wrong for good.
    """
    version = version_of(stored)
    if version == VERSION:
        return _READ(stored)
    if version > VERSION:
        raise UnreadableVersion(f"a document of version {version}; this release reads up to {VERSION}")
    return _READ(upgraded(stored, version))


def upgraded(stored: bytes, version: int) -> bytes:
    """A document of an older version in the form of today's."""
    content = _READ_PLAIN(stored)
    for step in range(version, VERSION):
        content = UPGRADES[step](content)
    return _WRITE_PLAIN({**content, "version": VERSION})
