"""The table of `/api/v0`: 20 operations, each update also as PUT; and what ours adds: the rights of a user."""

from collections.abc import Callable
from typing import Any, Never

from contor.api.kit import route
from contor.api.management import answers
from contor.api.route import Route
from contor.kernel.operations import Operation
from contor.organizations import access, audit, billing_addresses, environments, organizations
from contor.runtime.query import Filterable

_LISTED = Filterable({}, default_sort="")
"""The lists of the directory have their own parameters, see `voice.py`."""
_BASE = "/api/v0"
_ORGANIZATION = f"{_BASE}/organizations/{{organization_id}}"
_KEY = f"{_ORGANIZATION}/api-keys/{{key_id}}"
_ADDRESS = f"{_BASE}/billing-addresses/{{address_id}}"


def _update(path: str, operation: Operation[Never, object], answer: Callable[[Any], object]) -> list[Route]:
    """PATCH, and PUT as its alias until 1.0.0."""
    noun = operation.noun.title().replace("_", "")
    return [
        route("PATCH", path, operation, body="body", answer=answer, id=f"update{noun}"),
        route("PUT", path, operation, body="body", answer=answer, deprecated=True, in_part=True, id=f"update{noun}ByPut"),
    ]


ROUTES: list[Route] = [
    route("POST", f"{_BASE}/auth", access.authenticate, body="credentials", answer=answers.tokens, id="authenticate"),
    route("GET", f"{_BASE}/organizations", organizations.list_organizations, filterable=_LISTED, answer=answers.organization),
    route("POST", f"{_BASE}/organizations", organizations.create_organization, body="body", answer=answers.organization),
    route("GET", _ORGANIZATION, organizations.get_organization, answer=answers.organization, id="retrieveOrganization"),
    *_update(_ORGANIZATION, organizations.update_organization, answers.organization),
    route("DELETE", _ORGANIZATION, organizations.delete_organization, answer=answers.success),
    route("POST", f"{_ORGANIZATION}/enable-env", environments.enable_environment, body="body", answer=answers.success),
    route("GET", f"{_ORGANIZATION}/api-keys", access.list_api_keys, filterable=_LISTED, answer=answers.api_key),
    route("POST", f"{_ORGANIZATION}/api-keys", access.create_api_key, body="body", answer=answers.api_key),
    route("GET", _KEY, access.get_api_key, answer=answers.api_key, id="retrieveApiKey"),
    *_update(_KEY, access.update_api_key, answers.api_key),
    route("DELETE", _KEY, access.delete_api_key, answer=answers.success),
    route("GET", f"{_ORGANIZATION}/audit-entries", audit.list_directory_entries, filterable=_LISTED, answer=answers.audit_entry),
    route("GET", f"{_ORGANIZATION}/users", access.list_users, filterable=_LISTED, answer=answers.user),
    route("POST", f"{_ORGANIZATION}/users", access.invite_user, body="body", answer=answers.user),
    route("PATCH", f"{_ORGANIZATION}/users/{{user_id}}", access.change_rights, body="body", in_part=False, answer=answers.user),
    route("DELETE", f"{_ORGANIZATION}/users/{{user_id}}", access.remove_user, answer=answers.success),
    route("POST", f"{_ORGANIZATION}/users/{{user_id}}/lock", access.lock_user, answer=answers.user, id="lockUser"),
    route(
        "POST",
        f"{_ORGANIZATION}/users/{{user_id}}/unlock",
        access.lock_user,
        constants={"locked": False},
        answer=answers.user,
        id="unlockUser",
    ),
    route(
        "GET",
        f"{_BASE}/billing-addresses",
        billing_addresses.list_billing_addresses,
        filterable=_LISTED,
        answer=answers.billing_address,
    ),
    route(
        "POST", f"{_BASE}/billing-addresses", billing_addresses.create_billing_address, body="body", answer=answers.billing_address
    ),
    route("GET", _ADDRESS, billing_addresses.get_billing_address, answer=answers.billing_address, id="retrieveBillingAddress"),
    *_update(_ADDRESS, billing_addresses.update_billing_address, answers.billing_address),
    route("DELETE", _ADDRESS, billing_addresses.delete_billing_address, answer=answers.success),
]
