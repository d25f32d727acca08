"""What a killed process leaves of what it was making is swept away by the next one; what somebody is making stays."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from contor.runtime.blobs import FileBlobs
from contor.runtime.scratch import PREFIX, scratch, sweep
from contor.runtime.scratch import folders as module

MAKING = """
import sys, time
from pathlib import Path
from contor.runtime.blobs import FileBlobs
from contor.runtime.scratch import scratch

with scratch() as folder, FileBlobs(Path(sys.argv[1])).writing(7) as target:
    (folder / "report.xlsx").write_bytes(b"half")
    target.write(b"half")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_folder_goes_with_its_context(temporary: Path) -> None:
    with scratch() as folder:
        (folder / "file").write_text("x")
        assert folder.parent == temporary
        assert (sweep(time.time()), folder.exists()) == (0, True)
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_was_making_is_swept_away(temporary: Path, tmp_path: Path) -> None:
    root = tmp_path / "blobs"
    environment = {**os.environ, "TMPDIR": str(temporary)}
    making = subprocess.Popen([sys.executable, "-c", MAKING, str(root)], stdout=subprocess.PIPE, text=True, env=environment)
    assert making.stdout is not None
    folder = Path(making.stdout.readline().strip())
    later, blobs = time.time() + 3600, FileBlobs(root)
    assert (sweep(later), blobs.sweep(later)) == (0, 0)
    making.send_signal(signal.SIGKILL)
    making.wait()
    making.stdout.close()
    assert (folder / "report.xlsx").exists() and len(list(root.glob("7/.arriving.*"))) == 1
    # what was made this moment may not be locked yet
    assert blobs.sweep(time.time()) == 0
    assert (sweep(later), blobs.sweep(later)) == (1, 1)
    assert (list(temporary.iterdir()), list(root.glob("7/.arriving.*"))) == ([], [])
    assert (sweep(later), blobs.sweep(later)) == (0, 0)


def test_folders_of_former_releases_are_swept_when_they_are_old(temporary: Path) -> None:
    former = temporary / "contor-report-x1"
    former.mkdir()
    assert sweep(time.time()) == 0
    assert (sweep(time.time() + 2 * 24 * 3600), former.exists()) == (1, False)


def test_what_only_looks_like_one_stays(temporary: Path, tmp_path: Path) -> None:
    """A link, a file, a folder of another kind."""
    other = tmp_path / "other"
    other.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(other)
    (temporary / f"{PREFIX}file").write_text("x")
    (temporary / "contor-migration-x").mkdir()
    assert sweep(time.time() + 10**7) == 0
    assert other.exists() and len(list(temporary.iterdir())) == 3


def test_another_users_folder_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (temporary / f"{PREFIX}x").mkdir()
    monkeypatch.setattr(module.os, "geteuid", lambda: os.getuid() + 1)
    assert sweep(time.time()) == 0
