"""The picture of a document, for who names it by its number: by a link, for example."""

from typing import NamedTuple

from contor.documents.after import ReadFile, get_file, picture_awaited
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found


@shape
class OpenPicture:
    document_id: int


class _Picture(NamedTuple):
    ident: str
    status: str
    file: str | None


@operation("document.open_picture", permission="documents.read", reads=True)
def open_picture(uow: Uow, command: OpenPicture) -> FileContent:
    """The PDF. Raises NOT_READY while it is being made."""
    row = uow.first(
        _Picture,
        "SELECT d.ident, d.status, f.ident AS file FROM document d LEFT JOIN document_file f ON f.tenant_id = d.tenant_id"
        " AND f.document_id = d.id AND f.type = 'PDF' WHERE d.id = %s",
        (command.document_id,),
    )
    if row is None:
        raise not_found("document", str(command.document_id))
    if row.file is None:
        if row.status == "FINALIZING":
            raise picture_awaited(uow, command.document_id)
        if row.status == "CREATED":
            raise Refused(Kind.NOT_READY, Problem("file_not_made_yet", f"The PDF of {row.ident} is being made."))
        raise not_found("attachment", "PDF")
    content: FileContent = get_file(uow, ReadFile(file_ident=row.file))
    return content
