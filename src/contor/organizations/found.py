"""Found the main organization of an account: what in the vendor's world only the dashboard can do. By the command line only."""

from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Text255, shape
from contor.organizations.access import insert_key
from contor.organizations.environments import create_environment
from contor.organizations.organizations import insert_organization
from contor.organizations.types import ApiKeyBody, OrganizationBody
from contor.runtime.uow import Uow


@shape
class FoundOrganization:
    name: Text255
    address_line1: Text255
    zip: Text255
    town: Text255
    realm: Ident
    country_code: str = "DEU"
    time_zone: str = "Europe/Berlin"
    key_name: str = "main"


@shape
class Founded:
    organization_id: str
    tenant_id: int
    realm: str
    api_key: str
    api_secret: str


@operation("organization.found", permission="organizations.write", directory=True)
def found_organization(uow: Uow, command: FoundOrganization) -> Founded:
    """A main organization with its TEST environment and a first API key, whose secret is only in this answer."""
    body = OrganizationBody(
        name=command.name,
        address_line1=command.address_line1,
        zip=command.zip,
        town=command.town,
        country_code=command.country_code,
    )
    organization = insert_organization(uow, body.given(), parent_id=None)
    tenant = create_environment(uow, organization, "TEST", command.realm, command.time_zone)
    key = insert_key(uow, organization.id, "TEST", ApiKeyBody(name=command.key_name))
    return Founded(
        organization_id=str(organization.id),
        tenant_id=tenant,
        realm=command.realm,
        api_key=key.row.key,
        api_secret=key.secret or "",
    )
