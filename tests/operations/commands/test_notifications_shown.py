"""`contor notifications`: what was told is shown, and sent again."""

import contextlib
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.receivers import Says, a_receiver
from tests.factories.telling import Telling
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import notifying
from contor.kernel.errors import Refused


@pytest.fixture
def company(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> Telling:
    monkeypatch.setattr(notifying, "opened", lambda: contextlib.nullcontext(furnished.runtime))
    monkeypatch.setattr(notifying.out, "_width", 250)  # whatever the terminal was when it was opened
    return Telling(furnished, client, bearer(furnished))


def shown(company: Telling, *more: str, status: int = 0) -> str:
    command = ["notifications", *more, "--organization", company.tenant.realm]
    result = CliRunner(env={"COLUMNS": "250"}).invoke(cli.app, command)
    assert result.exit_code == status, result.output
    if isinstance(result.exception, Refused):
        raise result.exception
    return result.output


def test_the_log_the_routes_and_sending_again(company: Telling) -> None:
    with a_receiver(lambda request: Says(404)) as receiver:
        company.route(receiver)
        company.touch()
        company.document()
        company.send()
        ident = company.told()[0]["ident"]
        listed = shown(company, "list")
        assert listed.index("customer.updated") < listed.index("invoice.created")
        assert (listed.count("FAILED"), listed.count("HTTP 404"), ident in listed) == (2, 2, True)
        assert "customer.updated" not in shown(company, "list", "--limit", "1")
        assert "invoice.created" not in shown(company, "list", "--search", "sequence==1")
        assert receiver.url("/hook") in shown(company, "routes")
        receiver.answer = lambda request: Says()
        assert "1 notification, sent again 1 time\n" in shown(company, "resend", ident)
        assert "2 notifications, sent again 2 times\n" in shown(company, "resend", "--search", "sequence=gt=0", "--route", "hook")
        company.send()
    assert [one["status"] for one in company.told()] == ["DELIVERED", "DELIVERED"]


def test_a_narrow_terminal_shows_idents_whole(company: Telling) -> None:
    """In several lines: without the ident nobody could send it again."""
    company.route("https://receiver.example.com/", status="PAUSED")
    company.touch()
    ident = company.told()[0]["ident"]
    result = CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, ["notifications", "list", "--organization", company.tenant.realm])
    cells = [line.strip("│\n").split("│")[-1].strip() for line in result.output.splitlines() if line.startswith("│")]
    assert "".join(cells) == ident


def test_what_is_wrong_is_named_as_the_command_line_names_it(company: Telling) -> None:
    with pytest.raises(Refused) as refused:
        shown(company, "resend", "--search", "sequence==1", "--route", "nobody", status=1)
    assert [problem.field for problem in refused.value.problems] == ["--route"]
    with pytest.raises(Refused) as refused:
        shown(company, "list", "--search", "nothing=", status=1)
    assert [problem.field for problem in refused.value.problems] == ["--search"]
