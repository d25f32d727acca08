"""Settlement sources: where the files of a provider or bank come from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.gateways import tables
from contor.payments.gateways.capabilities import source_problems
from contor.payments.gateways.providers import read_credentials, require_provider, sealed_credentials
from contor.payments.gateways.types import CredentialName, SourceBody, SourceFormat, SourceSchedule, SourceType, SourceView, is_due
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class CreateSource:
    payment_provider_id: int
    body: SourceBody


@dataclass(frozen=True, slots=True)
class OneSource:
    payment_provider_id: int
    settlement_source_ident: str


@dataclass(frozen=True, slots=True)
class UpdateSource:
    payment_provider_id: int
    settlement_source_ident: str
    body: SourceBody


class SourceRow(NamedTuple):
    ident: str
    payment_provider_id: int
    type: SourceType
    format: SourceFormat
    schedule: SourceSchedule
    host: str | None
    port: int
    directory: str | None
    user_name: str | None
    host_key: str | None
    credential_names: Sequence[CredentialName]
    last_read_at: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


_SAID = ("type", "format", "schedule", "host", "port", "directory", "user_name", "host_key")


@operation("settlement_source.create", permission="payments.write")
def create_source(uow: Uow, command: CreateSource) -> SourceView:
    """Say where the provider's files come from."""
    number, body = command.payment_provider_id, command.body
    provider = require_provider(uow, number)
    if problems := source_problems(body, provider.name, ()):
        raise Refused(Kind.INVALID, *problems)
    ident = body.ident or str(uow.new_uuid())
    names = [credential.name for credential in body.credentials]
    row = {
        "payment_provider_id": number,
        "ident": ident,
        **_said(body),
        "credentials": sealed_credentials(uow, _place(number, ident), body.credentials),
        "credential_names": names,
        "created_at": uow.ctx.now(),
        "last_modified_at": uow.ctx.now(),
    }
    if not uow.insert_once(tables.settlement_source, row):
        message = f"The payment provider has a settlement source {ident!r} already."
        raise Refused(Kind.CONFLICT, Problem("settlement_source_exists", message, "ident", ident))
    uow.audit("settlement_source", ident, {"created": {**_said(body), "credential_names": names}})
    return _view(_require(uow, number, ident))


@operation("settlement_source.get", permission="payments.read", reads=True)
def get_source(uow: Uow, command: OneSource) -> SourceView:
    """One source; of its credentials only which there are."""
    return _view(_require(uow, command.payment_provider_id, command.settlement_source_ident))


@operation("settlement_source.update", permission="payments.write")
def update_source(uow: Uow, command: UpdateSource) -> SourceView:
    """Say it anew; without credentials those that it has stay, as long as its type does."""
    number, ident, body = command.payment_provider_id, command.settlement_source_ident, command.body
    before = _require(uow, number, ident, lock=True)
    stays = not body.credentials and body.type == before.type
    problems = source_problems(body, require_provider(uow, number).name, before.credential_names if stays else ())
    if body.ident not in (None, ident):
        problems.append(Problem("field_immutable", "cannot be changed.", "ident", body.ident))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    said = _said(body)
    names = ", ".join(f"{name} = %s" for name in said)
    key = (number, ident)
    uow.run(
        f"UPDATE settlement_source SET {names}, last_modified_at = %s WHERE payment_provider_id = %s AND ident = %s",
        (*said.values(), uow.ctx.now(), *key),
    )
    if not stays:
        given = [credential.name for credential in body.credentials]
        uow.run(
            "UPDATE settlement_source SET credentials = %s, credential_names = to_jsonb(%s::text[])"
            " WHERE payment_provider_id = %s AND ident = %s",
            (sealed_credentials(uow, _place(number, ident), body.credentials), given, *key),
        )
    was = {name: getattr(before, name) for name in said}
    uow.audit("settlement_source", ident, {"before": was, "after": said, "credentials": "kept" if stays else "replaced"})
    return _view(_require(uow, number, ident))


@operation("settlement_source.delete", permission="payments.write")
def delete_source(uow: Uow, command: OneSource) -> None:
    """Nothing is read from it any more; what came from it stays."""
    key = (command.payment_provider_id, command.settlement_source_ident)
    _require(uow, *key, lock=True)
    uow.run("DELETE FROM settlement_source WHERE payment_provider_id = %s AND ident = %s", key)
    uow.audit("settlement_source", command.settlement_source_ident, {"deleted": command.settlement_source_ident})


class Source(NamedTuple):
    """A source as who reads it needs it."""

    row: SourceRow
    credentials: dict[str, str]
    """By name, in clear: for the server, never for answers or logs."""


class _Sealed(NamedTuple):
    payment_provider_id: int
    ident: str
    credentials: str | None


def sources_due(uow: Uow) -> list[Source]:
    """Those that are to be read again by their schedule, each with what its server is asked with."""
    sql = f"SELECT {columns(SourceRow)} FROM settlement_source WHERE schedule <> 'MANUAL' ORDER BY payment_provider_id, ident"
    due = [row for row in uow.all(SourceRow, sql) if is_due(row.schedule, row.last_read_at, uow.ctx.now())]
    return _opened(uow, due)


def source_named(uow: Uow, payment_provider_id: int, ident: str) -> Source:
    """For who reads it because somebody asked. Raises NOT_FOUND."""
    return _opened(uow, [_require(uow, payment_provider_id, ident)])[0]


def mark_read(uow: Uow, payment_provider_id: int, ident: str) -> None:
    """Its files were fetched just now."""
    sql = "UPDATE settlement_source SET last_read_at = %s WHERE payment_provider_id = %s AND ident = %s"
    uow.run(sql, (uow.ctx.now(), payment_provider_id, ident))
    uow.audit("settlement_source", ident, {"last_read_at": uow.ctx.now()})


def _opened(uow: Uow, rows: Sequence[SourceRow]) -> list[Source]:
    sql = f"SELECT {columns(_Sealed)} FROM settlement_source WHERE payment_provider_id = ANY (%s)"
    stored = uow.all(_Sealed, sql, (sorted({row.payment_provider_id for row in rows}),))
    sealed = {(one.payment_provider_id, one.ident): one.credentials for one in stored}
    return [
        Source(row, read_credentials(uow, _place(row.payment_provider_id, row.ident), sealed[row.payment_provider_id, row.ident]))
        for row in rows
    ]


def _require(uow: Uow, number: int, ident: str, *, lock: bool = False) -> SourceRow:
    sql = f"SELECT {columns(SourceRow)} FROM settlement_source WHERE payment_provider_id = %s AND ident = %s"
    found = uow.first(SourceRow, sql + (" FOR UPDATE" if lock else ""), (number, ident))
    if found is None:
        require_provider(uow, number)  # say which of the two is missing
        raise not_found("settlement_source", ident)
    return found


def _place(number: int, ident: str) -> str:
    return f"settlement_source/{number}/{ident}"


def _said(body: SourceBody) -> Fields:
    return {name: getattr(body, name) for name in _SAID}


def _view(row: SourceRow) -> SourceView:
    return SourceView(**{**row._asdict(), "credential_names": tuple(row.credential_names)})
