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
from contor.payments.gateways.providers import require_provider, sealed_credentials
from contor.payments.gateways.types import (
    CredentialName,
    SourceBody,
    SourceFormat,
    SourceSchedule,
    SourceType,
    SourceView,
)
from contor.payments.servers import host_key_problem, secret_of_another_server
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

FETCHING = "settlement_sources"
"""The work of fetching from sources (`payments.ways`)."""


@dataclass(frozen=True, slots=True)
class CreateSource:
    payment_provider_id: int
    body: SourceBody


@dataclass(frozen=True, slots=True)
class ListSources:
    payment_provider_id: int
    query: ListQuery


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
    merchant_payment_account_ident: str | None
    host: str | None
    port: int
    directory: str | None
    user_name: str | None
    host_key: str | None
    remove: bool
    credential_names: Sequence[CredentialName]
    asked_at: dt.datetime | None
    last_read_at: dt.datetime | None
    problem: str | None
    failing_since: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


_SAID = (
    "type",
    "format",
    "schedule",
    "merchant_payment_account_ident",
    "host",
    "port",
    "directory",
    "user_name",
    "host_key",
    "remove",
)
SOURCES = searchable(
    tables.settlement_source,
    SourceView,
    ("ident", *_SAID, "asked_at", "last_read_at", "problem", "failing_since", "created_at", "last_modified_at"),
    default_sort="ident",
    places={"payment_provider_id": "payment_provider_id"},
)


@operation("settlement_source.list", permission="payments.read", reads=True)
def list_sources(uow: Uow, command: ListSources) -> Page:
    """Where the provider's files come from."""
    require_provider(uow, command.payment_provider_id)
    scope = {"payment_provider_id": command.payment_provider_id}
    return listed(uow, tables.settlement_source, command.query, SOURCES, SourceRow, lambda rows: map(_view, rows), scope)


@operation("settlement_source.create", permission="payments.write")
def create_source(uow: Uow, command: CreateSource) -> SourceView:
    """Say where the provider's files come from."""
    number, body = command.payment_provider_id, command.body
    require_provider(uow, number)
    if problems := _problems(uow, number, body, ()):
        raise Refused(Kind.INVALID, *problems)
    ident = body.ident or str(uow.new_uuid())
    names = [credential.name for credential in body.credentials]
    row = {
        "payment_provider_id": number,
        "ident": ident,
        **_said(body),
        "credentials": sealed_credentials(uow, place_of(number, ident), body.credentials),
        "credential_names": names,
        "created_at": uow.ctx.now(),
        "last_modified_at": uow.ctx.now(),
    }
    if not uow.insert_once(tables.settlement_source, row):
        message = f"The payment provider has a settlement source {ident!r} already."
        raise Refused(Kind.CONFLICT, Problem("settlement_source_exists", message, "ident", ident))
    uow.mark(FETCHING)
    uow.audit("settlement_source", ident, {"created": {**_said(body), "credential_names": names}})
    return _view(_require(uow, number, ident))


@operation("settlement_source.get", permission="payments.read", reads=True)
def get_source(uow: Uow, command: OneSource) -> SourceView:
    """One source; of its credentials only which there are."""
    return _view(_require(uow, command.payment_provider_id, command.settlement_source_ident))


@operation("settlement_source.update", permission="payments.write")
def update_source(uow: Uow, command: UpdateSource) -> SourceView:
    """Say it anew; without credentials those that it has stay, as long as its type and the key of its server do."""
    number, ident, body = command.payment_provider_id, command.settlement_source_ident, command.body
    before = _require(uow, number, ident, lock=True)
    stays = not body.credentials and body.type == before.type
    problems = _problems(uow, number, body, before.credential_names if stays else ())
    if stays and before.credential_names and body.host_key != before.host_key:
        problems.append(secret_of_another_server("credentials"))
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
            (sealed_credentials(uow, place_of(number, ident), body.credentials), given, *key),
        )
    was = {name: getattr(before, name) for name in said}
    uow.mark(FETCHING)
    uow.audit("settlement_source", ident, {"before": was, "after": said, "credentials": "kept" if stays else "replaced"})
    return _view(_require(uow, number, ident))


@operation("settlement_source.delete", permission="payments.write")
def delete_source(uow: Uow, command: OneSource) -> None:
    """Nothing is read from it any more; what came from it stays."""
    key = (command.payment_provider_id, command.settlement_source_ident)
    _require(uow, *key, lock=True)
    uow.run("DELETE FROM settlement_source_file WHERE payment_provider_id = %s AND source_ident = %s", key)
    uow.run("DELETE FROM settlement_source WHERE payment_provider_id = %s AND ident = %s", key)
    uow.audit("settlement_source", command.settlement_source_ident, {"deleted": command.settlement_source_ident})


@operation("settlement_source.fetch", permission="payments.write")
def fetch_source(uow: Uow, command: OneSource) -> SourceView:
    """Read it now, whatever its schedule; a worker does it, and `lastReadAt` says when."""
    number, ident = command.payment_provider_id, command.settlement_source_ident
    row = _require(uow, number, ident, lock=True)
    if row.type == "UPLOAD":
        raise Refused(Kind.ILLEGAL_STATE, Problem("source_not_fetched", "What is uploaded comes when somebody sends it."))
    # later than who asked before, also where the clock stands: a reading that runs serves only whom it knows of
    asked_at = uow.ctx.now() if row.asked_at is None else max(uow.ctx.now(), row.asked_at + dt.timedelta(microseconds=1))
    sql = "UPDATE settlement_source SET asked_at = %s WHERE payment_provider_id = %s AND ident = %s"
    uow.run(sql, (asked_at, number, ident))
    uow.mark(FETCHING)
    uow.audit("settlement_source", ident, {"asked_at": asked_at})
    return _view(_require(uow, number, ident))


def _problems(uow: Uow, number: int, body: SourceBody, known: Sequence[str]) -> list[Problem]:
    problems = source_problems(body, known)
    if body.type == "SFTP" and body.host_key is not None and (problem := host_key_problem(body.host_key)) is not None:
        problems.append(problem)
    account = body.merchant_payment_account_ident
    sql = "SELECT 1 FROM merchant_payment_account WHERE ident = %s AND payment_service_provider_id = %s"
    if account is not None and uow.scalar(int, sql, (account, number)) is None:
        message = f"No merchant payment account {account!r} is kept at the payment provider {number}."
        problems.append(Problem("merchant_payment_account_unknown", message, "merchantPaymentAccountIdent", account))
    if account is not None and body.type == "UPLOAD":
        message = "Who uploads a file names its account; a source of type UPLOAD names none."
        problems.append(Problem("field_unused", message, "merchantPaymentAccountIdent", account))
    return problems


def _require(uow: Uow, number: int, ident: str, *, lock: bool = False) -> SourceRow:
    sql = f"SELECT {columns(SourceRow)} FROM settlement_source WHERE payment_provider_id = %s AND ident = %s"
    found = uow.first(SourceRow, sql + (" FOR UPDATE" if lock else ""), (number, ident))
    if found is None:
        require_provider(uow, number)  # say which of the two is missing
        raise not_found("settlement_source", ident)
    return found


def place_of(number: int, ident: str) -> str:
    """Where the credentials of a source are sealed."""
    return f"settlement_source/{number}/{ident}"


def _said(body: SourceBody) -> Fields:
    return {name: getattr(body, name) for name in _SAID}


def _view(row: SourceRow) -> SourceView:
    return SourceView(**{**row._asdict(), "credential_names": tuple(row.credential_names)})
