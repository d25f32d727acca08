"""What tax providers are asked with: credentials, of which the user name alone is ever shown, and properties."""

from collections.abc import Sequence
from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.runtime.uow import Uow, not_found
from contor.tax.configuration import Provider
from contor.tax.providers import tables
from contor.tax.providers.capabilities import needs_nothing, property_problems
from contor.tax.providers.configure import AllProviders, require_unused
from contor.tax.providers.queries import place_of, properties_of, usernames
from contor.tax.providers.types import (
    PROVIDERS,
    CredentialsBody,
    CredentialsList,
    CredentialsView,
    PropertiesBody,
    PropertiesView,
    ProviderProperty,
)


@dataclass(frozen=True, slots=True)
class OneProvider:
    provider: str


@dataclass(frozen=True, slots=True)
class PutCredentials:
    provider: str
    body: CredentialsBody


@dataclass(frozen=True, slots=True)
class WriteProperties:
    provider: str
    body: PropertiesBody


def _named(name: str) -> Provider:
    """Raises NOT_FOUND."""
    found = next((provider for provider in PROVIDERS if provider == name), None)
    if found is None:
        raise not_found("tax_provider", name, hint=f"there are {', '.join(PROVIDERS)}")
    return found


@operation("tax_provider_credentials.list", permission="tax.read", reads=True)
def list_credentials(uow: Uow, command: AllProviders) -> CredentialsList:
    """The user names by which providers are asked."""
    found = usernames(uow)
    return CredentialsList(credentials=tuple(CredentialsView(provider=name, username=user) for name, user in found.items()))


@operation("tax_provider_credentials.get", permission="tax.read", reads=True)
def get_credentials(uow: Uow, command: OneProvider) -> CredentialsView:
    """The user name by which it is asked."""
    provider = _named(command.provider)
    username = usernames(uow).get(provider)
    if username is None:
        raise not_found("tax_provider_credentials", provider)
    return CredentialsView(provider=provider, username=username)


@operation("tax_provider_credentials.put", permission="tax.write")
def put_credentials(uow: Uow, command: PutCredentials) -> CredentialsView:
    """Create or replace them; the password is sealed and never shown."""
    provider, body = _named(command.provider), command.body
    if problems := list(needs_nothing(provider)):
        raise Refused(Kind.INVALID, *problems)
    uow.lock("tax_provider", [provider])
    uow.run("DELETE FROM tax_provider_credential WHERE provider = %s", (provider,))
    secret, now = uow.runtime.secrets.seal(body.password, place_of(uow, provider)), uow.ctx.now()
    row = {"provider": provider, "username": body.username, "secret": secret, "created_at": now, "last_modified_at": now}
    uow.insert(tables.tax_provider_credential, [row])
    uow.audit("tax_provider_credentials", provider, {"username": body.username})
    uow.mark("tax_providers")  # what could not be asked with the ones before may be asked with these
    return CredentialsView(provider=provider, username=body.username)


@operation("tax_provider_credentials.delete", permission="tax.write")
def delete_credentials(uow: Uow, command: OneProvider) -> None:
    """Only of a provider that determines nothing."""
    provider = _named(command.provider)
    require_unused(uow, provider)
    if not uow.run("DELETE FROM tax_provider_credential WHERE provider = %s", (provider,)):
        raise not_found("tax_provider_credentials", provider)
    uow.audit("tax_provider_credentials", provider, {"deleted": True})


@operation("tax_provider_properties.get", permission="tax.read", reads=True)
def get_properties(uow: Uow, command: OneProvider) -> PropertiesView:
    """What it is told beside the supply."""
    provider = _named(command.provider)
    found = properties_of(uow).get(provider)
    if found is None:
        raise not_found("tax_provider_properties", provider)
    return _view(provider, found)


@operation("tax_provider_properties.create", permission="tax.write")
def create_properties(uow: Uow, command: WriteProperties) -> PropertiesView:
    """Say them for the first time."""
    provider = _judged(uow, command)
    if properties_of(uow).get(provider) is not None:
        message = f"{provider} has properties already: PUT replaces them."
        raise Refused(Kind.CONFLICT, Problem("tax_provider_properties_exist", message))
    return _write(uow, provider, command.body)


@operation("tax_provider_properties.update", permission="tax.write")
def update_properties(uow: Uow, command: WriteProperties) -> PropertiesView:
    """Replace all of them."""
    provider = _judged(uow, command)
    if properties_of(uow).get(provider) is None:
        raise not_found("tax_provider_properties", provider)
    return _write(uow, provider, command.body)


@operation("tax_provider_properties.delete", permission="tax.write")
def delete_properties(uow: Uow, command: OneProvider) -> None:
    """Only of a provider that determines nothing."""
    provider = _named(command.provider)
    require_unused(uow, provider)
    if not uow.run("DELETE FROM tax_provider_property WHERE provider = %s", (provider,)):
        raise not_found("tax_provider_properties", provider)
    uow.audit("tax_provider_properties", provider, {"deleted": True})


def _judged(uow: Uow, command: WriteProperties) -> Provider:
    provider = _named(command.provider)
    given = [(entry.key, entry.value) for entry in command.body.properties]
    if problems := list(property_problems(provider, given, uow.ctx.environment)):
        raise Refused(Kind.INVALID, *problems)
    uow.lock("tax_provider", [provider])
    return provider


def _write(uow: Uow, provider: Provider, body: PropertiesBody) -> PropertiesView:
    before, now = properties_of(uow).get(provider), uow.ctx.now()
    uow.run("DELETE FROM tax_provider_property WHERE provider = %s", (provider,))
    row = {"provider": provider, "properties": list(body.properties), "created_at": now, "last_modified_at": now}
    uow.insert(tables.tax_provider_property, [row])
    uow.audit("tax_provider_properties", provider, {"before": before, "after": list(body.properties)})
    uow.mark("tax_providers")
    return PropertiesView(provider=provider, properties=body.properties)


def _view(provider: Provider, found: Sequence[tuple[str, str]]) -> PropertiesView:
    return PropertiesView(provider=provider, properties=tuple(ProviderProperty(key=key, value=value) for key, value in found))
