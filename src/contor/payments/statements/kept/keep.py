"""The original files, kept unchanged (GoBD), whatever becomes of them. They name accounts of others, so they are sealed."""

import hashlib
import zlib
from typing import NamedTuple

from contor.runtime.uow import Uow


class Kept(NamedTuple):
    sha256: str
    """Of the bytes as they came."""
    blob: str
    """Where they are."""


def keep(uow: Uow, content: bytes) -> Kept:
    """Durably, before the transaction that names it."""
    sha256 = hashlib.sha256(content).hexdigest()
    sealed = uow.runtime.secrets.seal(zlib.compress(content, 6).decode("latin-1"), _place(uow, sha256))
    return Kept(sha256, uow.runtime.blobs.put(uow.ctx.tenant_id, sealed.encode("ascii")))


def original(uow: Uow, kept: Kept) -> bytes:
    """The bytes as they came. Raises `BlobMissing`, `BlobDamaged`, `SealBroken`."""
    sealed = uow.runtime.blobs.get(uow.ctx.tenant_id, kept.blob).decode("ascii")
    return zlib.decompress(uow.runtime.secrets.unseal(sealed, _place(uow, kept.sha256)).encode("latin-1"))


def _place(uow: Uow, sha256: str) -> str:
    return f"{uow.ctx.tenant_id}/statement/{sha256}"
