"""Payment providers: who moves money for us, or tells of it. What they are asked with is sealed and never answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.gateways import tables
from contor.payments.gateways.capabilities import NEEDED, OPTIONAL, capabilities_of, credential_problems
from contor.payments.gateways.types import Credential, CredentialName, ProviderBody, ProviderChange, ProviderName, ProviderView
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

PROVIDERS = searchable(tables.payment_provider, ProviderView, ("id", "name", "created_at", "last_modified_at"), default_sort="id")


@dataclass(frozen=True, slots=True)
class ListProviders:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateProvider:
    body: ProviderBody


@dataclass(frozen=True, slots=True)
class OneProvider:
    payment_provider_id: int


@dataclass(frozen=True, slots=True)
class UpdateProvider:
    payment_provider_id: int
    body: ProviderChange


class ProviderRow(NamedTuple):
    id: int
    name: ProviderName
    credential_names: Sequence[CredentialName]
    created_at: dt.datetime
    last_modified_at: dt.datetime


@operation("payment_provider.list", permission="payments.read", reads=True)
def list_providers(uow: Uow, command: ListProviders) -> Page:
    """Those that were registered."""
    return listed(uow, tables.payment_provider, command.query, PROVIDERS, ProviderRow, lambda rows: map(_view, rows))


@operation("payment_provider.create", permission="payments.write")
def create_provider(uow: Uow, command: CreateProvider) -> ProviderView:
    """Register a provider; merchant payment accounts name it by its number."""
    body = command.body
    problems = credential_problems(body.credentials, NEEDED.get(body.name, ()), optional=OPTIONAL.get(body.name, ()))
    if body.name == "SIMULATED" and uow.ctx.environment != "TEST":
        problems.append(Problem("provider_simulates", "moves no money: it serves TEST environments alone", "name", body.name))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    number = uow.next_id() if body.id is None else body.id
    names = [credential.name for credential in body.credentials]
    row = {
        "id": number,
        "name": body.name,
        "credentials": sealed_credentials(uow, f"payment_provider/{number}", body.credentials),
        "credential_names": names,
        "created_at": uow.ctx.now(),
        "last_modified_at": uow.ctx.now(),
    }
    if not uow.insert_once(tables.payment_provider, row):
        message = f"A payment provider with the number {number} exists already."
        raise Refused(Kind.CONFLICT, Problem("payment_provider_exists", message, "id", number))
    uow.audit("payment_provider", str(number), {"created": {"name": body.name, "credential_names": names}})
    return _view(require_provider(uow, number))


@operation("payment_provider.get", permission="payments.read", reads=True)
def get_provider(uow: Uow, command: OneProvider) -> ProviderView:
    """One provider; of its credentials only which there are."""
    return _view(require_provider(uow, command.payment_provider_id))


@operation("payment_provider.update", permission="payments.write")
def update_provider(uow: Uow, command: UpdateProvider) -> ProviderView:
    """Give it other credentials: all that it needs, or none, which leaves those that it has."""
    number = command.payment_provider_id
    row, given = require_provider(uow, number, lock=True), command.body.credentials
    if given:
        if problems := credential_problems(given, NEEDED.get(row.name, ()), optional=OPTIONAL.get(row.name, ())):
            raise Refused(Kind.INVALID, *problems)
        uow.run(
            "UPDATE payment_provider SET credentials = %s, credential_names = %s::jsonb, last_modified_at = %s WHERE id = %s",
            (
                sealed_credentials(uow, f"payment_provider/{number}", given),
                msgspec.json.encode([one.name for one in given]).decode(),
                uow.ctx.now(),
                number,
            ),
        )
    uow.audit("payment_provider", str(number), {"credentials": "replaced" if given else "kept"})
    return _view(require_provider(uow, number))


@operation("payment_provider.delete", permission="payments.write")
def delete_provider(uow: Uow, command: OneProvider) -> None:
    """Only one that no merchant payment account names and that has no settlement sources."""
    number = command.payment_provider_id
    require_provider(uow, number, lock=True)
    sql = "SELECT 1 FROM merchant_payment_account WHERE payment_service_provider_id = %s LIMIT 1"
    if uow.scalar(int, sql, (number,)) is not None:
        message = "A merchant payment account names this payment provider."
        raise Refused(Kind.CONFLICT, Problem("payment_provider_in_use", message))
    uow.run("DELETE FROM payment_provider WHERE id = %s", (number,))
    uow.audit("payment_provider", str(number), {"deleted": number})


def require_provider(uow: Uow, number: int, *, lock: bool = False) -> ProviderRow:
    """Raises NOT_FOUND."""
    sql = f"SELECT {columns(ProviderRow)} FROM payment_provider WHERE id = %s{' FOR UPDATE' if lock else ''}"
    found = uow.first(ProviderRow, sql, (number,))
    if found is None:
        raise not_found("payment_provider", number)
    return found


def provider_name(uow: Uow, number: int) -> str | None:
    """None: no provider of this number is registered."""
    return uow.scalar(str, "SELECT name FROM payment_provider WHERE id = %s", (number,))


class Provider(NamedTuple):
    """A provider as who asks it needs it."""

    id: int
    name: ProviderName
    credentials: dict[str, str]
    """By name, in clear: for calls, never for answers or logs."""


class _Sealed(NamedTuple):
    id: int
    name: ProviderName
    credentials: str | None


def providers_by_id(uow: Uow, numbers: Sequence[int]) -> dict[int, Provider]:
    """Those that are registered, with what they are asked with."""
    sql = f"SELECT {columns(_Sealed)} FROM payment_provider WHERE id = ANY (%s)"
    return {
        row.id: Provider(row.id, row.name, read_credentials(uow, f"payment_provider/{row.id}", row.credentials))
        for row in uow.all(_Sealed, sql, (sorted(set(numbers)),))
    }


def sealed_credentials(uow: Uow, place: str, given: Sequence[Credential]) -> str | None:
    """What is stored of credentials at a place; only there they can be read again."""
    if not given:
        return None
    text = msgspec.json.encode({credential.name: credential.value for credential in given}).decode()
    return uow.runtime.secrets.seal(text, f"{uow.ctx.tenant_id}/{place}")


def read_credentials(uow: Uow, place: str, stored: str | None) -> dict[str, str]:
    """In clear."""
    if stored is None:
        return {}
    return msgspec.json.decode(uow.runtime.secrets.unseal(stored, f"{uow.ctx.tenant_id}/{place}"), type=dict[str, str])


def _view(row: ProviderRow) -> ProviderView:
    return ProviderView(
        **{**row._asdict(), "credential_names": tuple(row.credential_names)}, capabilities=capabilities_of(row.name)
    )
