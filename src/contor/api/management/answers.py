"""The recorded forms of the management API: tags with an underscore, epoch seconds, unset fields left out."""

from typing import Any

from contor.api.route import Plain
from contor.organizations.access import ApiKeyView, UserView
from contor.organizations.billing_addresses import BillingAddressView
from contor.organizations.organizations import COLUMNS, OrganizationView
from contor.organizations.types import Tokens

SUCCESS = {"_success": True}


def tokens(made: Tokens) -> Plain:
    """The token object; durations in seconds, instants as epoch seconds."""

    def seconds(instant: Any) -> int:
        return int(instant.timestamp())

    issued = seconds(made.issued_at)
    return {
        "access_token": made.access_token,
        "access_token_claims": {"env": made.environment, "organization_id": str(made.organization_id)},
        "access_token_expires_in": seconds(made.access_expires_at) - issued,
        "access_token_expires_at": seconds(made.access_expires_at),
        "refresh_token": made.refresh_token,
        "refresh_token_expires_in": seconds(made.refresh_expires_at) - issued,
        "refresh_token_expires_at": seconds(made.refresh_expires_at),
    }


def organization(view: OrganizationView) -> Plain:
    """ORGANIZATION or MANAGED_ORGANIZATION."""
    row = view.row
    managed = row.managed_by_organization_id is not None
    return _set(
        {
            "_id": str(row.id),
            "_type": "MANAGED_ORGANIZATION" if managed else "ORGANIZATION",
            "_envs": list(view.environments),
            **{name: _text(getattr(row, name)) for name in COLUMNS},
            "created_by_user": _text(row.created_by_user),
        }
    )


def api_key(view: ApiKeyView) -> Plain:
    """API_KEY or MANAGED_API_KEY; the secret only where the key was just made. A plain key is managed by the empty string."""
    row = view.row
    return _set(
        {
            "_id": str(row.id),
            "_type": "MANAGED_API_KEY" if row.managed_by_organization_id else "API_KEY",
            "_envs": [row.environment],
            "key": row.key,
            "secret": view.secret,
            "created_at": int(row.created_at.timestamp()),
            "created_by_user": _text(row.created_by_user),
            "name": row.name,
            "status": row.status,
            "metadata": row.metadata,
            "managed_by_organization_id": _text(row.managed_by_organization_id) or "",
        }
    )


def user(view: UserView) -> Plain:
    row = view.row
    return _set(
        {
            "_id": str(row.id),
            "_type": "USER",
            "_envs": list(view.environments),
            "email": row.email,
            "first_name": row.first_name,
            "last_name": row.last_name,
        }
    )


_ADDRESS = (
    "recipient",
    "recipient_additions",
    "address_line1",
    "address_line2",
    "zip",
    "town",
    "state",
    "country_code",
    "vat_id",
    "billing_contact_id",
    "organization_id",
    "metadata",
)


def billing_address(view: BillingAddressView) -> Plain:
    row = view.row
    shown = {name: _text(getattr(row, name)) for name in _ADDRESS}
    return _set(
        {
            "_id": str(row.id),
            "_type": "BILLING_ADDRESS",
            "_envs": list(view.environments),
            **shown,
            "vat_id_valid": view.vat_id_valid,
        }
    )


def success(_: object) -> Plain:
    """Every DELETE, and enabling an environment."""
    return dict(SUCCESS)


def _text(value: object) -> object:
    return value if value is None or isinstance(value, (str, dict, list, bool, int)) else str(value)


def _set(answer: Plain) -> Plain:
    return {name: value for name, value in answer.items() if value is not None}
