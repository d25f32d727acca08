"""What `contor period`, `contor chain export` and `contor check --against` do and say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.checkers.tampering import OURS, superuser
from tests.factories.closers import Closer
from tests.factories.tenants import Tenant
from typer.testing import CliRunner, Result

from contor.cli import app
from contor.commands.evidence import KEPT, exported, unlike_kept
from contor.commands.lines import closing
from contor.kernel.errors import Refused


@pytest.fixture
def closer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Closer:
    made = Closer(furnished, client, bearer(furnished))
    made.clock("2026-03-15")
    made.open_bank()
    made.sell()
    made.clock("2026-04-02")
    return made


@pytest.fixture
def told(closer: Closer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """What `contor period` says of this company."""

    @contextmanager
    def opened() -> Iterator[object]:
        yield closer.tenant.runtime

    monkeypatch.setattr(closing, "opened", opened)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["period", *words, "--organization", closer.tenant.realm])

    return run


def test_a_month_is_closed_with_its_entries_and_listed(closer: Closer, told: Callable[..., Result]) -> None:
    closer.defer_income()
    assert told("close", "2026-03", "--dry-run").output == "2026-03 can be closed.\n"
    done = told("close", "2026-03")
    assert (done.exit_code, done.output) == (0, "2026-03 is CLOSED: nothing is posted into it any more.\n")
    listed = told("list").output
    assert "2026-04" in listed and "OPEN" in listed
    assert "2026-03" in listed and "CLOSED" in listed
    closer.even()


def test_what_stands_in_the_way_is_said_and_may_be_acknowledged(closer: Closer, told: Callable[..., Result]) -> None:
    closer.pay("5.00", "unknown", bookingDate="2026-03-15")
    seen = told("close", "2026-03", "--dry-run")
    assert seen.exit_code == 0
    assert seen.output.startswith("PAYMENTS_UNASSIGNED, may be acknowledged: 1 payment is not assigned in full")
    refused = told("close", "2026-03")
    assert isinstance(refused.exception, Refused)
    assert [it.code for it in refused.exception.problems] == ["payments_unassigned"]
    assert told("close", "2026-03", "--acknowledge", "PAYMENTS_UNASSIGNED").exit_code == 0
    assert closer.call("GET", "/v2/posting-periods/2026-03")["status"] == "CLOSED"


def test_months_that_cannot_be_closed_say_why(told: Callable[..., Result]) -> None:
    seen = told("close", "2026-04", "--dry-run")
    assert seen.exit_code == 1
    assert "PERIOD_BEFORE_OPEN" in seen.output and seen.output.endswith("2026-04 cannot be closed yet.\n")
    assert isinstance(told("close", "2026-13").exception, Refused)


def test_heads_that_were_kept_say_when_a_chain_does_not_go_on_from_them(closer: Closer, database_dsn: str, tmp_path: Path) -> None:
    runtime, tenant = closer.tenant.runtime, closer.tenant.id
    kept = "".join(line + "\n" for line in exported(runtime).splitlines() if f'"tenant":{tenant},' in line)
    assert kept.count("\n") == 1 and '"year":2026,"links":2' in kept  # a document and its entry
    closer.sell()
    assert unlike_kept(runtime, kept, tenant) == []
    head = kept.split('"head":"')[1].split('"')[0]
    with superuser(database_dsn) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(tenant),))
        owner.execute(f"UPDATE chain_link SET hash = sha256(hash) WHERE number = 2 AND {OURS}")
        owner.commit()
        (found,) = unlike_kept(runtime, kept, tenant)
        assert (found.tenant_id, found.check) == (tenant, KEPT)
        assert found.finding == f"link 2 of 2026 is not {head}, as it was when it was kept"
        owner.execute(f"UPDATE chain_link SET hash = decode('{head}', 'hex') WHERE number = 2 AND {OURS}")
        owner.commit()
    assert unlike_kept(runtime, kept + "nonsense\n", tenant)[0].finding == "line 2 is no line of `contor chain export`"
