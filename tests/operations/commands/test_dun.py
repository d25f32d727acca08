"""`contor dun`: shown, then done."""

import contextlib

import pytest
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import dunning
from contor.dunning.configuration import PutDunning, put_configuration
from contor.dunning.rules import DunningConfiguration
from contor.runtime.execute import validated


def test_a_run_is_shown_and_done(furnished: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dunning, "opened", lambda: contextlib.nullcontext(furnished.runtime))
    body = validated(DunningConfiguration, {"levels": [{"days_after": 14}]})
    furnished.execute(put_configuration, PutDunning(body=body))

    def said(*more: str) -> str:
        shown = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["dun", "--organization", furnished.realm, *more])
        assert shown.exit_code == 0, shown.output
        return shown.output

    assert "Would be dunned as of" in said("--dry-run")
    assert furnished.rows("SELECT run_ident FROM dunning_run") == []
    assert "Dunned as of 2026-01-05" in said("--as-of", "2026-01-05")
    assert [row.status for row in furnished.rows("SELECT status FROM dunning_run")] == ["COMPLETED"]
