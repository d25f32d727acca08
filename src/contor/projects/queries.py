"""Projects and times as others read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Billed(NamedTuple):
    document_id: int
    row_ident: str


def billed_in(uow: Uow, ids: Collection[int]) -> dict[int, set[str]]:
    """Of these documents the rows that bill times, by the documents' ids."""
    found: dict[int, set[str]] = defaultdict(set)
    sql = f"SELECT DISTINCT {columns(_Billed)} FROM project_time WHERE document_id = ANY (%s)"
    for row in uow.all(_Billed, sql, (sorted(ids),)):
        found[row.document_id].add(row.row_ident)
    return found


def known_projects(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are projects."""
    return frozenset(uow.column(str, "SELECT ident FROM project WHERE ident = ANY (%s)", (sorted(set(idents)),)))


class Numbered(NamedTuple):
    """A project by ident and number."""

    ident: str
    project_id: int


def projects_numbered(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """The idents of projects, by their numbers; of those that exist."""
    rows = uow.all(Numbered, f"SELECT {columns(Numbered)} FROM project WHERE project_id = ANY (%s)", (sorted(ids),))
    return {row.project_id: row.ident for row in rows}


def project_numbers(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """The numbers of projects, by their idents."""
    return dict(uow.all(Numbered, f"SELECT {columns(Numbered)} FROM project WHERE ident = ANY (%s)", (sorted(idents),)))
