"""Files are fetched from settlement sources: when their schedules say, and when somebody asks."""

import datetime as dt
import logging

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.work import Elsewhere, Work, work
from contor.payments.gateways import (
    FETCHING,
    MOVED_TO,
    FileTaken,
    Source,
    SourceRead,
    TakenFile,
    keep_taken,
    mark_read,
    sources_due,
    taken_before,
)
from contor.payments.servers import Allowed, Server, Unreachable
from contor.payments.settlements import UploadWay
from contor.payments.ways.directory import content_of, folder_of, put_aside, waiting
from contor.payments.ways.entering import enter_from
from contor.payments.ways.sftp import Folder, fetch
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.work.schedule import every_tenant

log = logging.getLogger("contor.statements")


def fetch_due(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Read each source of the tenant that is due; one that cannot be reached holds up no other. When to look again. One worker at a time:
    of two, one would find a file removed by the other."""
    with runtime.transaction(_caller(tenant_id), reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('sources'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        return _fetch_due(runtime, tenant_id)


def _fetch_due(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    with runtime.transaction(_caller(tenant_id), reads=True) as uow:
        due, next_at, stands = *sources_due(uow), uow.ctx.is_test_clock
    for source in due:
        row = source.row
        who = _caller(tenant_id, f"{row.payment_provider_id}/{row.ident}")
        fetching = _Fetching(runtime, who, source)
        problem = fetching.from_server() if row.type == "SFTP" else fetching.from_directory(tenant_id)
        if problem is not None:
            log.warning("the settlement source %s/%s: %s", row.payment_provider_id, row.ident, problem)
        command = SourceRead(payment_provider_id=row.payment_provider_id, ident=row.ident, asked_at=row.asked_at, problem=problem)
        runtime.execute(mark_read, command, who)
    return None if stands else next_at  # a clock that stands still comes to nothing by itself


class _Fetching:
    """One source that is read now. Its methods answer in words what was wrong; None: nothing."""

    def __init__(self, runtime: Runtime, who: Caller, source: Source) -> None:
        self.runtime, self.who, self.source = runtime, who, source
        self.problems: list[str] = []

    def from_server(self) -> str | None:
        row = self.source.row
        secret = self.source.credentials.get("privateKey") or self.source.credentials["password"]
        if row.host is None or row.user_name is None or row.host_key is None:
            raise AssertionError("a server is stored with where it is, and how it is known")
        server = Server(row.host, row.port, row.user_name, secret, row.host_key)
        try:
            left = fetch(server, Allowed.by(self.runtime.config), Folder(row.directory or ".", row.remove), self._known, self._take)
            self.problems += [*map(_too_large, left.large), *map(_no_text, left.strange)]
        except Unreachable as error:
            self.problems.insert(0, f"The server could not be read: {error}")
        return self._said()

    def from_directory(self, tenant_id: int) -> str | None:
        name = self.source.row.directory or ""
        folder = folder_of(self.runtime, tenant_id, name)
        if folder is None:
            return f"There is no folder {name!r} in the tenant's watched directory (CONTOR_STATEMENTS)."
        for path in waiting(self.runtime, folder):
            self.runtime.go_on()
            content = content_of(path)
            if content is None:
                self.problems.append(_too_large(path.name))
                continue
            state = self._entered(path.name, content)
            if state is not None:
                put_aside(path, MOVED_TO.get(state, MOVED_TO["READ"]))  # what waits for its schedule is stored here
        return self._said()

    def _known(self, found: list[TakenFile]) -> set[TakenFile]:
        with self.runtime.transaction(self.who, reads=True) as uow:
            return taken_before(uow, self.source, found)

    def _take(self, file: TakenFile, content: bytes) -> bool:
        self.runtime.go_on()
        if self._entered(file.name, content) is None:
            return False
        row = self.source.row
        self.runtime.execute(
            keep_taken,
            FileTaken(payment_provider_id=row.payment_provider_id, ident=row.ident, **file._asdict()),
            self.who,
        )
        return True

    def _entered(self, name: str, content: bytes) -> str | None:
        """Its state; None: it is not received, and left where it is."""
        way: UploadWay = "SFTP" if self.source.row.type == "SFTP" else "DIRECTORY"
        try:
            return enter_from(self.runtime, self.who, self.source, name, content, way)
        except Refused as refused:
            self.problems.append(f"The file {name[:100]!r} is not taken: {refused.problems[0].message}")
            return None

    def _said(self) -> str | None:
        left = len(self.problems) - 5
        return " ".join([*self.problems[:5], *([f"And {left} more."] if left > 0 else [])]) or None


def _too_large(name: str) -> str:
    return f"The file {name[:100]!r} is not taken: it is larger than 64 MB."


def _no_text(name: str) -> str:
    return f"The file {name[:100]!a} is not taken: its name is no text in UTF-8."


def _caller(tenant_id: int, source: str = "all") -> Caller:
    return Caller(f"settlement_source:{source}", "settlement-sources", tenant_id, permissions=frozenset({EVERYTHING}))


every_tenant(work(Work(name=FETCHING, look=fetch_due, by_clock=True, place="files")), every=dt.timedelta(minutes=15))
