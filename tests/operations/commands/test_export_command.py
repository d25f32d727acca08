"""`contor export`: made, shown with a bar, written into a folder; what is wrong is said in the words of the command line."""

import contextlib
import csv
import io
from pathlib import Path

import pytest
from click.testing import Result
from tests.factories.exports import configure_datev
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import exporting
from contor.documents.issue import worker


@pytest.fixture
def booked(furnished: Tenant, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    monkeypatch.setattr(exporting, "opened", lambda: contextlib.nullcontext(furnished.runtime))
    post(furnished, a_request())
    worker.drain(furnished.runtime, furnished.id)
    return furnished


def run(tenant: Tenant, *arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["export", *arguments, "--organization", tenant.realm])


def test_an_export_is_written_into_a_folder(booked: Tenant, tmp_path: Path) -> None:
    configure_datev(booked)
    days = ("--from", "2020-01-01", "--to", "2099-12-31", "--option", 'contents=["BATCH"]', "--option", "formatVersion=12")
    made = run(booked, "DATEV", *days, "--out", str(tmp_path / "out"))
    assert made.exit_code == 0, made.output
    (path,) = (tmp_path / "out").iterdir()
    _, labels, row = list(csv.reader(io.StringIO(path.read_text(encoding="cp1252")), delimiter=";"))
    assert (len(labels), row[0], row[1], row[6], row[7]) == (124, "35,70", "S", "10000", "8400")
    assert "DONE, 1 row" in made.output
    again = run(booked, "DATEV", *days, "--out", str(tmp_path / "out"))
    assert (again.exit_code, path.exists()) == (1, True)


def test_what_is_wrong_is_named_by_its_option(booked: Tenant) -> None:
    refused = run(booked, "NONE", "--period", "2026-13")
    assert refused.exit_code == 1
    problems = {(problem.code, problem.field) for problem in refused.exception.problems}  # type: ignore[union-attr]
    assert problems == {("text_malformed", "--period")}


def test_an_option_of_the_kind_is_named_with_its_own_name(booked: Tenant) -> None:
    configure_datev(booked)
    refused = run(booked, "DATEV", "--period", "2026-10", "--option", "contents=BATCH", "--option", "nothing=1")
    fields = {problem.field for problem in refused.exception.problems}  # type: ignore[union-attr]
    assert fields == {"--option contents", "--option nothing"}


def test_an_export_that_fails_says_why(booked: Tenant) -> None:
    refused = run(booked, "DATEV", "--period", "2026-10")
    assert [problem.code for problem in refused.exception.problems] == ["datev_configuration_missing"]  # type: ignore[union-attr]
