"""Files: those that are uploaded, which are filed papers of the core, and those of documents and reminders, which are only read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from contor.api.fynn.manners import MediaShown, extension_of, when
from contor.api.fynn.media.ids import Meant, meant, media_id
from contor.api.route import By, Sought
from contor.documents.after import ReadFile, ShownFile, get_file, shown_files
from contor.dunning.letters import LetterView, OneLetter, OpenLetter, get_letter, open_letter
from contor.dunning.queries import letter_numbered
from contor.expenses.folders import FILED_PAPERS, AttachToFiled, OneFiled, attach_to_filed, filed_numbered, get_filed_file
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow, not_found

TYPE: Final = "MEDIA"
"""Of the filed paper that holds an uploaded file."""
SOUGHT: Final = Sought(
    by={"fileName": By(field="title", form="PART"), "createdAt": By(field="created_at", form="INSTANT")},
    order={"fileName": "title", "createdAt": "created_at"},
)


@dataclass(frozen=True, slots=True)
class Uploaded:
    file: FileContent


@dataclass(frozen=True, slots=True)
class ListMedia:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneMedia:
    id: str


@operation("fynn.media_upload", permission="documents.write")
def upload(uow: Uow, command: Uploaded) -> MediaShown:
    """Keep a file: a PDF, a picture, a table or an XML, by its bytes."""
    ident = uow.new_uuid().hex
    paper = {"ident": ident, "type": TYPE, "title": command.file.name, "date": uow.ctx.today()}
    FILED_PAPERS.create(uow, Written((), validated(FILED_PAPERS.creation, paper)))
    return _uploaded(uow, attach_to_filed(uow, AttachToFiled(ident, command.file)))


@operation("fynn.media_list", permission="documents.read", reads=True)
def list_media(uow: Uow, command: ListMedia) -> Page:
    """Files that were uploaded, or are filed otherwise."""
    page: Page = FILED_PAPERS.list(uow, Listed((), command.query))
    return replace(page, items=tuple(_uploaded(uow, row) for row in cast(Sequence[Fields], page.items)))


@operation("fynn.media_get", permission="documents.read", reads=True)
def get_media(uow: Uow, command: OneMedia) -> MediaShown:
    """What is kept about one file."""
    found = _meant(uow, command.id)
    if found.of == "media":
        return _uploaded(uow, _paper(uow, found.number, command.id))
    if found.of == "dunning_file":
        ident = letter_numbered(uow, found.number)
        letter: LetterView | None = get_letter(uow, OneLetter(letter_ident=ident)) if ident is not None else None
        if letter is None or letter.file_sha256 is None:
            raise not_found("media", command.id)
        name = f"{letter.letter_ident}.pdf"
        return _shown(command.id, "application/pdf", name, letter.file_sha256, when(letter.made_at))
    file = _of_document(uow, found, command.id)
    return _shown(command.id, file.media_type, file.name, file.sha256, when(file.archived_at))


@operation("fynn.media_download", permission="documents.read", reads=True)
def download(uow: Uow, command: OneMedia) -> FileContent:
    """The bytes of one file, as they were kept."""
    found = _meant(uow, command.id)
    if found.of == "media":
        content: FileContent = get_filed_file(uow, OneFiled(_paper(uow, found.number, command.id)["ident"]))
    elif found.of == "dunning_file":
        content = open_letter(uow, OpenLetter(letter_id=found.number))
    else:
        content = get_file(uow, ReadFile(file_ident=_of_document(uow, found, command.id).ident))
    return content


@operation("fynn.media_delete", permission="documents.write")
def delete_media(uow: Uow, command: OneMedia) -> None:
    """Remove a file that was uploaded. Those of documents and reminders stay as long as these are kept."""
    found = _meant(uow, command.id)
    if found.of != "media":
        raise Refused(Kind.ILLEGAL_STATE, Problem("media_archived", "The file belongs to a document, and is kept with it."))
    FILED_PAPERS.delete(uow, Keyed((_paper(uow, found.number, command.id)["ident"],)))


def _meant(uow: Uow, text: str) -> Meant:
    found = meant(uow, text)
    if found is None:
        raise not_found("media", text)
    return found


def _paper(uow: Uow, number: int, text: str) -> Mapping[str, str]:
    row = filed_numbered(uow, number)
    if row is None or row["sha256"] is None:
        raise not_found("media", text)
    return row


def _of_document(uow: Uow, found: Meant, text: str) -> ShownFile:
    file = shown_files(uow, [found.number]).get(found.number, {}).get(found.of.partition(":")[2])
    if file is None:
        raise not_found("media", text)
    return file


def _uploaded(uow: Uow, row: Mapping[str, object]) -> MediaShown:
    name = str(row["file_name"] or row["title"])
    made = row["created_at"]
    number = cast(int, row["filed_paper_id"])
    kind = str(row["media_type"] or "application/octet-stream")
    return _shown(media_id(uow, "media", number), kind, name, str(row["sha256"] or ""), when(made))  # type: ignore[arg-type]  # a timestamp


def _shown(id: str, kind: str, name: str, sha256: str, made: str | None) -> MediaShown:
    ending = extension_of(name)
    return MediaShown(
        id=id,
        mime_type=kind,
        file_extension=ending,
        file_name=name,
        storage_file_name=f"{sha256}.{ending}" if ending else sha256,
        created_at=made,
    )
