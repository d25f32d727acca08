"""The tenant: the organization that owns it, as it names itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pycountry

from contor.api.fynn.account.answers import TenantShown
from contor.api.fynn.account.types import TenantChange
from contor.api.fynn.manners import known_when
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import Partial, partial, said
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.organizations.clock import zone_of_tenant
from contor.organizations.organizations import (
    OneOrganization,
    OrganizationView,
    UpdateOrganization,
    get_organization,
    update_organization,
)
from contor.organizations.types import OrganizationPatch
from contor.runtime.execute import validated
from contor.runtime.uow import Uow, not_found

TenantPatch: Partial = partial(TenantChange, "TenantPatch")
_COLUMNS: Final[Mapping[str, str]] = {"street": "address_line1", "addition": "address_line2", "city": "town"}
_NAMES: Final[Mapping[str, str]] = {column: name for name, column in _COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class OneTenant:
    id: str


@dataclass(frozen=True, slots=True)
class ChangeTenant:
    id: str
    body: TenantPatch


@operation("fynn.tenant_get", permission="organizations.read", reads=True, directory=True)
def get_tenant(uow: Uow, command: OneTenant) -> TenantShown:
    """The caller's own tenant."""
    return _shown(uow, get_organization(uow, OneOrganization(_own(uow, command.id))))


@operation("fynn.tenant_update", permission="organizations.write", directory=True)
def update_tenant(uow: Uow, command: ChangeTenant) -> TenantShown:
    """Change what is sent of the organization that owns the tenant; what its documents say of their issuer is the site's."""
    own, values = _own(uow, command.id), said(command.body)
    if values.get("country_code") is not None:
        country = pycountry.countries.get(alpha_2=values["country_code"])
        if country is None:
            raise Refused(Kind.INVALID, Problem("country_unknown", "is no country of ISO 3166-1", "country_code"))
        values["country_code"] = country.alpha_3
    try:
        patch = validated(OrganizationPatch, {_COLUMNS.get(name, name): value for name, value in values.items()})
        return _shown(uow, update_organization(uow, UpdateOrganization(own, patch)))
    except Refused as refused:
        found = [replace(one, field=_NAMES.get(one.field or "", one.field)) for one in refused.problems]
        raise Refused(refused.kind, *found) from None


def _own(uow: Uow, tenant: str) -> str:
    own = str(uow.ctx.caller.organization_id)
    if tenant.lower() != own:
        raise not_found("tenant", tenant)
    return own


def _shown(uow: Uow, view: OrganizationView) -> TenantShown:
    row = view.row
    return TenantShown(
        id=str(row.id),
        name=row.name,
        display_name=row.display_name,
        environment="live" if uow.ctx.caller.environment == "LIVE" else "test",
        email=row.email,
        vat_id=row.vat_id,
        tax_number=row.tax_number,
        street=row.address_line1,
        addition=row.address_line2,
        zip=row.zip,
        city=row.town,
        state=row.state,
        country_code=alpha2(row.country_code) or row.country_code,
        time_zone=zone_of_tenant(uow),
        created_at=known_when(row.created_at),
    )
