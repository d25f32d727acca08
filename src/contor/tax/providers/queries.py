"""Read which provider determines the taxes of what, and what it is asked with."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.kernel.places import alpha2
from contor.runtime.query.reading import has_any, rare
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.configuration import Provider, TaxConfigurations, configurations
from contor.tax.providers.capabilities import has_nexus, lacking
from contor.tax.providers.types import PROVIDERS, EnabledProvider, ProviderMapping

_CREDENTIALS = rare("tax_provider_credential")


class _Country(NamedTuple):
    country: str
    provider: Provider


class _Group(NamedTuple):
    country: str
    billing_group_ident: str
    provider: Provider


class Providers(NamedTuple):
    """Who determines taxes: by country and billing group, then by country, then as the billing group or the tenant is configured."""

    of_countries: Mapping[str, Provider]
    of_groups: Mapping[tuple[str, str], Provider]
    configured: TaxConfigurations

    def provider_for(self, country: str, billing_group_ident: str | None) -> Provider:
        """`country`: ISO 3166-1, of the place where it is taxed."""
        there = alpha2(country) or country
        own = self.of_groups.get((there, billing_group_ident or "")) or self.of_countries.get(there)
        return own or self.configured.of(billing_group_ident).default_provider

    @property
    def are_asked(self) -> bool:
        """Whether any other than the built-in one determines something."""
        configured = (self.configured.of_tenant, *self.configured.of_groups.values())
        named = {*self.of_countries.values(), *self.of_groups.values(), *(it.default_provider for it in configured)}
        return named != {"NITROBOX"}


def providers_of(uow: Uow) -> Providers:
    """The tenant's."""
    countries = uow.all(_Country, f"SELECT {columns(_Country)} FROM tax_provider_country")
    groups = uow.all(_Group, f"SELECT {columns(_Group)} FROM tax_provider_group")
    return Providers(dict(countries), {(row.country, row.billing_group_ident): row.provider for row in groups}, configurations(uow))


def provider_for(uow: Uow, country: str, billing_group_ident: str | None) -> Provider:
    """Of one place; for many, `providers_of`."""
    return providers_of(uow).provider_for(country, billing_group_ident)


def mappings_of(uow: Uow) -> tuple[ProviderMapping, ...]:
    """All that are said, in the order of countries."""
    found = providers_of(uow)
    said = [(country, None, provider) for country, provider in found.of_countries.items()]
    own = [(country, group, provider) for (country, group), provider in found.of_groups.items()]
    return tuple(
        ProviderMapping(country=country, billing_group_ident=group, provider=provider)
        for country, group, provider in sorted([*said, *own], key=lambda entry: (entry[0], entry[1] or ""))
    )


class _Credential(NamedTuple):
    provider: Provider
    username: str
    secret: str


class _Property(NamedTuple):
    provider: Provider
    properties: Sequence[Mapping[str, str]]


class Asking(NamedTuple):
    """With what a provider is asked: in clear, for calls, never for answers or logs."""

    username: str
    password: str
    properties: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Asking({self.username!r})"


def usernames(uow: Uow) -> dict[Provider, str]:
    """Of those that have credentials."""
    rows = uow.all(_Credential, f"SELECT {columns(_Credential)} FROM tax_provider_credential ORDER BY provider")
    return {row.provider: row.username for row in rows}


def properties_of(uow: Uow) -> dict[Provider, list[tuple[str, str]]]:
    """Of those that have any, in their order."""
    rows = uow.all(_Property, f"SELECT {columns(_Property)} FROM tax_provider_property ORDER BY provider")
    return {row.provider: [(entry["key"], entry["value"]) for entry in row.properties] for row in rows}


def asking_of(uow: Uow) -> dict[Provider, Asking]:
    """Of those that lack nothing."""
    rows = uow.all(_Credential, f"SELECT {columns(_Credential)} FROM tax_provider_credential")
    properties = properties_of(uow)
    return {
        row.provider: Asking(
            row.username,
            uow.runtime.secrets.unseal(row.secret, place_of(uow, row.provider)),
            dict(properties[row.provider]),
        )
        for row in rows
        if row.provider in properties
    }


def place_of(uow: Uow, provider: Provider) -> str:
    """Where its password is sealed."""
    return f"{uow.ctx.tenant_id}/tax_provider/{provider}"


def is_any_asked(uow: Uow) -> bool:
    """Whether any provider outside could be asked: one statement at most, for who issues documents."""
    return has_any(uow, _CREDENTIALS)


class Elsewhere(NamedTuple):
    """What a provider outside determines."""

    providers: Providers | None
    """None: nobody is asked for anything."""
    properties: Mapping[Provider, Mapping[str, str]]

    def provider_for(self, country: str, region: str | None, billing_group_ident: str | None) -> Provider | None:
        """Who determines what is taxed there; None: the built-in law, also where the company collects no tax."""
        if self.providers is None:
            return None
        found = self.providers.provider_for(country, billing_group_ident)
        is_asked = found != "NITROBOX" and has_nexus(self.properties.get(found, {}), alpha2(country) or country, region)
        return found if is_asked else None


def elsewhere(uow: Uow) -> Elsewhere:
    """The tenant's."""
    if not is_any_asked(uow):
        return Elsewhere(None, {})
    return Elsewhere(providers_of(uow), {provider: dict(said) for provider, said in properties_of(uow).items()})


def enabled_of(uow: Uow) -> tuple[EnabledProvider, ...]:
    """Those that lack nothing."""
    names, properties = usernames(uow), properties_of(uow)
    return tuple(
        EnabledProvider(provider=provider, username=names.get(provider))
        for provider in PROVIDERS
        if not list(lacking(provider, names.get(provider), dict(properties.get(provider, ())), None))
    )
