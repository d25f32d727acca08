"""A watched directory: what a bank's program puts into the folder of a tenant is read, and moved once that is stored.

`CONTOR_STATEMENTS` names the directory; each tenant has a folder in it that is called as its realm. Files go to `done`, `aside` or
`refused` within it, after the commit: a process that dies in between reads a file twice, and knows every booking of it the second time.
"""

import datetime as dt
import logging
from pathlib import Path

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Elsewhere, Work, work
from contor.organizations.clock import FindEnvironment, find_environment
from contor.payments.gateways import MOVED_TO
from contor.payments.statements import LARGEST
from contor.payments.ways.entering import enter
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import Scheduled, scheduled
from contor.runtime.work.tenants import caller

log = logging.getLogger("contor.statements")
SETTLED_SECONDS = 5
"""A file that was written to later than that is perhaps not whole yet."""
_ARRIVING = (".part", ".tmp", ".filepart", ".crdownload")


def waiting(runtime: Runtime, folder: Path) -> list[Path]:
    """Whole files that wait in a tenant's folder, by name. Links are not followed."""
    latest = runtime.clock().timestamp() - SETTLED_SECONDS
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name.endswith(_ARRIVING) or entry.is_symlink() or not entry.is_file():
            continue
        if entry.stat().st_mtime <= latest:
            found.append(entry)
    return found


def sift(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Read what waits in the folder of the tenant. One worker at a time: of two, one would find a file moved by the other."""
    with runtime.transaction(caller("statement_directory", tenant_id), reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('directory'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        for folder, owner in _folders(runtime):
            if owner != tenant_id:
                continue
            for path in waiting(runtime, folder):
                runtime.go_on()
                _take(runtime, tenant_id, path)
    return None


def _take(runtime: Runtime, tenant_id: int, path: Path) -> None:
    if (content := content_of(path)) is None:
        return
    done = enter(runtime, tenant_id, path.name, content, "DIRECTORY")
    if done is not None and done.state in MOVED_TO:
        put_aside(path, MOVED_TO[done.state])


def content_of(path: Path) -> bytes | None:
    """None: it is larger than any is read, and lies with those that were refused."""
    if path.stat().st_size <= LARGEST:
        return path.read_bytes()
    log.warning("the file %s of a bank is larger than 64 MB; it is refused unread", path.name)
    put_aside(path, MOVED_TO["REFUSED"])
    return None


def folder_of(runtime: Runtime, tenant_id: int, name: str) -> Path | None:
    """A folder within that of the tenant; None: there is none."""
    for folder, owner in _folders(runtime):
        inner = folder / name
        if owner == tenant_id and inner.is_dir() and not inner.is_symlink():
            return inner
    return None


def is_text(name: str) -> bool:
    """Whether the name, as the system has it in bytes, is UTF-8: Python keeps other bytes as halves of characters."""
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def put_aside(path: Path, place: str) -> None:
    """Beside what is there under the same name."""
    folder = _place(path.parent, place)
    target, number = folder / path.name, 1
    while target.exists():
        target, number = folder / f"{path.stem}.{number}{path.suffix}", number + 1
    path.replace(target)


def _place(parent: Path, name: str) -> Path:
    """The folder of that name, or of the next where a file bears it."""
    folder, number = parent / name, 1
    while folder.exists() and not folder.is_dir():
        folder, number = parent / f"{name}.{number}", number + 1
    folder.mkdir(exist_ok=True)
    return folder


def _folders(runtime: Runtime) -> list[tuple[Path, int]]:
    """The folders that are called as a realm, with its tenant."""
    root = runtime.config.statements
    if root is None or not root.is_dir():
        return []
    who = Caller("statements:directory", "statements-directory", permissions=frozenset({EVERYTHING}))
    found = []
    for folder in sorted(root.iterdir()):
        if not folder.is_dir() or folder.is_symlink():
            continue
        if not is_text(folder.name):
            log.warning("a folder of the watched directory has a name that is no text: %a", folder.name)
            continue
        try:
            owner = runtime.execute(find_environment, FindEnvironment(realm=folder.name), who)
        except Refused:
            log.warning("the folder %s of the watched directory is called as no realm", folder.name)
            continue
        found.append((folder, owner.tenant_id))
    return found


SIFT = work(Work(name="statement_directory", look=sift))


@shape
class FilesWait:
    """Something waits in the folder of the tenant."""


@operation("statement_directory.call_for", permission="payments.write")
def call_for(uow: Uow, command: FilesWait) -> None:
    """Let a worker read it."""
    uow.mark(SIFT.name)


def _mark(runtime: Runtime) -> None:
    """Tenants in whose folder something waits have work."""
    for folder, tenant_id in _folders(runtime):
        if waiting(runtime, folder):
            runtime.execute(call_for, FilesWait(), caller("statement_directory", tenant_id))


WATCH = scheduled(Scheduled("statement_directory", dt.timedelta(minutes=1), _mark))
