"""The recorded forms of the management API: tags with an underscore, epoch seconds, unset fields left out."""

from typing import Annotated, Any, Literal, NotRequired, TypeVar, cast

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from contor.api.route import Plain
from contor.kernel.context import Environment
from contor.organizations.access import ApiKeyView, UserView
from contor.organizations.audit import EntryRow
from contor.organizations.billing_addresses import BillingAddressView
from contor.organizations.organizations import COLUMNS, OrganizationView
from contor.organizations.rights import KeyScope, Role, Scope
from contor.organizations.types import BillingOptions, ManagedConfiguration, Tokens

Uuid = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
T = TypeVar("T")


class Claims(TypedDict):
    env: Environment
    organization_id: Uuid


class Token(TypedDict):
    """Durations in seconds, instants as seconds since 1970."""

    access_token: str
    access_token_claims: Claims
    access_token_expires_in: int
    access_token_expires_at: int
    refresh_token: str
    refresh_token_expires_in: int
    refresh_token_expires_at: int


class Organization(TypedDict):
    _id: Uuid
    _type: Literal["ORGANIZATION", "MANAGED_ORGANIZATION"]
    _envs: list[Environment]
    _realms: dict[Environment, str]
    name: str
    display_name: NotRequired[str]
    vat_id: NotRequired[str]
    contact_person_id: NotRequired[Uuid]
    address_line1: str
    address_line2: NotRequired[str]
    zip: str
    town: str
    state: NotRequired[str]
    country_code: str
    tax_number: NotRequired[str]
    economy_id: NotRequired[str]
    email: NotRequired[str]
    billing_options: NotRequired[BillingOptions]
    billing_address_id: NotRequired[Uuid]
    metadata: NotRequired[dict[str, str]]
    managed_by_organization_id: NotRequired[Uuid]
    managed_configuration: NotRequired[ManagedConfiguration]
    created_by_user: NotRequired[Uuid]


class ApiKey(TypedDict):
    """`secret` is answered once, by the request that made the key. A plain key is managed by the empty text."""

    _id: Uuid
    _type: Literal["API_KEY", "MANAGED_API_KEY"]
    _envs: list[Environment]
    _realm: str
    key: str
    secret: NotRequired[str]
    created_at: int
    created_by_user: NotRequired[Uuid]
    name: str
    status: Literal["enabled", "disabled"]
    metadata: dict[str, str]
    scopes: NotRequired[list[KeyScope]]
    managed_by_organization_id: str


class User(TypedDict):
    _id: Uuid
    _type: Literal["USER"]
    _envs: list[Environment]
    email: str
    first_name: NotRequired[str]
    last_name: NotRequired[str]
    role: Role
    scopes: NotRequired[list[Scope]]
    status: Literal["invited", "active", "locked"]


class AuditEntry(TypedDict):
    """One thing that one operation changed; `at` in seconds since 1970."""

    _id: str
    _type: Literal["AUDIT_ENTRY"]
    at: int
    actor: str
    operation: str
    request_id: str
    subject_kind: NotRequired[str]
    subject_ident: NotRequired[str]
    change: NotRequired[dict[str, Any]]


class BillingAddress(TypedDict):
    _id: Uuid
    _type: Literal["BILLING_ADDRESS"]
    _envs: list[Environment]
    recipient: str
    recipient_additions: NotRequired[str]
    address_line1: str
    address_line2: NotRequired[str]
    zip: str
    town: str
    state: NotRequired[str]
    country_code: str
    vat_id: NotRequired[str]
    billing_contact_id: NotRequired[Uuid]
    organization_id: NotRequired[Uuid]
    metadata: NotRequired[dict[str, str]]
    vat_id_valid: NotRequired[bool]


class Success(TypedDict):
    _success: Literal[True]


def tokens(made: Tokens) -> Token:
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


def organization(view: OrganizationView) -> Organization:
    """ORGANIZATION or MANAGED_ORGANIZATION."""
    row = view.row
    managed = row.managed_by_organization_id is not None
    return _set(
        Organization,
        {
            "_id": str(row.id),
            "_type": "MANAGED_ORGANIZATION" if managed else "ORGANIZATION",
            "_envs": list(view.realms),
            "_realms": dict(view.realms),
            **{name: _text(getattr(row, name)) for name in COLUMNS},
            "created_by_user": _text(row.created_by_user),
        },
    )


def api_key(view: ApiKeyView) -> ApiKey:
    """API_KEY or MANAGED_API_KEY; the secret only where the key was just made. A plain key is managed by the empty string."""
    row = view.row
    return _set(
        ApiKey,
        {
            "_id": str(row.id),
            "_type": "MANAGED_API_KEY" if row.managed_by_organization_id else "API_KEY",
            "_envs": [row.environment],
            "_realm": view.realm,
            "key": row.key,
            "secret": view.secret,
            "created_at": int(row.created_at.timestamp()),
            "created_by_user": _text(row.created_by_user),
            "name": row.name,
            "status": row.status,
            "metadata": row.metadata,
            "scopes": row.scopes,
            "managed_by_organization_id": _text(row.managed_by_organization_id) or "",
        },
    )


def user(view: UserView) -> User:
    row = view.row
    return _set(
        User,
        {
            "_id": str(row.id),
            "_type": "USER",
            "_envs": list(view.environments),
            "email": row.email,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "role": row.role,
            "scopes": row.scopes,
            "status": "invited" if row.accepted_at is None else "locked" if row.locked_at is not None else "active",
        },
    )


def audit_entry(row: EntryRow) -> AuditEntry:
    return _set(
        AuditEntry,
        {
            "_id": str(row.id),
            "_type": "AUDIT_ENTRY",
            "at": int(row.at.timestamp()),
            "actor": row.actor,
            "operation": row.operation,
            "request_id": row.request_id,
            "subject_kind": row.subject_kind,
            "subject_ident": row.subject_ident,
            "change": row.change,
        },
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


def billing_address(view: BillingAddressView) -> BillingAddress:
    row = view.row
    shown = {name: _text(getattr(row, name)) for name in _ADDRESS}
    return _set(
        BillingAddress,
        {
            "_id": str(row.id),
            "_type": "BILLING_ADDRESS",
            "_envs": list(view.environments),
            **shown,
            "vat_id_valid": view.vat_id_valid,
        },
    )


def success(_: object) -> Success:
    """Every DELETE, and enabling an environment."""
    return {"_success": True}


def _text(value: object) -> object:
    return value if value is None or isinstance(value, (str, dict, list, bool, int)) else str(value)


def _set(kind: type[T], answer: Plain) -> T:
    """The answer without what is not set."""
    return cast(T, {name: value for name, value in answer.items() if value is not None})
