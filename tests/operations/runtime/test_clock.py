"""The test clock: a TEST tenant lives at the instant that it is told; LIVE and everybody else live in real time."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor.cli import app
from contor.documents.after import get_document
from contor.documents.after.read import ReadDocument
from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Refused
from contor.organizations.clock import FindEnvironment, ReadClock, TurnClock, find_environment, read_clock, turn_clock
from contor.organizations.environments import EnableEnvironment, enable_environment
from contor.organizations.types import EnvironmentBody
from contor.runtime.uow import wall_clock
from contor.settings.tenant_settings import ChangeSettings, SettingsChange, change_settings

NEW_YEAR = dt.datetime(2031, 12, 31, 23, 30, tzinfo=dt.UTC)


def turned(tenant: Tenant) -> dt.datetime | None:
    return tenant.rows("SELECT clock_at FROM directory.environment WHERE id = %s", (tenant.id,))[0].clock_at


def live(tenant: Tenant) -> Tenant:
    """The LIVE environment of the same organization."""
    root = Caller("cli", "r", None, tenant.organization_id, None, frozenset({EVERYTHING}))
    tenant.runtime.execute(enable_environment, EnableEnvironment(str(tenant.organization_id), EnvironmentBody(env="LIVE")), root)
    sql = "SELECT id, realm FROM directory.environment WHERE organization_id = %s AND environment = 'LIVE'"
    (row,) = tenant.rows(sql, (tenant.organization_id,))
    return Tenant(tenant.runtime, row.id, row.realm, tenant.organization_id, tenant.api_key, tenant.api_secret)


def test_each_transaction_begins_at_the_instant_that_was_told(tenant: Tenant) -> None:
    made = tenant.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    assert (made.instant, made.is_test_clock) == (NEW_YEAR, True)
    with tenant.runtime.transaction(tenant.caller()) as uow:
        assert uow.ctx.now() == NEW_YEAR
        assert uow.ctx.today() == dt.date(2032, 1, 1)  # half past midnight in Hamburg
    shown = tenant.execute(read_clock, ReadClock())
    assert (shown.instant, shown.is_test_clock) == (NEW_YEAR, True)


def test_a_document_is_dated_and_numbered_by_it(furnished: Tenant) -> None:
    furnished.execute(change_settings, ChangeSettings(SettingsChange(documentDateZone="TENANT")))
    furnished.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    post(furnished, a_request(1))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    view = furnished.execute(get_document, ReadDocument(document_ident="RE-2032-000001"))
    assert view.document_date == dt.date(2032, 1, 1)
    entry = furnished.rows("SELECT posting_date, fiscal_year, journal_number, posted_at FROM journal_entry")
    assert [tuple(row) for row in entry] == [(dt.date(2032, 1, 1), 2032, 1, NEW_YEAR)]
    furnished.execute(turn_clock, TurnClock(instant=dt.datetime(2031, 12, 31, 22, 30, tzinfo=dt.UTC)))
    post(furnished, a_request(2))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    assert [row.ident for row in furnished.rows("SELECT ident FROM document ORDER BY id")] == ["RE-2032-000001", "RE-2031-000001"]
    assert furnished.broken() == []


def test_whoever_turns_it_lets_look_what_waits_for_a_time(tenant: Tenant) -> None:
    waits = {"billing", "payment_intents", "payment_files_sent", "settlement_processing", "settlement_sources"}
    marks = "SELECT id, kind FROM directory.work_mark WHERE tenant_id = %s ORDER BY id"
    before = {row.id for row in tenant.rows(marks, (tenant.id,))}
    tenant.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    assert waits <= {row.kind for row in tenant.rows(marks, (tenant.id,)) if row.id not in before}


def test_it_is_switched_off(tenant: Tenant) -> None:
    tenant.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    made = tenant.execute(turn_clock, TurnClock(instant=None))
    assert not made.is_test_clock
    before = wall_clock()
    with tenant.runtime.transaction(tenant.caller()) as uow:
        assert before <= uow.ctx.now() <= wall_clock()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2027-07-01T12:00:00+02:00", "2027-07-01T10:00:00+00:00"),
        ("2027-07-01T12:00:00Z", "2027-07-01T12:00:00+00:00"),
        ("2027-07-01T12:00:00", "2027-07-01T12:00:00+00:00"),
        ("2027-01-31", "2027-01-31T00:00:00+00:00"),
    ],
)
def test_without_an_offset_it_is_of_utc(tenant: Tenant, given: str, expected: str) -> None:
    assert tenant.execute(turn_clock, {"instant": given}).instant.isoformat() == expected
    assert turned(tenant) == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize("given", ["0001-01-01", "1969-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "9999-12-31", "tomorrow", 1, ""])
def test_nonsense_is_refused(tenant: Tenant, given: Any) -> None:
    with pytest.raises(Refused) as refused:
        tenant.execute(turn_clock, {"instant": given})
    assert (refused.value.kind, refused.value.problems[0].field) == (Kind.INVALID, "instant")
    assert turned(tenant) is None


def test_live_refuses(tenant: Tenant) -> None:
    real = live(tenant)
    with pytest.raises(Refused) as refused:
        real.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    assert (refused.value.kind, refused.value.problems[0].code) == (Kind.ILLEGAL_STATE, "environment_is_live")
    assert turned(real) is None
    tenant.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    assert turned(real) is None
    assert not real.execute(read_clock, ReadClock()).is_test_clock


def test_it_turns_for_its_own_tenant_only(new_tenant: Callable[[], Tenant]) -> None:
    one, two = new_tenant(), new_tenant()
    one.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    assert (turned(one), turned(two)) == (NEW_YEAR, None)


def test_it_needs_the_permission(tenant: Tenant) -> None:
    with pytest.raises(Refused) as refused:
        tenant.runtime.execute(turn_clock, TurnClock(instant=NEW_YEAR), tenant.caller("settings.read", "documents.write"))
    assert refused.value.kind is Kind.FORBIDDEN
    assert turned(tenant) is None


def test_turning_it_is_audited(tenant: Tenant) -> None:
    tenant.execute(turn_clock, TurnClock(instant=NEW_YEAR))
    (row,) = tenant.rows("SELECT subject_kind, subject_ident, change FROM audit_entry WHERE operation = 'environment.turn_clock'")
    assert (row.subject_kind, row.subject_ident) == ("environment", str(tenant.id))
    assert row.change == {"before": {"clock_at": None}, "after": {"clock_at": "2031-12-31T23:30:00Z"}}


def test_the_command_line(tenant: Tenant, database_dsn: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from contor.runtime.db import url_of

    monkeypatch.setenv("DATABASE_URL", url_of(database_dsn))
    monkeypatch.setenv("CONTOR_HOME", str(tmp_path))

    def clock(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["clock", "--realm", tenant.realm, *arguments])
        return result.exit_code, result.output

    assert clock("2031-12-31T23:30:00Z") == (0, f"{tenant.realm}: 2031-12-31T23:30:00+00:00 (test clock)\n")
    assert turned(tenant) == NEW_YEAR
    assert clock() == (0, f"{tenant.realm}: 2031-12-31T23:30:00+00:00 (test clock)\n")
    status, said = clock("--off")
    assert (status, "(real time)" in said, turned(tenant)) == (0, True, None)
    assert clock("2031-01-01", "--off")[0] == 2
    assert turned(tenant) is None


def test_a_realm_that_is_not_there(runtime: Any) -> None:
    with pytest.raises(Refused) as refused:
        runtime.execute(find_environment, FindEnvironment(realm="nowhere"), Caller("cli", "r", permissions=frozenset({EVERYTHING})))
    assert refused.value.kind is Kind.NOT_FOUND
