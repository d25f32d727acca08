"""The files behind the papers (PDF, XML, attachments, imported originals), kept under the hash of their content.

A file is on disk before the transaction that names it commits: an orphan is harmless, a missing file is not. A file that is
named by its content never changes, which is what GoBD asks of an archive.
"""

import contextlib
import fcntl
import hashlib
import io
import itertools
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

TOGETHER = 64
"""Files written at once: each holds a handle until it is on disk."""
_JUST_MADE: Final = 60
"""Seconds in which a file may not be locked yet by who makes it."""
_ARRIVALS: Final = itertools.count()
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    """No such file is kept for this tenant."""


class BlobDamaged(RuntimeError):
    """The file's content is no longer what its name says: it has to come back from a backup."""


class BlobStore(Protocol):
    """Where files are kept; a tenant never reaches another's."""

    def put(self, tenant_id: int, content: bytes) -> str:
        """Keep `content` durably; answer its SHA-256 in hex, by which it is found again."""
        ...

    def put_many(self, tenant_id: int, contents: Sequence[bytes]) -> list[str]:
        """As `put` for each, at the cost of few waits for the disk."""
        ...

    def get(self, tenant_id: int, sha256: str) -> bytes:
        """The content. Raises `BlobMissing`, `BlobDamaged`."""
        ...

    def size(self, tenant_id: int, sha256: str) -> int | None:
        """How many bytes are kept; None: there is no such file."""
        ...

    def replace(self, tenant_id: int, content: bytes) -> None:
        """Keep `content` in the place of what is damaged there."""
        ...

    def writing(self, tenant_id: int) -> "AbstractContextManager[BlobWriter]":
        """A file that is written piece by piece, however large; within the context, `keep` ends it and names it. One that is not kept
        is gone."""
        ...

    def reading(self, tenant_id: int, sha256: str) -> BinaryIO:
        """The file, opened: for what may be too large to be held as a whole. Its content is not compared with its name. Raises
        `BlobMissing`."""
        ...

    def sweep(self, now: float) -> int:
        """Take away the files that were being written piece by piece by processes that are no more; how many. `now`: seconds since
        1970."""
        ...


