"""Files that are damaged or gone: found by hashing them again, and made again from the frozen document, which says all that was in them."""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from contor.documents.after.archiving import MEDIA_TYPES, files_of, picture_file, unfiled
from contor.documents.awaited import UPLOADED_PICTURE
from contor.documents.queries import documents_by_id
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.uow import Uow

SAMPLE = 2_000
"""Files of a tenant that one night hashes again; a tenant with fewer has all of them looked at each night."""


class KeptFile(NamedTuple):
    """A file of a document, and where its bytes are."""

    document_id: int
    ident: str
    type: str
    size: int
    sha256: str


@shape
class Mended:
    mended: int
    lost: tuple[str, ...]
    """Files that cannot be made again as they were, as `document: type`; they come back from a backup."""


_KEPT = (
    "SELECT document_id, ident, type, size, sha256 FROM (SELECT f.document_id, d.ident, f.type, f.size, f.sha256 FROM document_file f"
    " JOIN document d ON d.tenant_id = f.tenant_id AND d.id = f.document_id UNION ALL"
    " SELECT a.document_id, d.ident, 'ATTACHMENT', a.size, a.sha256 FROM document_attachment a"
    " JOIN document d ON d.tenant_id = a.tenant_id AND d.id = a.document_id WHERE a.sha256 IS NOT NULL) k"
)


def kept_files(uow: Uow) -> list[KeptFile]:
    """Every file of every document, in the order of the documents."""
    return uow.all(KeptFile, f"{_KEPT} ORDER BY document_id, type")


def sample(uow: Uow) -> list[KeptFile]:
    """The files whose turn it is tonight: after so many nights each was looked at."""
    files = sorted(kept_files(uow), key=lambda file: file.sha256)
    turns = -(-len(files) // SAMPLE)
    return files[uow.ctx.today().toordinal() % turns :: turns] if turns else []


def damaged(uow: Uow, files: Iterable[KeptFile]) -> Iterator[tuple[KeptFile, str]]:
    """Those of the files that are not what they were, and how."""
    for file in files:
        try:
            uow.runtime.blobs.get(uow.ctx.tenant_id, file.sha256)
        except BlobMissing:
            yield file, "is missing"
        except BlobDamaged:
            yield file, "was changed"


@operation("file.mend", permission="documents.write")
def mend(uow: Uow, command: None) -> Mended:
    """Make damaged files again where the frozen document gives the same bytes, and put them in their place."""
    broken: dict[int, list[KeptFile]] = defaultdict(list)
    for file, _ in damaged(uow, kept_files(uow)):
        broken[file.document_id].append(file)
    mended, lost = 0, list[str]()
    for number, files in broken.items():
        made = _made_again(uow, number, files)
        for file in files:
            content = made.get(file.sha256)
            if content is None:
                lost.append(f"{file.ident}: {file.type}")
                continue
            uow.runtime.blobs.replace(uow.ctx.tenant_id, content)
            uow.audit("document", file.ident, {"mended": file.type})
            mended += 1
    return Mended(mended=mended, lost=tuple(lost))


def _made_again(uow: Uow, number: int, files: Sequence[KeptFile]) -> dict[str, bytes]:
    """What the document gives, by its hash; without attachments that are gone themselves, for then nothing fits."""
    sql = "SELECT sha256 FROM document_file WHERE document_id = %s AND type = %s"
    uploaded = uow.scalar(str, sql, (number, UPLOADED_PICTURE))
    try:
        papers = unfiled(uow, documents_by_id(uow, [number]))
        drawn = None if uploaded is None else uow.runtime.blobs.get(uow.ctx.tenant_id, uploaded)
    except (BlobMissing, BlobDamaged):
        return {}
    made = files_of(papers, frozenset(MEDIA_TYPES))
    if drawn is not None:
        from pypdf import PdfReader  # as where it was uploaded

        made.append(picture_file(papers[0], PdfReader(io.BytesIO(drawn))))
    return {file.sha256: file.content for file in made}
