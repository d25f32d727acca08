"""Files that name accounts of others, kept sealed: they are in clear for the bank alone."""

import hashlib
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from contor.runtime.uow import Uow


class Sealed(NamedTuple):
    sha256: str
    """Of the bytes as they are read."""
    blob: str | None
    """Where they are kept; None: in clear, as a release before kept them."""


def seal_files(uow: Uow, contents: Sequence[bytes]) -> list[Sealed]:
    """Durably, before the transaction that names them."""
    hashes = [hashlib.sha256(content).hexdigest() for content in contents]
    sealed = [
        uow.runtime.secrets.seal(zlib.compress(content, 6).decode("latin-1"), _place(uow, sha256)).encode("ascii")
        for sha256, content in zip(hashes, contents, strict=True)
    ]
    return [Sealed(*pair) for pair in zip(hashes, uow.runtime.blobs.put_many(uow.ctx.tenant_id, sealed), strict=True)]


def open_file(uow: Uow, file: Sealed) -> bytes:
    """The bytes as they were. Raises `BlobMissing`, `BlobDamaged`, `SealBroken`."""
    if file.blob is None:
        return uow.runtime.blobs.get(uow.ctx.tenant_id, file.sha256)
    sealed = uow.runtime.blobs.get(uow.ctx.tenant_id, file.blob).decode("ascii")
    return zlib.decompress(uow.runtime.secrets.unseal(sealed, _place(uow, file.sha256)).encode("latin-1"))


def _place(uow: Uow, sha256: str) -> str:
    return f"{uow.ctx.tenant_id}/file/{sha256}"
