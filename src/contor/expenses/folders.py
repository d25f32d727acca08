"""Folders, and the papers that are kept in them or in none."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from contor.expenses import tables
from contor.expenses.papers import keep_file, kept_file, without_file
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query import FilterField
from contor.runtime.query.filterable import TEXT
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class AttachToFiled:
    filed_paper_ident: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class OneFiled:
    filed_paper_ident: str


class _Counted(NamedTuple):
    ident: str
    things: int


_ABOVE = """
WITH RECURSIVE above AS (
  SELECT ident, parent_ident, 1 AS depth FROM folder WHERE ident = %(parent)s
  UNION ALL
  SELECT f.ident, f.parent_ident, a.depth + 1 FROM folder f JOIN above a ON f.ident = a.parent_ident WHERE a.depth <= %(deepest)s
) SELECT ident FROM above
"""


def _placed(uow: Uow, row: Fields) -> None:
    """Its parent exists and is not within it."""
    parent = row.get("parent_ident")
    if parent is None:
        return
    uow.lock("folders", [""])  # two that are put into each other at once would be a circle
    above = uow.column(str, _ABOVE, {"parent": parent, "deepest": DEEPEST})
    if not above:
        raise Refused(Kind.INVALID, Problem("folder_unknown", "does not exist", "parentIdent", parent))
    if row["ident"] in above:
        raise Refused(
            Kind.INVALID, Problem("folder_within_itself", "is the folder itself, or lies within it", "parentIdent", parent)
        )
    if len(above) >= DEEPEST:
        raise Refused(Kind.INVALID, Problem("folder_too_deep", f"lies {DEEPEST} folders deep already", "parentIdent", parent))


def _new_folder(uow: Uow, row: Fields) -> None:
    row["folder_id"] = uow.next_id()
    _placed(uow, row)


def _folder_gone(uow: Uow, row: Fields) -> None:
    if count := content_counts(uow, [row["ident"]]).get(row["ident"], 0):
        raise Refused(
            Kind.CONFLICT, Problem("folder_in_use", f"The folder {row['ident']} holds {count} things: take them out first.")
        )


def content_counts(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """How many folders and papers are directly in these folders, in those that are not empty."""
    sql = (
        "SELECT ident, sum(things)::bigint AS things FROM (SELECT parent_ident AS ident, count(*) AS things FROM folder"
        " WHERE parent_ident = ANY (%(idents)s) GROUP BY 1 UNION ALL SELECT folder_ident, count(*) FROM filed_paper"
        " WHERE folder_ident = ANY (%(idents)s) GROUP BY 1) x GROUP BY ident"
    )
    return dict(uow.all(_Counted, sql, {"idents": sorted(idents)}))


def _shown(uow: Uow, rows: list[Fields]) -> list[Fields]:
    counts = content_counts(uow, [row["ident"] for row in rows])
    return [{**row, "content_count": counts.get(row["ident"], 0)} for row in rows]


FOLDERS = Resource(
    "folder",
    tables.folder,
    permission="bookkeeping",
    writable=("name", "parent_ident"),
    filterable=("ident", "folder_id", "name", "parent_ident", "created_at"),
    computed={"content_count": (int, ...)},
    found_by={
        "content_count": (
            "(SELECT count(*) FROM folder f WHERE f.parent_ident = folder.ident)"
            " + (SELECT count(*) FROM filed_paper p WHERE p.folder_ident = folder.ident)",
            int,
        )
    },
    before_create=_new_folder,
    before_update=_placed,
    before_delete=_folder_gone,
    shown=_shown,
)


def _filed(uow: Uow, row: Fields) -> None:
    folder = row.get("folder_ident")
    if folder is not None and FOLDERS.find(uow, (folder,)) is None:
        raise Refused(Kind.INVALID, Problem("folder_unknown", "does not exist", "folderIdent", folder))


def _new_paper(uow: Uow, row: Fields) -> None:
    row["filed_paper_id"] = uow.next_id()
    without_file(row)
    _filed(uow, row)


FILED_PAPERS = Resource(
    "filed_paper",
    tables.filed_paper,
    permission="bookkeeping",
    writable=("folder_ident", "type", "title", "date", "note"),
    filterable=("ident", "filed_paper_id", "folder_ident", "type", "title", "date", "created_at"),
    before_create=_new_paper,
    before_update=_filed,
)
# codes called so are in capitals elsewhere, whatever a search writes
FILED_PAPERS.search.fields["type"] = FilterField(tables.filed_paper.c.type, TEXT)


def filed_numbered(uow: Uow, number: int) -> Fields | None:
    """The paper of this number."""
    ident = uow.scalar(str, "SELECT ident FROM filed_paper WHERE filed_paper_id = %s", (number,))
    return FILED_PAPERS.find(uow, (ident,)) if ident is not None else None


@operation("filed_paper.attach_file", permission="bookkeeping.write")
def attach_to_filed(uow: Uow, command: AttachToFiled) -> FILED_PAPERS.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Keep the file of a paper; another one takes the place of that which was there."""
    return keep_file(uow, FILED_PAPERS, command.filed_paper_ident, command.file)


@operation("filed_paper.file", permission="bookkeeping.read", reads=True)
def get_filed_file(uow: Uow, command: OneFiled) -> FileContent:
    """The file as it came."""
    return kept_file(uow, FILED_PAPERS, command.filed_paper_ident)
