"""The pictures of documents (Belegbilder) in a zip with `document.xml`, as DATEV's Belegtransfer reads it: each has a GUID, and the rows of
the batch link to it (BEDI)."""

import datetime as dt
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from contor.bookkeeping.entries import documents_booked_between
from contor.documents.after import Picture, pictures_of
from contor.reports.datev.frozen import KINDS_WITH_IMAGE
from contor.reports.datev.text import number_field
from contor.reports.exports import ExportTask, FileWriter, Output
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.uow import Uow

AT_ONCE: Final = 500
MOST_BYTES: Final = 400_000_000
MOST_FILES: Final = 4_500
"""Of one zip: DATEV takes 5,000 files and 465 MB."""
NAMESPACE: Final = "http://xml.datev.de/bedi/tps/document/v06.0"
_GUIDS: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)


def image_guid(tenant_id: int, document_id: int) -> uuid.UUID:
    """The same at every export: DATEV knows the picture again."""
    return uuid.uuid5(_GUIDS, f"{tenant_id}/{document_id}")


def write_images(uow: Uow, task: ExportTask, last: dt.date, out: Output) -> None:
    """The pictures of the documents that the exported entries book."""
    zips = _Zips(uow, task, out)
    try:
        for picture in _pictures(uow, task, last, out):
            try:
                zips.add(picture, uow.runtime.blobs.get(uow.ctx.tenant_id, picture.sha256))
            except (BlobMissing, BlobDamaged):
                out.leave_out("IMAGE_DAMAGED", "The picture is not what was kept (`contor files mend`).", picture.ident)
    except BaseException as error:
        zips.drop(error)
        raise
    zips.close()


def _pictures(uow: Uow, task: ExportTask, last: dt.date, out: Output) -> Iterator[Picture]:
    waiting = list[int]()
    for number in documents_booked_between(uow, task.first_day, last, task.journal, sorted(KINDS_WITH_IMAGE)):
        waiting.append(number)
        if len(waiting) == AT_ONCE:
            yield from _of(uow, waiting, out)
            waiting = []
    yield from _of(uow, waiting, out)


def _of(uow: Uow, ids: list[int], out: Output) -> Iterator[Picture]:
    for picture in pictures_of(uow, ids):
        if picture.sha256:
            yield picture
        else:
            out.leave_out("NO_IMAGE", "The document has no picture: it is being made, or switched off.", picture.ident)


class _Zips:
    """One zip after the other; the description of each is written into it last."""

    def __init__(self, uow: Uow, task: ExportTask, out: Output) -> None:
        self._tenant_id, self._task, self._out = uow.ctx.tenant_id, task, out
        self._stack = ExitStack()
        self._zip: zipfile.ZipFile | None = None
        self._file: FileWriter | None = None
        self._listed: list[str] = []
        self._part = 0

    def add(self, picture: Picture, content: bytes) -> None:
        is_full = self._file is not None and (self._file.size + len(content) > MOST_BYTES or len(self._listed) >= MOST_FILES)
        if self._zip is None or is_full:
            self.close()
            self._open()
        assert self._zip is not None
        assert self._file is not None
        name = f"{number_field(picture.ident).replace('/', '-').replace('*', '-')}_{picture.document_id}.pdf"
        self._zip.writestr(self._entry(name), content)
        self._file.rows += 1
        guid = image_guid(self._tenant_id, picture.document_id)
        self._listed.append(
            f'<document guid="{guid}"><keywords>{escape(number_field(picture.ident))}</keywords>'
            f'<extension xsi:type="File" name={quoteattr(name)}/></document>\n'
        )

    def close(self) -> None:
        if self._zip is not None:
            self._zip.writestr(self._entry("document.xml"), self._description())
            self._stack.close()
        self._zip, self._file, self._listed = None, None, []

    def drop(self, error: BaseException) -> None:
        """Keep nothing of what is open."""
        self._stack.__exit__(type(error), error, error.__traceback__)

    def _open(self) -> None:
        self._part += 1
        self._file = self._stack.enter_context(self._out.file(f"Belegbilder_{self._part}.zip", "application/zip"))
        # pictures are compressed already; an archive that is only written forward says the sizes behind each file
        self._zip = self._stack.enter_context(zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED))  # type: ignore[call-overload]  # zipfile asks for more than it uses

    def _entry(self, name: str) -> zipfile.ZipInfo:
        at = self._task.requested_at
        return zipfile.ZipInfo(name, (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second))

    def _description(self) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<archive xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xsi:schemaLocation="{NAMESPACE} Document_v060.xsd" version="6.0" generatingSystem="Contor">\n'
            f"<header><date>{self._task.requested_at:%Y-%m-%dT%H:%M:%S}</date><description>Belegbilder</description></header>\n"
            f"<content>\n{''.join(self._listed)}</content>\n</archive>\n"
        )
