"""Settlement sources as who fetches from them needs them: which are due, what was taken of them, what was wrong."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.gateways import tables
from contor.payments.gateways.providers import read_credentials
from contor.payments.gateways.sources import SourceRow, place_of
from contor.payments.gateways.types import due_again
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Source(NamedTuple):
    """A source as who reads it needs it."""

    row: SourceRow
    credentials: dict[str, str]
    """By name, in clear: for the server, never for answers or logs."""


class _Sealed(NamedTuple):
    payment_provider_id: int
    ident: str
    credentials: str | None


class Due(NamedTuple):
    """Sources that are to be read now, and when the next one is."""

    sources: list[Source]
    next_at: dt.datetime | None


def sources_due(uow: Uow) -> Due:
    """By their schedules, or because somebody asked; each with what its server is asked with."""
    sql = (
        f"SELECT {columns(SourceRow)} FROM settlement_source WHERE type IN ('SFTP', 'DIRECTORY')"
        " AND (schedule <> 'MANUAL' OR asked_at IS NOT NULL) ORDER BY payment_provider_id, ident"
    )
    now, due, later = uow.ctx.now(), list[SourceRow](), list[dt.datetime]()
    for row in uow.all(SourceRow, sql):
        at = now if row.asked_at is not None else due_again(row.schedule, row.last_read_at, now)
        if at is not None and at <= now:
            due.append(row)
        again = due_again(row.schedule, now if at is None or at <= now else row.last_read_at, now)
        later += [] if again is None else [again]
    return Due(_opened(uow, due), min(later, default=None))


@shape
class SourceRead:
    """A source whose files were fetched just now, or why they could not be. `asked_at`: when somebody had asked for that."""

    payment_provider_id: int
    ident: str
    asked_at: dt.datetime | None
    problem: str | None


@operation("settlement_source.mark_read", permission="payments.write")
def mark_read(uow: Uow, command: SourceRead) -> None:
    """What was asked for meanwhile stays asked for."""
    sql = (
        "UPDATE settlement_source SET last_read_at = %(now)s, problem = %(problem)s,"
        " failing_since = CASE WHEN %(problem)s::text IS NOT NULL THEN coalesce(failing_since, %(now)s) END,"
        " asked_at = CASE WHEN asked_at > coalesce(%(asked_at)s::timestamptz, '-infinity') THEN asked_at END"
        " WHERE payment_provider_id = %(provider)s AND ident = %(ident)s"
    )
    now, provider = uow.ctx.now(), command.payment_provider_id
    said = {"now": now, "problem": command.problem, "asked_at": command.asked_at, "provider": provider, "ident": command.ident}
    uow.run(sql, said)
    uow.audit("settlement_source", command.ident, {"last_read_at": now, "problem": command.problem})


class TakenFile(NamedTuple):
    """A file on a server."""

    name: str
    size: int
    modified: int
    """Seconds since 1970."""


def taken_before(uow: Uow, source: Source, found: Sequence[TakenFile]) -> set[TakenFile]:
    """Those of the files that were taken from the source as they are now."""
    sql = (
        "SELECT f.name, f.size, f.modified FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS n(name, size, modified)"
        " JOIN settlement_source_file f ON (f.name, f.size, f.modified) = (n.name, n.size, n.modified)"
        " WHERE f.payment_provider_id = %s AND f.source_ident = %s"
    )
    listed_ = tuple([one[place] for one in found] for place in range(3))
    return set(uow.all(TakenFile, sql, (*listed_, source.row.payment_provider_id, source.row.ident)))


@shape
class FileTaken:
    """A file of a source that is stored here."""

    payment_provider_id: int
    ident: str
    name: str
    size: int
    modified: int


@operation("settlement_source.keep_taken", permission="payments.write")
def keep_taken(uow: Uow, command: FileTaken) -> None:
    """It need not be taken again."""
    row = {
        "payment_provider_id": command.payment_provider_id,
        "source_ident": command.ident,
        "name": command.name,
        "size": command.size,
        "modified": command.modified,
        "read_at": uow.ctx.now(),
    }
    uow.insert_once(tables.settlement_source_file, row)
    uow.audit("settlement_source", command.ident, {"taken": command.name})


def uploaded_formats(uow: Uow, payment_provider_id: int, among: Collection[str]) -> tuple[str, ...]:
    """Which of these formats somebody sends of the provider, by its sources; none: whatever can be read."""
    sql = "SELECT format FROM settlement_source WHERE payment_provider_id = %s AND type = 'UPLOAD' AND format = ANY (%s) ORDER BY ident"
    return tuple(uow.column(str, sql, (payment_provider_id, list(among))))


def _opened(uow: Uow, rows: Sequence[SourceRow]) -> list[Source]:
    sql = f"SELECT {columns(_Sealed)} FROM settlement_source WHERE payment_provider_id = ANY (%s)"
    stored = uow.all(_Sealed, sql, (sorted({row.payment_provider_id for row in rows}),))
    sealed = {(one.payment_provider_id, one.ident): one.credentials for one in stored}
    return [
        Source(row, read_credentials(uow, place_of(row.payment_provider_id, row.ident), sealed[row.payment_provider_id, row.ident]))
        for row in rows
    ]
