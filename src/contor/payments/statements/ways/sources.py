"""Servers from which a bank's statements are fetched: stored with a sealed secret, asked every quarter of an hour."""

import datetime as dt
import logging
from typing import NamedTuple

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.shapes import Fields
from contor.kernel.work import Work, work
from contor.payments.servers import Server, Unreachable, sealed_secret, unsealed_secret
from contor.payments.statements import tables
from contor.payments.statements.ways.entering import enter
from contor.payments.statements.ways.sftp import Folder, Remote, fetch
from contor.runtime.execute import Runtime
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant

log = logging.getLogger("contor.statements")


def _sealed(uow: Uow, row: Fields) -> None:
    row["password"] = sealed_secret(uow, row["host_key"], row["password"], _place(row["ident"]))


def _place(ident: str) -> str:
    return f"statement-source/{ident}"


SOURCES = Resource(
    "statement_source",
    tables.statement_source,
    permission="payments",
    writable=("ident", "name", "active", "host", "port", "user_name", "host_key", "password", "folder", "remove"),
    hidden=("password",),
    filterable=("ident", "name", "active", "host", "created_at"),
    before_create=_sealed,
    before_update=_sealed,
)


class _Source(NamedTuple):
    ident: str
    host: str
    port: int
    user_name: str
    host_key: str
    password: str
    folder: str
    remove: bool


def fetch_all(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Ask every active server of the tenant; one that cannot be reached holds up no other."""
    caller = Caller("statements:sftp", "statements-sftp", tenant_id, permissions=frozenset({EVERYTHING}))
    with runtime.transaction(caller, reads=True) as uow:
        rows = uow.all(_Source, f"SELECT {columns(_Source)} FROM statement_source WHERE active ORDER BY ident")
        servers = [(row.ident, _server(uow, row), _folder(row)) for row in rows]

    def known(found: list[Remote]) -> set[str]:
        sql = (
            "SELECT DISTINCT n.name FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS n(name, size, modified) JOIN statement_file f"
            " ON f.file_name = n.name AND f.size = n.size AND f.received_at >= to_timestamp(n.modified) WHERE f.way = 'SFTP'"
        )
        with runtime.transaction(caller, reads=True) as uow:
            return set(uow.column(str, sql, tuple([one[place] for one in found] for place in range(3))))

    def take(name: str, content: bytes) -> bool:
        runtime.go_on()
        return enter(runtime, tenant_id, name, content, "SFTP") is not None

    for ident, server, folder in servers:
        try:
            fetch(server, folder, known, take)
        except Unreachable as error:
            log.warning("statements could not be fetched from the source %s: %s", ident, error)
    return None


def _server(uow: Uow, row: _Source) -> Server:
    return Server(row.host, row.port, row.user_name, unsealed_secret(uow, row.password, _place(row.ident)), row.host_key)


def _folder(row: _Source) -> Folder:
    return Folder(row.folder, row.remove)


every_tenant(work(Work(name="statement_sources", look=fetch_all)), every=dt.timedelta(minutes=15))
