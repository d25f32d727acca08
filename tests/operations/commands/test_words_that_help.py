"""Who names what there is not is told so, and what there is."""

import contextlib
import logging
from collections.abc import Callable

import pytest
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.checking import explanation
from contor.commands.lines import checks, evidence
from contor.kernel.errors import Refused
from contor.runtime.execute import Runtime

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command line over the runtime of the tests; its status and what it says of what is wrong."""
    for module in (cli, checks, evidence):
        monkeypatch.setattr(module, "opened", lambda: contextlib.nullcontext(runtime))

    def run(*command: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["contor", *command])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


@pytest.mark.parametrize("command", [["check"], ["check", "--last"], ["files", "mend"]])
def test_a_tenant_that_does_not_exist(said: Said, caplog: pytest.LogCaptureFixture, command: list[str]) -> None:
    with caplog.at_level(logging.INFO):
        status, text = said(*command, "--tenant", "99999999")
    assert (status, text) == (
        1,
        "tenant_missing There is no tenant 99999999; `contor organization list` shows them.\n",
    )
    assert caplog.messages == []


def test_before_the_first_night_nothing_is_broken(runtime: Runtime, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "opened", lambda: contextlib.nullcontext(runtime))
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["check", "--last", "--tenant", str(tenant.id)])
    assert shown.exit_code == 0 and "no night has checked this tenant yet" in shown.output


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("documnt.request", "These come near: document.request, "),
        ("whole invoice", "document.reissue"),
        ("nonsense", "There are operations of: account_month, account_posting, address, "),
    ],
)
def test_an_operation_that_does_not_exist(name: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        explanation(name)
    (problem,) = refused.value.problems
    assert problem.message.startswith(f"No operation is named so: {name}. ") and told in problem.message