class BlobWriter:
    """What a file that is written piece by piece is written to; a binary file object as far as `zipfile` and `lxml` need one."""

    def __init__(self, target: BinaryIO, keep: Callable[[str], None]) -> None:
        self._target, self._keep, self._hash = target, keep, hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._hash.update(piece)
        self.size += len(piece)
        rest = memoryview(piece)
        while rest:
            rest = rest[self._target.write(rest) :]
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back here."""

    def keep(self) -> str:
        """Keep what was written durably; its SHA-256 in hex."""
        name = self._hash.hexdigest()
        self._keep(name)
        return name


class FileBlobs:
    """`<root>/<tenant>/ab/<sha256>`. A crash can leave a file whose name begins with a dot, which nothing refers to; large ones, that
    were written piece by piece, are swept away."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, tenant_id: int, content: bytes) -> str:
        return self.put_many(tenant_id, [content])[0]

    def put_many(self, tenant_id: int, contents: Sequence[bytes]) -> list[str]:
        names = [hashlib.sha256(content).hexdigest() for content in contents]
        fresh = {name: content for name, content in zip(names, contents, strict=True) if not self._path(tenant_id, name).exists()}
        waiting = list(fresh.items())
        for start in range(0, len(waiting), TOGETHER):
            self._write([(self._path(tenant_id, name), content) for name, content in waiting[start : start + TOGETHER]])
        # Also for files that exist: who put them there may not have come this far.
        for folder in sorted({self._path(tenant_id, name).parent for name in names}):
            _sync_folder(folder)
        return names

    def get(self, tenant_id: int, sha256: str) -> bytes:
        try:
            content = self._path(tenant_id, sha256).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(f"tenant {tenant_id} has no file {sha256}") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BlobDamaged(f"the file {sha256} of tenant {tenant_id} was changed on disk")
        return content

    def size(self, tenant_id: int, sha256: str) -> int | None:
        try:
            return self._path(tenant_id, sha256).stat().st_size
        except FileNotFoundError:
            return None

    def replace(self, tenant_id: int, content: bytes) -> None:
        path = self._path(tenant_id, hashlib.sha256(content).hexdigest())
        self._write([(path, content)])
        _sync_folder(path.parent)

    @contextlib.contextmanager
    def writing(self, tenant_id: int) -> Iterator[BlobWriter]:
        folder = self._root / str(int(tenant_id))
        self._make_folder(folder)
        arriving = folder / f".arriving.{os.getpid()}.{threading.get_ident()}.{next(_ARRIVALS)}"

        def keep(name: str) -> None:
            path = self._path(tenant_id, name)
            self._make_folder(path.parent)
            target.flush()
            os.fsync(target.fileno())
            arriving.rename(path)
            _sync_folder(path.parent)

        handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)  # it is in use, until this process ends
        try:
            with os.fdopen(handle, "wb", buffering=1 << 20) as target:
                yield BlobWriter(target, keep)
        finally:
            arriving.unlink(missing_ok=True)  # what was kept has another name by now

    def reading(self, tenant_id: int, sha256: str) -> BinaryIO:
        try:
            return self._path(tenant_id, sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissing(f"tenant {tenant_id} has no file {sha256}") from None

    def sweep(self, now: float) -> int:
        return sum(_swept(path, now) for path in sorted(self._root.glob("*/.arriving.*")))

    def _path(self, tenant_id: int, sha256: str) -> Path:
        if _SHA256.fullmatch(sha256) is None:  # nothing else becomes a part of a path
            raise BlobMissing(f"{sha256[:80]!r} is not a SHA-256")
        return self._root / str(int(tenant_id)) / sha256[:2] / sha256

    def _write(self, files: list[tuple[Path, bytes]]) -> None:
        """All are written before the first is waited for, so that the disk takes them together; then each gets its name."""
        for path, _ in files:
            self._make_folder(path.parent)
        with contextlib.ExitStack() as opened:
            arrived = []
            for path, content in files:
                arriving = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
                opened.callback(arriving.unlink, missing_ok=True)  # after the rename there is none to remove
                handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
                opened.callback(os.close, handle)
                rest = memoryview(content)
                while rest:
                    rest = rest[os.write(handle, rest) :]  # one call may write less than it is given
                arrived.append((arriving, path, handle))
            for arriving, path, handle in arrived:
                os.fsync(handle)
                arriving.rename(path)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        if folder != self._root:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)  # a folder is durable once its parent is


class PassingBlobs:
    """The files of a transaction that is undone: they are in memory and go with it; what was kept before is there."""

    def __init__(self, kept: BlobStore) -> None:
        self._kept = kept
        self._passing: dict[tuple[int, str], bytes] = {}

    def put(self, tenant_id: int, content: bytes) -> str:
        return self.put_many(tenant_id, [content])[0]

    def put_many(self, tenant_id: int, contents: Sequence[bytes]) -> list[str]:
        names = [hashlib.sha256(content).hexdigest() for content in contents]
        self._passing.update({(tenant_id, name): content for name, content in zip(names, contents, strict=True)})
        return names

    def get(self, tenant_id: int, sha256: str) -> bytes:
        passing = self._passing.get((tenant_id, sha256))
        return self._kept.get(tenant_id, sha256) if passing is None else passing

    def size(self, tenant_id: int, sha256: str) -> int | None:
        passing = self._passing.get((tenant_id, sha256))
        return self._kept.size(tenant_id, sha256) if passing is None else len(passing)

    def replace(self, tenant_id: int, content: bytes) -> None:
        self.put(tenant_id, content)

    @contextlib.contextmanager
    def writing(self, tenant_id: int) -> Iterator[BlobWriter]:
        target = io.BytesIO()
        yield BlobWriter(target, lambda name: self._passing.update({(tenant_id, name): target.getvalue()}))

    def reading(self, tenant_id: int, sha256: str) -> BinaryIO:
        passing = self._passing.get((tenant_id, sha256))
        return self._kept.reading(tenant_id, sha256) if passing is None else io.BytesIO(passing)

    def sweep(self, now: float) -> int:
        return 0  # in memory, none is left behind


def _swept(arriving: Path, now: float) -> bool:
    """Whether nobody wrote it any more, and it is gone."""
    try:
        handle = os.open(arriving, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        if now - os.fstat(handle).st_mtime < _JUST_MADE:
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        arriving.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
