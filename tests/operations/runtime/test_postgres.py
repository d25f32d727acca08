"""The embedded server: made once, private, restarted without losing a row, gone with its process, for root and for others."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo
from tests.checkers.waiting import MINUTES

from contor.runtime.config import Config
from contor.runtime.postgres import EmbeddedPostgres, PostgresFailed, embedded, ensure_database, start, write_early
from contor.runtime.postgres import home as postgres_home
from contor.runtime.postgres.home import LONGEST_SOCKET_PATH, SOCKET_NAME

ROOT = os.geteuid() == 0
NO_SYNC = {"fsync": "off"}

KEEPS_A_SERVER = """
import sys, time
from pathlib import Path
from contor.runtime.postgres import home as postgres_home
from contor.runtime.config import Config
from contor.runtime.postgres import start
postgres_home.SYSTEM_HOME = Path(sys.argv[2])
server = start(Config(home=Path(sys.argv[1])))
print(server.pid, server.dsn, flush=True)
time.sleep(600)
"""


def query(dsn: str, text: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(text)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def user_of_server(home: Path) -> int:
    pid = (home / "postgres" / "postmaster.pid").read_text().split()[0]
    return Path("/proc", pid).stat().st_uid


def socket_folder(dsn: str) -> Path:
    return Path(str(conninfo.conninfo_to_dict(dsn)["host"]))


def eventually(holds: object) -> bool:
    deadline = time.monotonic() + MINUTES
    while time.monotonic() < deadline:
        try:
            if holds():  # type: ignore[operator]
                return True
        except psycopg.Error:
            pass
        time.sleep(0.02)
    return False


def runs(pid: int) -> bool:
    """Whether the process executes; one that ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def servers_in(home: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == home / "postgres":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    made = start(Config(home=tmp_path / "home"), settings=NO_SYNC)
    yield made
    made.stop()


def test_it_is_set_up_as_the_books_need_it(server: EmbeddedPostgres) -> None:
    assert query(server.dsn, "SELECT current_user || '/' || current_database()") == "contor/contor"
    assert query(server.dsn, "SELECT rolsuper OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = 'contor'") is False
    for name, value in {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "jit": "off",
        "autovacuum": "on",
        "TimeZone": "UTC",
    }.items():
        assert query(server.dsn, f"SHOW {name}") == value
    assert query(server.dsn, "SELECT lower('ÄÖÜ')") == "äöü"
    assert query(server.dsn, "SELECT 'Z' < 'a'") is True


def test_only_the_user_who_runs_it_reaches_it(server: EmbeddedPostgres, tmp_path: Path) -> None:
    sockets = socket_folder(server.dsn)
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.is_relative_to(tmp_path)
    assert (tmp_path / "home" / "postgres").stat().st_mode & 0o777 == 0o700
    server.stop()
    assert not sockets.exists()


def test_a_commit_survives_the_death_of_the_server_which_comes_back_by_itself(server: EmbeddedPostgres) -> None:
    query(server.dsn, "CREATE TABLE entry (n int)")
    for round_ in range(1, 4):
        query(server.dsn, f"INSERT INTO entry VALUES ({round_})")
        fallen = server.pid
        assert fallen is not None
        os.kill(fallen, signal.SIGKILL)
        assert eventually(lambda expected=round_: query(server.dsn, "SELECT count(*) FROM entry") == expected)
        assert server.pid != fallen
    assert server.falls == 3


def test_a_busy_child_of_a_killed_server_does_not_keep_it_from_coming_back(server: EmbeddedPostgres) -> None:
    def work(connection: psycopg.Connection) -> None:
        with contextlib.suppress(psycopg.OperationalError):
            connection.execute("SELECT sum(a * b) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")

    with psycopg.connect(server.dsn, autocommit=True) as busy:
        thread = threading.Thread(target=work, args=[busy])
        thread.start()
        assert eventually(lambda: query(server.dsn, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT sum%'") == 1)
        os.kill(server.pid or 0, signal.SIGKILL)
        assert eventually(lambda: query(server.dsn, "SELECT 1") == 1)
        thread.join()
        assert not runs(busy.info.backend_pid)


def test_stopping_and_starting_again_keeps_the_rows_and_makes_the_cluster_once(tmp_path: Path) -> None:
    config, told = Config(home=tmp_path / "home"), []
    for round_ in range(2):
        with embedded(config, progress=told.append) as dsn:
            query(dsn, "CREATE TABLE IF NOT EXISTS entry (n int)")
            query(dsn, "INSERT INTO entry VALUES (1)")
            assert query(dsn, "SELECT count(*) FROM entry") == round_ + 1
    assert [line.split(" 1")[0] for line in told] == ["Creating the database (once)", "Starting PostgreSQL", "Starting PostgreSQL"]
    assert servers_in(config.home) == []


def test_what_is_in_memory_can_be_written_before_the_end(server: EmbeddedPostgres) -> None:
    """By the owner of the tables, who is no superuser: the checkpoint of the shutdown took most of a second after everything had ended."""
    requested = "SELECT num_requested FROM pg_stat_checkpointer"
    before = query(server.dsn, requested)
    write_early(server.dsn)
    assert eventually(lambda: query(server.dsn, requested) != before)


def test_a_second_process_of_the_home_attaches_and_leaves_the_server_alone(server: EmbeddedPostgres, tmp_path: Path) -> None:
    second = start(Config(home=tmp_path / "home"))
    assert (second.attached, second.dsn, second.pid) == (True, server.dsn, server.pid)
    second.stop()
    assert query(server.dsn, "SELECT 1") == 1


def test_with_a_database_url_no_server_starts(tmp_path: Path) -> None:
    with embedded(Config(home=tmp_path / "home", database_url="postgresql://elsewhere/db")) as dsn:
        assert dsn == "postgresql://elsewhere/db"
    assert not (tmp_path / "home").exists()


def test_a_database_is_made_once_and_may_be_cloned(server: EmbeddedPostgres) -> None:
    template = ensure_database(server.dsn, "with space")
    query(template, "CREATE TABLE entry AS SELECT 7 AS n")
    assert ensure_database(server.dsn, "with space") == template
    assert query(ensure_database(server.dsn, "copy", template="with space"), "SELECT n FROM entry") == 7


def test_a_long_home_does_not_exceed_what_a_socket_path_may_have(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 40) / ("ö" * 60)
    with embedded(Config(home=home), settings=NO_SYNC) as dsn:
        assert len(os.fsencode(socket_folder(dsn) / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        assert query(dsn, "SELECT 1") == 1
    assert (home / "postgres" / "PG_VERSION").exists()


def test_an_interrupted_creation_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / "home" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded(Config(home=tmp_path / "home"), settings=NO_SYNC) as dsn:
        assert query(dsn, "SELECT 1") == 1
    assert not half.exists()


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home")
    with embedded(config, settings=NO_SYNC):
        written = (config.home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[1]
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (config.home / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{written}")
        with embedded(config, settings=NO_SYNC) as dsn:
            assert query(dsn, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(PostgresFailed, match=r'unrecognized configuration parameter "no_such_setting"'):
        start(Config(home=tmp_path / "home"), settings={"no_such_setting": "1"})
    assert servers_in(tmp_path / "home") == []
    with pytest.raises(PostgresFailed, match="No programs of PostgreSQL 15 or newer"):
        start(Config(home=tmp_path / "other", pg_bin=tmp_path))
    (tmp_path / "home" / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresFailed, match="No programs of PostgreSQL 14, which wrote"):
        start(Config(home=tmp_path / "home"))


def test_a_database_that_was_moved_away_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")
    with pytest.raises(PostgresFailed, match="which is gone"):
        start(Config(home=tmp_path))


@pytest.mark.skipif(not Path("/usr/lib/postgresql").is_dir(), reason="no PostgreSQL of the system")
def test_programs_of_the_system_serve_too(tmp_path: Path) -> None:
    folder = max(Path("/usr/lib/postgresql").iterdir()) / "bin"
    with embedded(Config(home=tmp_path / "home", pg_bin=folder), settings=NO_SYNC) as dsn:
        assert str(query(dsn, "SHOW server_version")).split(".")[0] == folder.parent.name
        assert query(dsn, "SELECT lower('Ä')") == "ä"


# In a process of its own


@pytest.fixture
def system_home() -> Iterator[Path]:
    """Where every user reaches, as a system's /var/lib is: what pytest makes only its own user reaches."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="contor-test-"))
    folder.chmod(0o755)
    yield folder / "lib"
    shutil.rmtree(folder)


def keeper(home: Path, system_home: Path, *prefix: str) -> tuple[subprocess.Popen[str], int, str]:
    """(process, pid of its server, dsn)"""
    process = subprocess.Popen(
        [*prefix, sys.executable, "-c", KEEPS_A_SERVER, str(home), str(system_home)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    pid, _, dsn = process.stdout.readline().strip().partition(" ")
    process.stdout.close()
    return process, int(pid), dsn


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_dies_with_the_process_that_keeps_it_and_nothing_is_lost(
    death: signal.Signals, tmp_path: Path, system_home: Path
) -> None:
    home = tmp_path / "home"
    process, pid, dsn = keeper(home, system_home)
    query(dsn, "CREATE TABLE entry AS SELECT generate_series(1, 1000) AS n")
    process.send_signal(death)
    process.wait()
    with embedded(Config(home=home)) as dsn:  # at once: it finds the old server still leaving
        assert query(dsn, "SELECT count(*) FROM entry") == 1000
        assert not runs(pid)
    assert servers_in(home) == []


@pytest.mark.skipif(not ROOT, reason="needs root")
def test_root_runs_it_in_a_folder_that_only_root_can_read(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with embedded(Config(home=closed / "home"), settings=NO_SYNC) as dsn:
        assert query(dsn, "SELECT 1") == 1
    assert (closed / "home" / "postgres" / "PG_VERSION").stat().st_uid == 0


WITHOUT_NAMESPACES = ("setpriv", "--inh-caps=-setfcap", "--bounding-set=-setfcap")
"""Root without the capability to map itself into a user namespace, as in a hardened container."""


@pytest.mark.skipif(not ROOT or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_where_namespaces_are_refused_the_data_moves_to_nobody_with_every_row(tmp_path: Path, system_home: Path) -> None:
    home = tmp_path / "home"
    with embedded(Config(home=home)) as dsn:
        query(dsn, "CREATE TABLE entry AS SELECT generate_series(1, 1000) AS n")
    nobody = postgres_home._nobody()[0]
    for _ in range(2):
        process, pid, dsn = keeper(home, system_home, *WITHOUT_NAMESPACES)
        try:
            assert Path(f"/proc/{pid}").stat().st_uid == nobody
            assert query(dsn, "SELECT count(*) FROM entry") == 1000
            assert (home / "postgres").resolve().is_relative_to(system_home)
        finally:
            process.kill()
            process.wait()
            assert eventually(lambda gone=pid: not runs(gone))
            socket_folder(dsn).rmdir()
    with embedded(Config(home=home)) as dsn:  # and stays his where namespaces are granted again
        assert query(dsn, "SELECT count(*) FROM entry") == 1000
        assert user_of_server(home) == nobody


@pytest.mark.skipif(not ROOT, reason="needs root")
def test_root_serves_a_home_of_another_user_as_that_user(system_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_home, "SYSTEM_HOME", system_home)
    home = system_home.parent / "home"
    home.mkdir(mode=0o700)
    os.chown(home, 4711, 4711)
    with embedded(Config(home=home), settings=NO_SYNC) as dsn:
        assert query(dsn, "SELECT 1") == 1
        assert user_of_server(home) == 4711
    assert (home / "postgres" / "PG_VERSION").stat().st_uid == 4711


@pytest.mark.skipif(not ROOT or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_an_ordinary_user_runs_it_as_himself_also_without_a_name(system_home: Path) -> None:
    home = system_home.parent / "home"
    home.mkdir()
    os.chown(home, 4711, 4711)
    as_user = ("setpriv", "--reuid=4711", "--regid=4711", "--clear-groups")
    script = (
        "import sys; from pathlib import Path\n"
        "from contor.runtime.config import Config; from contor.runtime.postgres import embedded\n"
        "with embedded(Config(home=Path(sys.argv[1]))) as dsn: print(dsn)"
    )
    done = subprocess.run([*as_user, sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=False)
    if "Permission denied" in done.stderr or "ModuleNotFoundError" in done.stderr:
        pytest.skip("the test environment is out of reach of an ordinary user")
    assert done.returncode == 0, done.stderr
    assert (home / "postgres").stat().st_uid == 4711


def test_data_of_another_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "postgres").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(PostgresFailed, match=f"belongs to user id {os.getuid()}: start Contor as that user"):
        start(Config(home=tmp_path))
