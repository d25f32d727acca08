"""Files are found by their content, on disk before anybody hears of them, and never another tenant's."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from contor.runtime.blobs import BlobDamaged, BlobMissing, BlobStore, FileBlobs, PassingBlobs

HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return FileBlobs(tmp_path / "blobs")


def test_a_file_is_found_by_the_hash_of_its_content(blobs: BlobStore, tmp_path: Path) -> None:
    assert blobs.put(7, b"hello") == HELLO
    assert blobs.get(7, HELLO) == b"hello"
    assert blobs.size(7, HELLO) == 5
    path = tmp_path / "blobs" / "7" / "2c" / HELLO
    assert path.read_bytes() == b"hello"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_another_tenant_has_no_such_file(blobs: BlobStore) -> None:
    blobs.put(7, b"hello")
    assert blobs.size(8, HELLO) is None
    with pytest.raises(BlobMissing, match=f"tenant 8 has no file {HELLO}"):
        blobs.get(8, HELLO)


def test_a_batch_answers_in_its_order_and_keeps_a_repeated_content_once(blobs: BlobStore, tmp_path: Path) -> None:
    contents = [b"one", b"two", b"", b"one", *(str(n).encode() for n in range(300))]
    assert blobs.put_many(7, contents) == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [blobs.get(7, hashlib.sha256(content).hexdigest()) for content in contents] == contents
    kept = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert len(kept) == 303
    assert not [path for path in kept if path.name.startswith(".")]


def test_putting_again_changes_nothing(blobs: BlobStore, tmp_path: Path) -> None:
    blobs.put(7, b"hello")
    path = tmp_path / "blobs" / "7" / "2c" / HELLO
    before = path.stat()
    assert blobs.put(7, b"hello") == HELLO
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", HELLO.upper(), HELLO[:-1], HELLO + "0", f"{HELLO}\n", "ä" * 64])
def test_only_a_hash_names_a_file(blobs: BlobStore, name: str) -> None:
    for ask in (blobs.get, blobs.size):
        with pytest.raises(BlobMissing, match="is not a SHA-256"):
            ask(7, name)


def test_a_changed_file_is_not_handed_out(blobs: BlobStore, tmp_path: Path) -> None:
    blobs.put(7, b"hello")
    (tmp_path / "blobs" / "7" / "2c" / HELLO).write_bytes(b"hallo")
    with pytest.raises(BlobDamaged):
        blobs.get(7, HELLO)


def test_content_and_folders_are_synced_before_the_answer(
    blobs: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded in order: content before it gets its name, the name before the answer, each new folder in its parent."""
    synced: list[str] = []
    fsync: Callable[[int], None] = os.fsync

    def record(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink().relative_to(tmp_path)).split(f".{os.getpid()}.")[0])
        fsync(handle)

    monkeypatch.setattr(os, "fsync", record)
    blobs.put_many(7, [b"hello"])
    assert synced == [".", "blobs", "blobs/7", f"blobs/7/2c/.{HELLO}", "blobs/7/2c"]
    synced.clear()
    blobs.put_many(7, [b"hello"])
    assert synced == ["blobs/7/2c"]


def test_a_full_disk_leaves_nothing_behind(blobs: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[[int, memoryview], int] = os.write

    def nearly_full(handle: int, content: memoryview) -> int:
        if content == b"world":
            raise OSError(28, "No space left on device")
        return write(handle, content[:2])

    monkeypatch.setattr(os, "write", nearly_full)
    with pytest.raises(OSError, match="No space left"):
        blobs.put_many(7, [b"hello", b"world"])
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [fd for fd in Path("/proc/self/fd").iterdir() if str(tmp_path) in os.path.realpath(fd)]


def test_files_of_what_is_undone_are_read_and_go_with_it(blobs: BlobStore, tmp_path: Path) -> None:
    kept = blobs.put(7, b"kept")
    passing = PassingBlobs(blobs)
    assert passing.put(7, b"hello") == HELLO
    passing.replace(7, b"one")
    assert [passing.get(7, name) for name in (kept, HELLO)] == [b"kept", b"hello"]
    assert [passing.size(7, name) for name in (kept, HELLO, hashlib.sha256(b"one").hexdigest())] == [4, 5, 3]
    assert passing.size(8, HELLO) is None
    with pytest.raises(BlobMissing):
        blobs.get(7, HELLO)
    assert [path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == [kept]
