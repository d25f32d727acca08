"""`contor key create` shows a key once, also as FastBill clients send it; `contor organization plan` says how much they may ask."""

import contextlib
import re

import pytest
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import organizations
from contor.kernel.errors import Refused
from contor.organizations.access import Pair, ProvePair, holder_of_pair
from contor.runtime.execute import Runtime


@pytest.fixture
def line(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(organizations, "opened", lambda: contextlib.nullcontext(runtime))
    return CliRunner(env={"COLUMNS": "300"})


def test_a_key_is_shown_as_fastbill_clients_send_it(line: CliRunner, runtime: Runtime, tenant: Tenant) -> None:
    email = f"kontor@{tenant.realm}.example"
    asked = ["key", "create", "shop", "--organization", str(tenant.organization_id), "--email", email]
    shown = line.invoke(cli.app, [*asked, "--scopes", "nbx-customer-management-read"])
    assert shown.exit_code == 0, shown.output
    told = dict(re.findall(r"^  (FastBill e-mail|FastBill API key) +(\S+)$", shown.output, re.MULTILINE))
    assert told["FastBill e-mail"] == email
    holder = holder_of_pair(runtime, ProvePair(pair=Pair(email=email, secret=told["FastBill API key"])), "r")
    assert (holder.tenant_id, holder.permissions) == (tenant.id, frozenset({"customers.read"}))


def test_a_plan_is_chosen_and_the_former_one_told(line: CliRunner, tenant: Tenant) -> None:
    shown = line.invoke(cli.app, ["organization", "plan", tenant.realm, "PRO"])
    assert (shown.exit_code, shown.output) == (0, f"{tenant.realm}: PRO (was AUTOMATIC)\n")
    unknown = line.invoke(cli.app, ["organization", "plan", "nowhere", "PRO"])
    assert isinstance(unknown.exception, Refused)
