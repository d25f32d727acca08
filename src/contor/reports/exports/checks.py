"""What must hold of exports."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.blobs import BlobMissing
from contor.runtime.uow import Uow


class _Kept(NamedTuple):
    export_ident: str
    name: str
    size: int
    sha256: str


_FILES = "SELECT export_ident, name, size, sha256 FROM export_file ORDER BY export_ident, position"


@check("exports.files_are_kept")
def kept(uow: Uow) -> Iterable[str]:
    """Every file of an export is there, with its size."""
    for file in uow.all(_Kept, _FILES):
        size = uow.runtime.blobs.size(uow.ctx.tenant_id, file.sha256)
        if size != file.size:
            yield f"export {file.export_ident}: {file.name} has {'no file' if size is None else f'{size} bytes'}, not {file.size} bytes"


@check("exports.files_are_as_they_were_made", on_demand=True)
def unchanged(uow: Uow) -> Iterable[str]:
    """Every file of an export has the content that its hash names."""
    for file in uow.all(_Kept, _FILES):
        try:
            with uow.runtime.blobs.reading(uow.ctx.tenant_id, file.sha256) as source:
                digest = hashlib.sha256()
                while piece := source.read(1 << 20):
                    digest.update(piece)
        except BlobMissing:
            continue  # the other check says it
        if digest.hexdigest() != file.sha256:
            yield f"export {file.export_ident}: {file.name} was changed on the disk"


@check("exports.what_is_done_names_its_files")
def done(uow: Uow) -> Iterable[str]:
    """An export that is done has its hash, which is that of its files; no other one has files."""
    sql = (
        "SELECT e.ident FROM export e LEFT JOIN LATERAL (SELECT encode(sha256(convert_to(string_agg(f.sha256 || '  ' || f.name || E'\\n',"
        " '' ORDER BY f.position), 'UTF8')), 'hex') AS hash FROM export_file f WHERE f.tenant_id = e.tenant_id"
        " AND f.export_ident = e.ident) f ON true WHERE e.sha256 IS DISTINCT FROM coalesce(f.hash,"
        " CASE WHEN e.status = 'DONE' THEN encode(sha256(''), 'hex') END) ORDER BY e.id"
    )
    for ident in uow.column(str, sql):
        yield f"export {ident}: its hash is not that of its files"
