"""Settings and words of the command line: shown, documented, and refused in one line where they mean nothing."""

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contor import cli
from contor.commands import configuring, terminal
from contor.commands.demo import furnish
from contor.commands.serving import machine
from contor.commands.terminal import note_address, server_address
from contor.kernel.errors import Refused
from contor.runtime.config import MIB, Config, unknown_variables
from contor.runtime.execute import Runtime

README = Path(__file__).parents[3] / "README.md"


def test_every_setting_is_documented() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in Config(home=Path("/x")).shown() if f"`{name}`" not in text] == []


def test_settings_are_shown_without_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONTOR_HOME", str(tmp_path))
    monkeypatch.setenv("CONTOR_SECRET", "s" * 40)
    monkeypatch.setenv("CONTOR_PROT", "9000")
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["config"])
    assert shown.exit_code == 0 and "s" * 40 not in shown.output and "***" in shown.output
    assert "CONTOR_PROT is no setting; CONTOR_PORT is one" in shown.output and "embedded" in shown.output
    assert unknown_variables({"CONTOR_HOME": "x", "PATH": "y"}) == {}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db/contor", "postgresql://me:***@db/contor"),
        ("postgresql://me:se@cret@db/contor", "postgresql://me:***@db/contor"),
        ("postgresql:///contor?host=/run&password=secret", "postgresql:///contor?host=/run&password=***"),
        ("postgresql://db/contor", "postgresql://db/contor"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert Config(home=Path("/x"), database_url=url).shown()["DATABASE_URL"] == shown


def test_a_database_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:hidden@127.0.0.1:9/none")
    for command in ("migrate", "check", "jobs", "demo"):
        monkeypatch.setattr("sys.argv", ["contor", command])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr().err
        assert (ended.value.code, said.count("\n")) == (1, 1) and "hidden" not in said, said


def test_a_worker_of_no_known_kind_is_refused() -> None:
    said = CliRunner().invoke(cli.app, ["work", "nonsense"])
    assert said.exit_code == 2 and "nonsense" in said.output


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"CONTOR_PORT": "9001", "CONTOR_HOST": "0.0.0.0"}, "http://127.0.0.1:9001"),
        ({"CONTOR_HOST": "::1"}, "http://[::1]:8000"),
        ({"CONTOR_PUBLIC_URL": "https://billing.example.com/x/", "CONTOR_PORT": "9001"}, "https://billing.example.com/x"),
    ],
)
def test_links_begin_with_the_public_address(settings: dict[str, str], base: str) -> None:
    assert Config.from_environment(settings).base_url == base


@pytest.mark.parametrize("url", ["billing.example.com", "ftp://x", "https://", "https://u:p@x", "https://x?y=1"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(Refused) as refused:
        Config.from_environment({"CONTOR_PUBLIC_URL": url})
    assert refused.value.problems[0].field == "CONTOR_PUBLIC_URL"


def test_what_is_refused_is_named_as_it_was_given(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from contor.commands.lines import organizations

    monkeypatch.setattr(organizations, "opened", lambda: contextlib.nullcontext(runtime))
    given = ["--address", "W 1", "--zip", "1", "--town", "T", "--country", "ZZ", "--realm", "A B"]
    monkeypatch.setattr("sys.argv", ["contor", "organization", "create", "Elbe GmbH", *given])
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().err
    assert "country_unknown --country is not an ISO 3166-1 country code: ZZ" in said
    assert "--realm must be" in said and "A B" in said


def test_the_address_of_a_home_is_where_its_server_began(tmp_path: Path) -> None:
    here = Config(home=tmp_path)
    assert server_address(here) == "http://127.0.0.1:8000"
    note_address(replace(here, port=9001))
    assert server_address(here) == "http://127.0.0.1:9001"
    assert server_address(replace(here, public_url="https://billing.example.com")) == "https://billing.example.com"


def test_no_demo_where_live_business_is_done(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from contor.commands.lines import organizations

    monkeypatch.setattr(runtime, "config", replace(runtime.config, home=tmp_path))
    monkeypatch.setattr(organizations, "opened", lambda: contextlib.nullcontext(runtime))
    command = ["organization", "create", "Live GmbH", "--address", "W 1", "--zip", "1", "--town", "T", "--live"]
    assert CliRunner().invoke(cli.app, command).exit_code == 0
    with pytest.raises(Refused, match="database_is_live"):
        furnish(runtime)


@pytest.mark.parametrize(("memory", "told"), [(64, "4 as many as there are cores"), (1, "2 as many as there is memory for")])
def test_workers_that_nobody_set_are_shown_with_what_bounds_them(
    memory: int, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in (configuring, machine):
        monkeypatch.setattr(module, "cores", lambda: 4)
    monkeypatch.setattr(machine, "memory", lambda: memory * 1024 * MIB)
    monkeypatch.setattr(terminal.out, "width", 300)
    monkeypatch.setenv("CONTOR_HOME", str(tmp_path))
    for name in ("CONTOR_WORKERS", "CONTOR_PORT", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    lines = {
        line.split("│")[1].strip(): " ".join(line.replace("│", " ").split()[1:])
        for line in CliRunner().invoke(cli.app, ["config"]).output.splitlines()
        if "│" in line
    }
    assert lines["CONTOR_WORKERS"].startswith(told)
    assert lines["CONTOR_HOME"].endswith(" set") and lines["CONTOR_PORT"] == "8000"
