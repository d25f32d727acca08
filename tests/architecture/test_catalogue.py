"""The catalogue of operations and what is generated from the tables of routes."""

from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.app import load_packages
from contor.commands.coverage import FOLDER, files
from contor.kernel.operations import CATALOGUE

CONTRACT = """
POST /auth|GET /organizations|POST /organizations|GET /organizations/{organization_id}|PATCH /organizations/{organization_id}
DELETE /organizations/{organization_id}|POST /organizations/{organization_id}/enable-env|GET /organizations/{organization_id}/api-keys
POST /organizations/{organization_id}/api-keys|GET /organizations/{organization_id}/api-keys/{key_id}
PATCH /organizations/{organization_id}/api-keys/{key_id}|DELETE /organizations/{organization_id}/api-keys/{key_id}
GET /organizations/{organization_id}/users|POST /organizations/{organization_id}/users
DELETE /organizations/{organization_id}/users/{user_id}
GET /billing-addresses|POST /billing-addresses|GET /billing-addresses/{address_id}|PATCH /billing-addresses/{address_id}
DELETE /billing-addresses/{address_id}
"""


OURS = {
    "PATCH /organizations/{organization_id}/users/{user_id}",
    "POST /organizations/{organization_id}/users/{user_id}/lock",
    "POST /organizations/{organization_id}/users/{user_id}/unlock",
    "GET /organizations/{organization_id}/audit-entries",
}
"""Operations that the contract does not have."""


def test_the_management_api_has_its_twenty_operations_and_their_put_aliases() -> None:
    wanted = {line.strip() for part in CONTRACT.strip().splitlines() for line in part.split("|")}
    assert len(wanted) == 20
    wanted |= {entry.replace("PATCH", "PUT") for entry in wanted if entry.startswith("PATCH")}
    assert {f"{row.method} {row.path.removeprefix('/api/v0')}" for row in MANAGEMENT} == wanted | OURS
    assert {row.status for row in MANAGEMENT} == {200}


def test_generated_files_are_current() -> None:
    """`python -m contor.commands.coverage` writes them."""
    for name, content in files().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == content, f"docs/dialects/{name} is not current"


def test_every_operation_says_what_it_means_and_what_it_needs() -> None:
    load_packages()
    public = {"caller.stands", "pair.prove", "token.issue", "token.issue_to_client", "user.read_link", "user.use_link"}
    for name, operation in CATALOGUE.items():
        assert "." in name and name == name.lower()
        assert operation.permission or name in public, name
        assert operation.doc or hasattr(operation.function, "__self__"), f"{name} has no docstring"
        assert operation.reads == operation.permission.endswith(".read") or name in public, name
