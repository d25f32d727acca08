"""An organization for production, as its founder makes it: from the command line to a LIVE invoice, all from the outside."""

import contextlib
import re
import uuid

import pytest
from starlette.testclient import TestClient
from tests.factories.bodies import ADDRESS, CUSTOMER, GROUP, SITE, but
from tests.factories.companies import Company
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import organizations
from contor.runtime.execute import Runtime


def said(text: str, environment: str) -> dict[str, str]:
    """What the command printed of an environment."""
    part = text.partition(f"{environment}\n")[2]
    return {name: re.search(rf"{name} +(\S+)", part)[1] for name in ("realm", "API key", "API secret")}  # type: ignore[index]


def test_a_live_invoice_without_sql(runtime: Runtime, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organizations, "opened", lambda: contextlib.nullcontext(runtime))
    realm = f"p{uuid.uuid4().hex[:12]}"
    command = ["organization", "create", "Elbe GmbH", "--address", "Am Kai 7", "--zip", "20457", "--town", "Hamburg", "--live"]
    printed = CliRunner().invoke(cli.app, [*command, "--realm", realm])
    assert printed.exit_code == 0, printed.output
    live, test = said(printed.output, "LIVE"), said(printed.output, "TEST")
    assert (live["realm"], test["realm"]) == (realm, f"{realm}-test")
    assert live["API key"].startswith("live_") and test["API key"].startswith("test_")
    again = CliRunner().invoke(cli.app, [*command, "--realm", realm])
    assert [problem.code for problem in again.exception.problems] == ["realm_exists", "realm_exists"]  # type: ignore[union-attr]
    listed = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["organization", "list"]).output
    assert realm in listed and "LIVE" in listed

    form = {"grant_type": "client_credentials"}
    token = client.post(f"/{realm}/oauth2/token", data=form, auth=(live["API key"], live["API secret"])).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with runtime.transaction(organizations.cli_caller(), directory=True, reads=True) as uow:
        (number,) = uow.column(int, "SELECT id FROM directory.environment WHERE realm = %s", (realm,))
        (organization,) = uow.column(uuid.UUID, "SELECT organization_id FROM directory.environment WHERE realm = %s", (realm,))
    tenant = Tenant(runtime, number, realm, organization, live["API key"], live["API secret"], environment="LIVE")
    company = Company(tenant, client, headers)
    company.call("POST", "/v2/billing/configuration/operating-sites", but(SITE, default=True), 201)
    company.call("POST", "/v2/billing-groups", but(GROUP, billingGroupIdent="external"), 201)
    address = but(ADDRESS, addressIdent="zentrale")
    company.call(
        "POST", "/v2/customers", but(CUSTOMER, customerIdent="muster-handel", vatId="DE129273398", addresses=[address]), 201
    )
    ident = company.document(net="125.50")
    document = company.call("GET", f"/v2/documents/{ident}")
    assert document["totals"]["gross"] == 149.35 if "totals" in document else document
    assert client.get(f"/v2/documents/{ident}", headers={"Authorization": f"Bearer {tenant.token()}"}).status_code == 200
    assert tenant.broken() == []
    # the TEST environment knows nothing of it
    token = client.post(f"/{realm}-test/oauth2/token", data=form, auth=(test["API key"], test["API secret"])).json()["access_token"]
    assert client.get(f"/v2/documents/{ident}", headers={"Authorization": f"Bearer {token}"}).status_code == 404
