"""The benchmark's programs."""

import importlib
from pathlib import Path

import pytest
from benchmarks import issuing
from benchmarks.__main__ import main

FOLDER = Path(__file__).parents[3] / "benchmarks"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.py")))
def test_every_program_finds_what_it_measures(name: str) -> None:
    """Nothing else imports them, so a name that moved would be noticed only by who measures."""
    assert importlib.import_module(f"benchmarks.{name}").__doc__


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "inf"])
def test_nothing_is_measured_at_no_scale(scale: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "issue_batch", f"--scale={scale}"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "--scale is more than 0" in capsys.readouterr().err


def test_a_floor_that_is_absent_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(issuing, "FLOOR", tmp_path / "floor.py")
    assert [issuing.floor("", 1), issuing.floor("", 1)] == [None, None]
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "CONTOR_SHARED" in said and str(tmp_path) in said
