"""Found the main organization of an account: what in the vendor's world only the dashboard can do. By the command line only."""

import zoneinfo
from typing import Annotated, NamedTuple

import pycountry
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contor.kernel.context import Environment
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.organizations.access import insert_key
from contor.organizations.environments import create_environment
from contor.organizations.organizations import insert_organization
from contor.organizations.rights import DEFAULT, Plan
from contor.organizations.stored import OrganizationRow
from contor.organizations.types import KEY_NAME, ApiKeyBody, Email, OrganizationBody
from contor.runtime.execute import validated
from contor.runtime.uow import Uow


def _country(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code) if len(code) == 2 else pycountry.countries.get(alpha_3=code)
    if found is None:
        raise PydanticCustomError("country_unknown", "is not an ISO 3166-1 country code")
    return str(found.alpha_3)


def _time_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError("is not a time zone of the IANA database, e.g. Europe/Berlin")
    return name


Realm = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9\-]{1,62}$")]
"""It is a segment of the token endpoint's path."""
Country = Annotated[str, AfterValidator(_country)]
"""ISO 3166-1 alpha-2 or alpha-3 on input, alpha-3 afterwards."""
TimeZone = Annotated[str, AfterValidator(_time_zone)]


@shape
class FoundOrganization:
    name: Text255
    address_line1: Text255
    zip: Text255
    town: Text255
    email: Email | None = None
    realm: Realm | None = None
    """Of TEST; None: a random one."""
    country_code: Country = "DEU"
    time_zone: TimeZone = "Europe/Berlin"
    request_plan: Plan = DEFAULT
    """How much the tenants may ask of interfaces that promise a number."""
    key_name: Annotated[str, Field(pattern=KEY_NAME)] = "main"
    live: bool = False
    live_realm: Realm | None = None


@shape
class FoundTenant:
    """An environment with its first key."""

    environment: Environment
    tenant_id: int
    realm: str
    api_key: str
    api_secret: str


@shape
class Founded:
    organization_id: str
    test: FoundTenant
    live: FoundTenant | None


@shape
class ListRealms:
    """No input: all there are."""


class RealmRow(NamedTuple):
    name: str
    organization_id: str
    environment: str
    realm: str
    tenant_id: int


@operation("organization.found", permission="organizations.write", directory=True)
def found_organization(uow: Uow, command: FoundOrganization) -> Founded:
    """A main organization with its TEST environment and, when wanted, LIVE; each has a first API key, whose secret is only in this
    answer."""
    wanted = [realm for realm in (command.realm, command.live_realm) if realm is not None]
    taken = uow.column(str, "SELECT realm FROM directory.environment WHERE realm = ANY (%s)", (wanted,))
    if taken:
        raise Refused(
            Kind.CONFLICT, *[Problem("realm_exists", f"The realm {name} exists already.", "realm", name) for name in taken]
        )
    fields = {name: getattr(command, name) for name in ("name", "address_line1", "zip", "town")}
    body = validated(OrganizationBody, {**fields, "country_code": command.country_code, "email": command.email})
    organization = insert_organization(uow, body.given(), parent_id=None)
    test = _tenant(uow, organization, "TEST", command.realm, command)
    live = _tenant(uow, organization, "LIVE", command.live_realm, command) if command.live else None
    return Founded(organization_id=str(organization.id), test=test, live=live)


def _tenant(
    uow: Uow, organization: OrganizationRow, environment: Environment, realm: str | None, command: FoundOrganization
) -> FoundTenant:
    tenant = create_environment(uow, organization, environment, realm, command.time_zone, command.request_plan)
    made = insert_key(uow, organization.id, environment, ApiKeyBody(name=command.key_name))
    return FoundTenant(
        environment=environment, tenant_id=tenant, realm=made.realm, api_key=made.row.key, api_secret=made.secret or ""
    )


@operation("realm.list", permission="organizations.read", reads=True, directory=True)
def list_realms(uow: Uow, command: ListRealms) -> tuple[RealmRow, ...]:
    """Every environment of every organization. By the command line only."""
    sql = (
        "SELECT o.name, o.id::text AS organization_id, e.environment, e.realm, e.id AS tenant_id FROM directory.environment e"
        " JOIN directory.organization o ON o.id = e.organization_id WHERE o.deleted_at IS NULL ORDER BY o.created_at, o.id, e.id"
    )
    return tuple(uow.all(RealmRow, sql))
