"""Papers received as others read them."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Numbered(NamedTuple):
    """A folder by ident and number."""

    ident: str
    folder_id: int


def folder_numbers(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """The numbers of folders, by their idents."""
    return dict(uow.all(Numbered, f"SELECT {columns(Numbered)} FROM folder WHERE ident = ANY (%s)", (sorted(idents),)))
