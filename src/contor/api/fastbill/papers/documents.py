"""document.*: folders, and the papers in them."""

from dataclasses import dataclass

from contor.api.fastbill.ids import ident_of, numbers_of
from contor.api.fastbill.papers.known import FOLDER, NOBODY, found, idents
from contor.api.fastbill.papers.types import DocumentFilter, NewDocument
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, day, done, identifier, moment, words
from contor.expenses.folders import FILED_PAPERS, FOLDERS, AttachToFiled, attach_to_filed
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

CORE = {"folder_ident": "FOLDER_ID", "file": "DOCUMENT"}


@dataclass(frozen=True, slots=True)
class CreateDocument:
    data: NewDocument
    file: FileContent | None


@operation("fastbill.document_get", permission="bookkeeping.read", reads=True)
def get(uow: Uow, where: DocumentFilter) -> Fields:
    """The folders and papers that lie in a folder; without one, and with 0, all of them."""
    folder = None if not where.folder_id else FOLDER.find(uow, [str(where.folder_id)]).get(str(where.folder_id), NOBODY)
    folders = found(uow, FOLDERS, where, [("parent_ident", "==", folder)], "folder_id")
    papers = found(uow, FILED_PAPERS, where, [("folder_ident", "==", folder)], "filed_paper_id")
    numbers = numbers_of(uow, FOLDER, [*idents(folders, "parent_ident"), *idents(papers, "folder_ident")])
    return {
        "items": {
            "folders": {
                str(row["folder_id"]): {
                    "folder_id": identifier(row["folder_id"]),
                    "name": row["name"],
                    "parentfolder_id": identifier(numbers.get(row["parent_ident"])),
                    "created": moment(row["created_at"]),
                    "content_count": str(row["content_count"]),
                }
                for row in folders
            },
            "documents": [
                {
                    "document_id": identifier(row["filed_paper_id"]),
                    "folder_id": identifier(numbers.get(row["folder_ident"])),
                    "type": row["type"],
                    "title": row["title"],
                    "date": day(row["date"]),
                    "note": words(row["note"]),
                }
                for row in papers
            ],
        }
    }


@operation("fastbill.document_create", permission="bookkeeping.write")
def create(uow: Uow, command: CreateDocument) -> Fields:
    """A paper that is kept, with its file where one came along."""
    data = command.data
    with said_as(CORE):
        body = {
            "type": data.type,
            "title": data.title,
            "date": data.date,
            "note": data.note,
            "folder_ident": None if data.folder_id is None else ident_of(uow, FOLDER, data.folder_id, "FOLDER_ID"),
        }
        made = FILED_PAPERS.create(uow, Written((), validated(FILED_PAPERS.creation, body)))
        if command.file is not None:
            attach_to_filed(uow, AttachToFiled(made["ident"], command.file))
    return done(document_id=made["filed_paper_id"])
