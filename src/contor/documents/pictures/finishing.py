"""A document that is FINALIZING gets its picture: the one that is uploaded, or ours when none came in time. One of them, once.

Who brings either holds the document's row, and looks under it whether the picture is still awaited: of two the second finds the first.
All is one transaction: files, state, and what is told of it; whoever is killed leaves the document waiting.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from contor.documents.after import (
    ArchiveDocuments,
    Made,
    archive,
    keep_files,
    picture_file,
    unfiled,
    views_of,
)
from contor.documents.awaited import GIVING_UP, UPLOADED_PICTURE, still_awaited, takes_own
from contor.documents.events import DocumentsArchived
from contor.documents.naming import Named, documents_named, the_document
from contor.documents.pictures.judging import readable, require_picture
from contor.documents.queries import documents_by_id
from contor.documents.types import DocumentView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

AT_ONCE: Final = 200
# it writes a line for each damaged part of a PDF: who sends a million of them would fill the log
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class UploadPicture:
    document_ident: str
    file: FileContent


@shape
class UseBuiltIn:
    document_id: int


class Late(NamedTuple):
    """Documents whose pictures did not come in time and are ours to make, and when to look for further ones."""

    document_ids: Sequence[int]
    next_at: dt.datetime | None


@operation("document_picture.upload", permission="documents.write")
def upload_picture(uow: Uow, command: UploadPicture) -> DocumentView:
    """Give a document that waits for it its picture: a PDF of which a PDF/A-3 is made that has the e-invoice within. The PDF that was
    uploaded is kept beside it. The same one sent again is answered as before; a picture that is there is never replaced."""
    name, file = command.document_ident, command.file
    row = the_document(uow, name, documents_named(uow, [name])[name])
    if _is_known(uow, row, file.content):
        return views_of(uow, [row.id])[row.id]
    _require_awaited(uow, row)
    uploaded = require_picture(file.content)
    (paper,) = unfiled(uow, documents_by_id(uow, [row.id]))
    with readable():
        picture = picture_file(paper, uploaded)
    _lock(uow, row.id)
    if not _is_known(uow, row, file.content):  # the same may have come meanwhile
        _require_awaited(uow, row)
        about = {"type": UPLOADED_PICTURE, "name": file.name, "media_type": "application/pdf", "size": len(file.content)}
        _complete(uow, row.id, row.ident, "UPLOADED", [picture, Made({**picture.row, **about}, file.content)])
    return views_of(uow, [row.id])[row.id]


@operation("document_picture.use_built_in", permission="documents.write")
def use_built_in(uow: Uow, command: UseBuiltIn) -> bool:
    """Make our picture of a document for which none was uploaded in time; False: there is one by now, or nobody wants ours."""
    number = command.document_id
    _lock(uow, number)
    sql = "SELECT 1 FROM awaited_picture WHERE document_id = %s AND source IS NULL AND until <= %s"
    if not takes_own(uow) or uow.scalar(int, sql, (number, uow.ctx.now())) is None:
        return False
    (paper,) = unfiled(uow, documents_by_id(uow, [number]))
    _complete(uow, number, paper.document.ident, "BUILT_IN", [picture_file(paper)])
    return True


@operation("document_picture.find_late", permission="documents.read", reads=True)
def find_late(uow: Uow, command: None) -> Late:
    """Find the documents that have waited long enough; none where ours may not take the place of what is awaited."""
    if not takes_own(uow):
        return Late((), None)
    waiting, now = "FROM awaited_picture WHERE source IS NULL AND until", uow.ctx.now()
    ids = uow.column(int, f"SELECT document_id {waiting} <= %s ORDER BY until, document_id LIMIT %s", (now, AT_ONCE))
    at = uow.scalar(dt.datetime, f"SELECT min(until) {waiting} > %s", (now,))
    return Late(ids, None if uow.ctx.is_test_clock else at)  # a clock that stands still comes to nothing by itself


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """One after the other, each in a transaction of its own; when to look again."""
    who = caller(GIVING_UP, tenant_id)
    while (late := runtime.execute(find_late, None, who)).document_ids:
        for number in late.document_ids:
            runtime.go_on()
            runtime.execute(use_built_in, UseBuiltIn(document_id=number), who)
    return late.next_at


every_tenant(work(Work(name=GIVING_UP, look=look, by_clock=True, place="files")), every=dt.timedelta(minutes=15))


# helpers in calling order


def _is_known(uow: Uow, row: Named, content: bytes) -> bool:
    """Whether the document has its picture of these very bytes."""
    sql = "SELECT sha256 FROM document_file WHERE document_id = %s AND type = %s"
    return uow.scalar(str, sql, (row.id, UPLOADED_PICTURE)) == hashlib.sha256(content).hexdigest()


def _require_awaited(uow: Uow, row: Named) -> None:
    if not still_awaited(uow, [row.id]):
        message = f"{row.ident} waits for no picture: one that is there is never replaced (customPicture of the tenant's settings)."
        raise Refused(Kind.CONFLICT, Problem("picture_not_awaited", message, "documentIdent", row.ident))


def _lock(uow: Uow, number: int) -> None:
    """Whoever is faster than the job that makes the other files makes them."""
    status = uow.scalar(str, "SELECT status FROM document WHERE id = %s FOR NO KEY UPDATE", (number,))
    if status == "CREATED":
        archive(uow, ArchiveDocuments(document_ids=(number,)))


def _complete(uow: Uow, number: int, ident: str, source: Literal["UPLOADED", "BUILT_IN"], files: Sequence[Made]) -> None:
    keep_files(uow, files)
    uow.run("UPDATE document SET status = 'COMPLETED' WHERE id = %s", (number,))
    uow.run("UPDATE awaited_picture SET source = %s, ended_at = %s WHERE document_id = %s", (source, uow.ctx.now(), number))
    sql = "SELECT type FROM document_file WHERE document_id = %s AND type <> 'VAT_PROOF' ORDER BY type"
    change = {"status": "COMPLETED", "files": uow.column(str, sql, (number,)), "picture": source}
    if source == "UPLOADED":
        change["uploaded"] = files[-1].sha256
    uow.audit("document", ident, change)
    uow.emit(DocumentsArchived(document_ids=(number,)))
