"""Folders for files that are needed while something is made. Who is killed leaves his behind: the next process that starts takes them away.

A folder is in use as long as somebody has it locked; the lock ends with the process, however that ends.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PREFIX: Final = "contor-scratch-"
_FORMER: Final = "contor-report-"
"""As releases before called those of reports, which nobody holds a lock of."""
_ABANDONED_AFTER: Final = 24 * 3600
"""Seconds. A report takes minutes."""


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder of one's own, gone with what is in it when the context ends."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        handle = _locked(folder)
        if handle is not None and folder.exists():  # else it was swept away before it was locked
            break
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep(now: float) -> int:
    """Take away the folders of processes that are no more; how many. `now`: seconds since 1970."""
    gone = 0
    for folder in sorted(Path(tempfile.gettempdir()).glob("contor-*")):
        if folder.name.startswith((PREFIX, _FORMER)) and _is_ours(folder) and _is_left(folder, now):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _is_left(folder: Path, now: float) -> bool:
    if folder.name.startswith(_FORMER):
        with contextlib.suppress(FileNotFoundError):
            return now - folder.stat().st_mtime > _ABANDONED_AFTER
        return False
    if (handle := _locked(folder)) is None:
        return False
    os.close(handle)
    return True


def _is_ours(folder: Path) -> bool:
    """Neither another user's, nor a link that leads somewhere else."""
    with contextlib.suppress(FileNotFoundError):
        return not folder.is_symlink() and folder.is_dir() and folder.lstat().st_uid == os.geteuid()
    return False


def _locked(folder: Path) -> int | None:
    """A handle that holds the folder's lock; None: somebody else holds it, or the folder is gone."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
