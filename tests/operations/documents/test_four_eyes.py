"""Four eyes where the tenant wants them; and one number, whoever completes at the same moment."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.drafts import Writer, a_body, at_once, findings
from tests.factories.tenants import Tenant

from contor.organizations.access.api_keys import CreateApiKey, create_api_key
from contor.organizations.access.tokens import issue_tokens
from contor.organizations.types import ApiKeyBody


@pytest.fixture
def writer(furnished: Tenant, client: TestClient, bearer: Any) -> Writer:
    return Writer(client, bearer(furnished))


@pytest.fixture
def other(furnished: Tenant, client: TestClient) -> Writer:
    """Somebody else of the same company."""
    command = CreateApiKey(str(furnished.organization_id), ApiKeyBody(name="second"))
    made = furnished.execute(create_api_key, command)
    token = issue_tokens(
        furnished.runtime,
        actor=f"key:{made.row.id}",
        organization_id=furnished.organization_id,
        tenant_id=furnished.id,
        environment=furnished.environment,
        permissions=frozenset({"*"}),
    ).access_token
    return Writer(client, {"Authorization": f"Bearer {token}"})


def four_eyes(writer: Writer) -> None:
    assert writer.call("PATCH", "/tenant-settings", {"draftApproval": "FOUR_EYES"})["draftApproval"] == "FOUR_EYES"


def test_who_wrote_it_last_does_not_complete_it(writer: Writer, other: Writer, furnished: Tenant) -> None:
    four_eyes(writer)
    draft = writer.create(**a_body())
    refused = findings(writer.complete(status=403))
    assert refused == [
        (
            "draftIdent",
            f"Draft d-1 was written last by {draft['lastModifiedBy']}, who cannot complete it too (draftApproval FOUR_EYES):"
            " somebody else completes or approves it.",
        )
    ]
    other.call("PATCH", "/drafts/d-1", {"version": 1, "language": "en"})
    other.complete(status=403)
    assert writer.complete()["documentIdent"] == other.complete()["documentIdent"]
    assert furnished.unsound() == []


def test_what_somebody_else_approved_its_writer_completes(writer: Writer, other: Writer, furnished: Tenant) -> None:
    four_eyes(writer)
    writer.create(**a_body())
    message = findings(writer.call("POST", "/drafts/d-1/actions/approve", None, 403))[0][1]
    assert message.endswith("it is approved by somebody else.")
    other.call("POST", "/drafts/d-1/actions/approve", None, 412, If_Match='"7"')
    approved = other.call("POST", "/drafts/d-1/actions/approve", None, If_Match='"1"')
    assert (approved["approvedBy"] != approved["lastModifiedBy"], approved["version"]) == (True, 1)
    changed = writer.call("PATCH", "/drafts/d-1", {"version": 1, "language": "en"})
    assert "approvedBy" not in changed
    writer.complete(status=403)
    other.call("POST", "/drafts/d-1/actions/approve")
    writer.complete()
    other.call("POST", "/drafts/d-1/actions/approve", None, 409)
    other.call("POST", "/drafts/d-9/actions/approve", None, 404)
    assert furnished.unsound() == []


def test_without_the_setting_whoever_may_completes(writer: Writer) -> None:
    writer.create(**a_body())
    writer.complete()


def test_completed_by_two_clients_at_once_it_is_one_number_and_the_second_is_told(
    writer: Writer, other: Writer, furnished: Tenant
) -> None:
    """S11: one number; who names the version that he saw is refused with the other's document."""
    for number in range(1, 6):
        ident = f"d-{number}"
        writer.create(ident, **a_body())
        path = f"/drafts/{ident}/actions/complete"
        answers = at_once([lambda who=who: who.send("POST", path, None, If_Match='"1"') for who in (writer, other)] * 2)  # noqa: B023
        made = [answer for status, answer in answers if status == 200]
        late = [answer for status, answer in answers if status == 409]
        assert (len(made), len(late)) == (1, 3)
        assert {findings(answer)[0][1].rpartition(" ")[2] for answer in late} == {f"{made[0]['documentIdent']}."}
    assert [row.n for row in furnished.rows("SELECT count(*) AS n FROM document")] == [5]
    assert furnished.unsound() == []
