"""Say who determines taxes in a country; a provider that cannot do it says now what it lacks, not when documents are issued."""

from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import Reference, operation
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import BILLING_GROUPS
from contor.settings.queries import billing_groups
from contor.tax.configuration import Provider, TaxConfigurationChanged
from contor.tax.providers import tables
from contor.tax.providers.capabilities import lacking
from contor.tax.providers.queries import enabled_of, mappings_of, properties_of, providers_of, usernames
from contor.tax.providers.types import EnabledProviders, ProviderMapping, ProviderMappingBody, ProviderMappings


@dataclass(frozen=True, slots=True)
class AllProviders:
    """No input: those of the caller's tenant."""


@dataclass(frozen=True, slots=True)
class MapProvider:
    country: str
    body: ProviderMappingBody


@dataclass(frozen=True, slots=True)
class OneCountry:
    country: str


@dataclass(frozen=True, slots=True)
class OneCountryOfGroup:
    country: str
    billing_group_ident: str


_GROUP = Reference("billingGroupIdent", "billing_group_unknown", billing_groups)
_GROUPS = Reference("documents.billingGroupIdent", "billing_group_unknown", billing_groups)


@operation("tax_provider.list", permission="tax.read", reads=True)
def list_providers(uow: Uow, command: AllProviders) -> EnabledProviders:
    """Those that lack nothing and could determine taxes."""
    return EnabledProviders(providers=enabled_of(uow))


@operation("tax_provider_configuration.list", permission="tax.read", reads=True)
def list_mappings(uow: Uow, command: AllProviders) -> ProviderMappings:
    """Which provider determines the taxes of which country, for all billing groups or for one."""
    return ProviderMappings(configurations=mappings_of(uow))


@operation(
    "tax_provider_configuration.put",
    permission="tax.write",
    refers=(Reference("billingGroupIdent", "billing_group_unknown", billing_groups),),
)
def map_provider(uow: Uow, command: MapProvider) -> ProviderMapping:
    """Say or change who determines the taxes of what is taxed in a country."""
    body, country = command.body, alpha2(command.country.upper())
    problems = list(_lacks(uow, body.provider, "provider"))
    if country is None:
        message = "is the code of no country (ISO 3166-1)"
        problems.append(Problem("country_unknown", message, "country", command.country[:20]))
    if body.billing_group_ident is not None and BILLING_GROUPS.find(uow, (body.billing_group_ident,)) is None:
        problems.append(Problem("billing_group_unknown", "does not exist", "billingGroupIdent", body.billing_group_ident))
    if problems or country is None:
        raise Refused(Kind.INVALID, *problems)
    uow.lock("tax_provider", [country])
    group = body.billing_group_ident
    before = _remove(uow, country, group)
    now = uow.ctx.now()
    row = {"country": country, "provider": body.provider, "created_at": now, "last_modified_at": now}
    if group is None:
        uow.insert(tables.tax_provider_country, [row])
    else:
        uow.insert(tables.tax_provider_group, [{**row, "billing_group_ident": group}])
    uow.audit("tax_provider_configuration", _ident(country, group), {"before": before, "after": body.provider})
    uow.emit(TaxConfigurationChanged(billing_group_idents=() if group is None else (group,)))
    return ProviderMapping(country=country, billing_group_ident=group, provider=body.provider)


@operation("tax_provider_configuration.delete", permission="tax.write")
def unmap_country(uow: Uow, command: OneCountry) -> None:
    """The country has no provider of its own any more; what billing groups say of it stays."""
    _unmap(uow, command.country, None)


@operation("tax_provider_configuration.delete_of_group", permission="tax.write")
def unmap_country_of_group(uow: Uow, command: OneCountryOfGroup) -> None:
    """The billing group has no provider of its own any more for the country."""
    BILLING_GROUPS.require(uow, (command.billing_group_ident,))
    _unmap(uow, command.country, command.billing_group_ident)


def _unmap(uow: Uow, named: str, group: str | None) -> None:
    country = alpha2(named.upper()) or named
    uow.lock("tax_provider", [country])
    before = _remove(uow, country, group)
    if before is None:
        raise not_found("tax_provider_configuration", _ident(country, group))
    uow.audit("tax_provider_configuration", _ident(country, group), {"deleted": before})
    uow.emit(TaxConfigurationChanged(billing_group_idents=() if group is None else (group,)))


def _remove(uow: Uow, country: str, group: str | None) -> str | None:
    """What stood there."""
    if group is None:
        return uow.scalar(str, "DELETE FROM tax_provider_country WHERE country = %s RETURNING provider", (country,))
    sql = "DELETE FROM tax_provider_group WHERE country = %s AND billing_group_ident = %s RETURNING provider"
    return uow.scalar(str, sql, (country, group))


def _ident(country: str, group: str | None) -> str:
    return country if group is None else f"{country}/{group}"


def _lacks(uow: Uow, provider: Provider, field: str) -> list[Problem]:
    return list(lacking(provider, usernames(uow).get(provider), dict(properties_of(uow).get(provider, ())), field))


def require_unused(uow: Uow, provider: Provider) -> None:
    """Raises CONFLICT where the provider determines something: it could not do so without what is taken away."""
    found = providers_of(uow)
    configured = (found.configured.of_tenant, *found.configured.of_groups.values())
    used = {*found.of_countries.values(), *found.of_groups.values(), *(it.default_provider for it in configured)}
    if provider in used:
        message = f"{provider} determines taxes (GET /v2/tax/providers/configurations, /v2/tax/configuration): let another one do so first."
        raise Refused(Kind.CONFLICT, Problem("tax_provider_in_use", message))


@on(TaxConfigurationChanged)
def refuse_the_unfit(uow: Uow, fact: TaxConfigurationChanged) -> None:
    """A provider that is to determine taxes by default has to lack nothing, like any other."""
    found = providers_of(uow).configured
    configured = (found.of_tenant, *found.of_groups.values())
    named = {it.default_provider for it in configured} - {"NITROBOX"}
    if problems := [problem for provider in sorted(named) for problem in _lacks(uow, provider, "defaultProvider")]:
        raise Refused(Kind.INVALID, *problems)
