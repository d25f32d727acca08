"""`contor backup` and `contor restore`: the database, the files and the key, as one folder that can be checked.

Order matters. A file is on disk before the transaction that names it commits, so the database is dumped first and the files are copied
after: the backup holds every file that its database names. The manifest comes last: a folder without one is no backup. Everything may
go on meanwhile; the dump sees one moment.
"""

import datetime as dt
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import counted
from contor.runtime.blobs import FileBlobs
from contor.runtime.config import Config
from contor.runtime.migrate import migrate
from contor.runtime.postgres import (
    apart_from_password,
    client_program,
    ensure_app_role,
    ensure_process_login,
    environment,
    facts,
    start,
)
from contor.runtime.secrets import SealBroken, Secrets
from contor.runtime.uow import wall_clock

Progress = Callable[[str], None]
FORMAT = 1
DUMP, FILES, KEY, MANIFEST = "database.dump", "blobs", "secret.key", "manifest.json"
_SEALED = "backup"


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a backup says of itself."""

    format: int
    made_at: dt.datetime
    dump_sha256: str
    files: int
    has_key: bool
    """The key is in the folder; else it is the operator's `CONTOR_SECRET`."""
    sealed: str
    """A text that only the right key opens."""


def back_up(config: Config, folder: Path, progress: Progress) -> Manifest:
    """Write a backup into the new or empty `folder`. Raises `Refused`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise _refused("folder_not_empty", f"{folder} is not empty: a backup gets a folder of its own.")
    folder.chmod(0o700)  # it holds everything, the key too
    secrets = Secrets.load(config)
    with _reader(config) as dsn:
        progress("Dumping the database")
        _run(config, "pg_dump", dsn, "--format=custom", "--no-owner", f"--file={folder / DUMP}")
    progress("Copying the files")
    files = _copy_files(config.home / "blobs", folder / FILES)
    if config.secret is None:
        _copy_key(config.home / KEY, folder / KEY)
    manifest = Manifest(
        format=FORMAT,
        made_at=wall_clock(),
        dump_sha256=_digest(folder / DUMP),
        files=files,
        has_key=config.secret is None,
        sealed=secrets.seal(_SEALED, _SEALED),
    )
    arriving = folder / f"{MANIFEST}.new"
    arriving.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    os.sync()
    arriving.rename(folder / MANIFEST)
    return manifest


def restore(config: Config, folder: Path, progress: Progress) -> Manifest:
    """Bring a backup into an empty home and an empty database, and the schema to the newest. Raises `Refused`."""
    manifest = _manifest(folder)
    _refuse_used(config.home)
    if _digest(folder / DUMP) != manifest.dump_sha256:
        raise _refused("backup_damaged", f"{folder / DUMP} is not what was written: take another backup.")
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if manifest.has_key and config.secret is None:
        _copy_key(folder / KEY, config.home / KEY)
    secrets = Secrets.load(config)
    try:
        secrets.unseal(manifest.sealed, _SEALED)
    except SealBroken:
        raise _refused("key_is_another", "CONTOR_SECRET is not the key of this backup.") from None
    progress("Copying the files")
    if _copy_files(folder / FILES, config.home / "blobs") != manifest.files:
        raise _refused(
            "backup_damaged",
            f"{folder / FILES} does not hold the {counted(manifest.files, 'file that was', 'files that were')} written.",
        )
    with _owner(config) as dsn:
        progress("Restoring the database")
        ensure_app_role(dsn)
        _run(config, "pg_restore", dsn, "--no-owner", "--exit-on-error", "--single-transaction", str(folder / DUMP))
        migrate(dsn)
        ensure_process_login(dsn, secrets)
    return manifest


@contextmanager
def _reader(config: Config) -> Iterator[str]:
    """The DSN of who may read every tenant's rows: the embedded server's administrator, or a login that `DATABASE_URL` names."""
    if config.database_url is None:
        server = start(config)
        try:
            yield server.reader_dsn
        finally:
            server.stop()
        return
    found = facts(config.database_url)
    if not found.reads_all:
        message = (
            f"{found.login} may not read all tenants: row-level security is forced. An administrator makes a login for it (CREATE ROLE"
            " contor_backup LOGIN PASSWORD '...' BYPASSRLS; GRANT pg_read_all_data TO contor_backup), DATABASE_URL names it for this"
            " command."
        )
        raise _refused("login_may_not_read", message)
    yield config.database_url


@contextmanager
def _owner(config: Config) -> Iterator[str]:
    """The DSN of who will own the tables, in an empty database that knows the role of the processes."""
    if config.database_url is None:
        server = start(config)
        try:
            yield server.dsn
        finally:
            server.stop()
        return
    found = facts(config.database_url)
    if found.has_tables:
        raise _refused("database_not_empty", "The database holds an installation already: a backup goes into an empty one.")
    yield config.database_url


def _run(config: Config, program: str, dsn: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; the password goes by its environment, which only its owner can read."""
    address, secret = apart_from_password(dsn)
    command = [str(client_program(config, program)), *arguments, f"--dbname={address}"]
    done = subprocess.run(command, env=environment() | secret, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:500]
        raise _refused("program_failed", f"{program}: {said}")


def _manifest(folder: Path) -> Manifest:
    try:
        made = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        raise _refused("backup_missing", f"{folder} is no whole backup: {MANIFEST} is missing or cannot be read.") from None
    if made.format != FORMAT:
        raise _refused("backup_is_newer", f"The backup has format {made.format}; this release reads {FORMAT}.")
    return made


def _refuse_used(home: Path) -> None:
    used = [name for name in ("postgres", FILES, KEY) if (home / name).exists()]
    if used:
        raise _refused(
            "home_not_empty", f"{home} holds an installation already ({', '.join(used)}): CONTOR_HOME names an empty one."
        )


def _copy_files(source: Path, target: Path) -> int:
    """How many were copied. Each must be what its name says. A file that is still arriving is nobody's yet."""
    store, count = FileBlobs(target), 0
    for path in sorted(source.glob("*/*/*")):
        if path.name.startswith("."):
            continue
        if store.put(int(path.parent.parent.name), path.read_bytes()) != path.name:
            raise _refused("file_damaged", f"{path} is not what its name says: bring it back from an older backup.")
        count += 1
    return count


def _copy_key(source: Path, target: Path) -> None:
    with source.open("rb") as key, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        shutil.copyfileobj(key, copy)
        os.fsync(copy.fileno())


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _refused(code: str, message: str) -> Refused:
    return Refused(Kind.ILLEGAL_STATE, Problem(code, message))
