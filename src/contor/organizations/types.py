"""The values of the management API (fiskaly management API 0.12.0). Bodies are closed: unknown fields are refused. Pure."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import pycountry
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from contor.kernel.context import Environment
from contor.kernel.exact import Bounded
from contor.kernel.shapes import LEGIBLE, PRINTABLE, SEEN, Fields, said_of, written
from contor.organizations.rights import CUSTOM, KeyScope, Role, Scope

Line = Annotated[str, Field(min_length=1, max_length=255, pattern=PRINTABLE), SEEN]
Optional255 = Annotated[str, Field(max_length=255, pattern=PRINTABLE), SEEN] | None


def _email(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # 20 ms, and only who invites users asks

    try:
        # an intranet's domain is one, too; nobody is asked whether it exists
        validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address: {error}") from None
    if "." not in text.rpartition("@")[2]:
        raise ValueError("is not an e-mail address: its domain has no dot")
    return text


Email = Annotated[str, Field(min_length=3, max_length=254, pattern=PRINTABLE), AfterValidator(_email)]
"""RFC 5321 and 5322."""


def _alpha_3(code: str) -> str:
    if pycountry.countries.get(alpha_3=code) is None:
        raise ValueError("is not an ISO 3166-1 alpha-3 code")
    return code


CountryCode = Annotated[
    str, written(r"^[A-Z]{3}$", "a country in three capital letters", examples=["DEU"]), AfterValidator(_alpha_3)
]
Metadata = Annotated[
    dict[
        Annotated[str, Field(max_length=40, pattern=PRINTABLE), LEGIBLE],
        Annotated[str, Field(max_length=500, pattern=PRINTABLE), LEGIBLE],
    ],
    Field(max_length=20),
    # a language whose empty map is an empty array sends it so
    BeforeValidator(lambda value: {} if value == [] else value),
]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __init_subclass__(cls) -> None:
        """The fields are described by their docstrings."""
        said = said_of(cls)
        cls.__annotations__ = {
            name: Annotated[kind, Field(description=said[name])] if name in said else kind
            for name, kind in cls.__annotations__.items()
        }

    def given(self) -> Fields:
        """Only the fields that the caller sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}  # null empties, absence leaves


class BillingOptions(Body):
    gln: Optional255 = None
    withhold_billing: bool | None = None
    bill_to_organization: uuid.UUID | None = None


class ManagedConfiguration(Body):
    withhold_billing: bool | None = None


class OrganizationPatch(Body):
    """Absence leaves, null empties; what every organization has cannot be emptied."""

    name: Annotated[str, Field(min_length=3, max_length=255, pattern=PRINTABLE), SEEN] | None = None
    display_name: Optional255 = None
    vat_id: Optional255 = None
    contact_person_id: uuid.UUID | None = None
    address_line1: Line | None = None
    address_line2: Optional255 = None
    zip: Line | None = None
    town: Line | None = None
    state: Optional255 = None
    country_code: CountryCode | None = None
    tax_number: Optional255 = None
    economy_id: Optional255 = None
    email: Email | None = None
    """How the organization is reached; with it interfaces know its keys whose callers name an e-mail beside the key."""
    billing_options: BillingOptions | None = None
    billing_address_id: uuid.UUID | None = None
    metadata: Metadata | None = None
    managed_by_organization_id: uuid.UUID | None = None
    managed_configuration: ManagedConfiguration | None = None


class OrganizationBody(OrganizationPatch):
    name: Annotated[str, Field(min_length=3, max_length=255, pattern=PRINTABLE), SEEN]
    address_line1: Line
    zip: Line
    town: Line
    country_code: CountryCode


KEY_NAME = r"^[a-z0-9\-]{3,30}$"
Scopes = Annotated[tuple[Scope, ...], Field(max_length=40), Bounded()]
KeyScopes = Annotated[tuple[KeyScope, ...], Field(max_length=100), Bounded()]


class EnvironmentBody(Body):
    env: Environment


class ApiKeyBody(Body):
    name: Annotated[str, written(KEY_NAME, "3 to 30 small letters, digits and hyphens")]
    status: Literal["enabled", "disabled"] = "enabled"
    metadata: Metadata = {}
    managed_by_organization_id: uuid.UUID | None = None
    env: Environment | None = None
    """The environment that the key is bound to; default: that of the caller's token."""
    scopes: KeyScopes | None = None
    """What the key may do; default: all that its maker may. With `customer:read` and the like it may do those in the fynn dialect, and
    nothing else there."""


class ApiKeyPatch(Body):
    status: Literal["enabled", "disabled"] | None = None
    metadata: Metadata | None = None


class UserRights(Body):
    role: Role = "ADMINISTRATOR"
    scopes: Scopes | None = None
    """Of the role CUSTOM, and of it alone."""

    @model_validator(mode="after")
    def _scopes_belong_to_custom(self) -> Self:
        if (self.role == CUSTOM) != (self.scopes is not None):
            raise ValueError("scopes are given with the role CUSTOM, and with no other")
        return self


class UserBody(UserRights):
    email: Email
    first_name: Optional255 = None
    last_name: Optional255 = None


class BillingAddressPatch(Body):
    recipient: Line | None = None
    recipient_additions: Optional255 = None
    address_line1: Line | None = None
    address_line2: Optional255 = None
    zip: Line | None = None
    town: Line | None = None
    state: Optional255 = None
    country_code: CountryCode | None = None
    vat_id: Optional255 = None
    billing_contact_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    metadata: Metadata | None = None


class BillingAddressBody(BillingAddressPatch):
    recipient: Line
    address_line1: Line
    zip: Line
    town: Line
    country_code: CountryCode


class ApiKeyCredentials(Body):
    api_key: Annotated[str, Field(min_length=1, max_length=255)]
    api_secret: Annotated[str, Field(min_length=1, max_length=255)]


class RefreshCredentials(Body):
    refresh_token: Annotated[str, Field(min_length=1, max_length=4096)]


class UserCredentials(Body):
    email: Line
    password: Annotated[str, Field(min_length=1, max_length=1024)]
    env: Environment = "TEST"
    organization_id: uuid.UUID | None = None
    """Of somebody who is a member of several; default: the one that was joined first."""


Credentials = ApiKeyCredentials | RefreshCredentials | UserCredentials


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list of the directory."""

    order_by: str
    descending: bool
    limit: int
    offset: int
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an authentication answers. Times are instants; durations seconds."""

    access_token: str
    access_expires_at: dt.datetime
    refresh_token: str
    refresh_expires_at: dt.datetime
    issued_at: dt.datetime
    environment: Environment
    organization_id: uuid.UUID
