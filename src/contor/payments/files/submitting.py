"""Files are put to the banks' servers, each once: every step is committed before the next one begins, so that whoever dies leaves what is
known of it, and the server is asked for the rest."""

import datetime as dt
from collections.abc import Callable
from typing import Literal, NamedTuple

from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Elsewhere, Work, work
from contor.payments.files.putting import Outgoing, put
from contor.payments.files.sending import SENDING
from contor.payments.files.targets import place_of
from contor.payments.originals import Sealed, open_file
from contor.payments.servers import Allowed, Server, Unreachable, unsealed_secret
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.secrets import SealBroken
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

AT_ONCE = 20
LONGEST_WAIT = dt.timedelta(hours=6)


def wait_after(tries: int) -> dt.timedelta:
    """How long after so many failures it is tried again: 1, 2, 4, … minutes."""
    return min(dt.timedelta(minutes=2 ** min(tries - 1, 20)), LONGEST_WAIT)


@shape
class TakeFiles:
    limit: int = AT_ONCE


class ToSend(NamedTuple):
    """A file that is to be put to a server."""

    ident: str
    status: Literal["SUBMITTING", "UPLOADED"]
    sha256: str
    blob: str | None
    account_ident: str
    target_ident: str
    host: str
    port: int
    user_name: str
    host_key: str
    password: str
    folder: str


_DUE = """
SELECT f.ident FROM payment_file f
  JOIN payment_file_target t ON t.tenant_id = f.tenant_id AND t.account_ident = f.merchant_account_ident AND t.active
 WHERE f.status IN ('CREATED', 'SUBMITTING', 'UPLOADED') AND f.created_at >= t.created_at AND f.given_up = 0
   AND (f.try_at IS NULL OR f.try_at <= %(now)s)
 ORDER BY f.created_at, f.ident LIMIT %(limit)s FOR UPDATE OF f SKIP LOCKED
"""
_TO_SEND = """
SELECT f.ident, f.status, f.sha256, f.blob, t.account_ident, t.ident AS target_ident, t.host, t.port, t.user_name, t.host_key,
       t.password, t.folder
  FROM payment_file f JOIN payment_file_target t ON t.tenant_id = f.tenant_id AND t.account_ident = f.merchant_account_ident
 WHERE f.ident = ANY (%s) ORDER BY f.created_at, f.ident
"""


@operation("payment_file.submit", permission="payments.write")
def take_files(uow: Uow, command: TakeFiles) -> list[ToSend]:
    """Files that are to be put to servers now: those that were written since their server is known. The caller is the tenant's only one,
    so what is under way belongs to somebody who died."""
    idents = uow.column(str, _DUE, {"now": uow.ctx.now(), "limit": command.limit})
    if not idents:
        return []
    sql = "UPDATE payment_file SET status = 'SUBMITTING' WHERE ident = ANY (%s) AND status = 'CREATED' RETURNING ident"
    for ident in uow.column(str, sql, (idents,)):
        uow.audit("payment_file", ident, {"status": "SUBMITTING"})
    # it is tried right now: nobody gives it up meanwhile
    sql = "UPDATE payment_file SET try_at = NULL WHERE ident = ANY (%s) AND status = 'UPLOADED' AND try_at IS NOT NULL RETURNING ident"
    for ident in uow.column(str, sql, (idents,)):
        uow.audit("payment_file", ident, {"try_at": None})
    return uow.all(ToSend, _TO_SEND, (idents,))


@shape
class FileUp:
    ident: str


@operation("payment_file.uploaded", permission="payments.write")
def file_uploaded(uow: Uow, command: FileUp) -> bool:
    """It lies on the server whole, and is about to get its name there. False: somebody said otherwise meanwhile."""
    done = uow.run("UPDATE payment_file SET status = 'UPLOADED' WHERE ident = %s AND status = 'SUBMITTING'", (command.ident,))
    if done:
        uow.audit("payment_file", command.ident, {"status": "UPLOADED"})
    return bool(done)


@shape
class FileSent:
    ident: str
    reason: str | None = None


@operation("payment_file.sent", permission="payments.write")
def file_sent(uow: Uow, command: FileSent) -> None:
    """It lies on the server under its name."""
    sql = (
        "UPDATE payment_file SET status = 'SENT', sent_at = %s, reason = %s, try_at = NULL, expected_by = NULL"
        " WHERE ident = %s AND status IN ('SUBMITTING', 'UPLOADED')"
    )
    if uow.run(sql, (uow.ctx.now(), command.reason, command.ident)):
        uow.audit("payment_file", command.ident, {"status": "SENT"})


class _Tried(NamedTuple):
    status: str
    tries: int


@operation("payment_file.not_sent", permission="payments.write")
def file_not_sent(uow: Uow, command: FileSent) -> None:
    """It could not be put there: why, and when it is tried again. What has been whole there stays so, since it may have got its name."""
    sql = "SELECT status, tries FROM payment_file WHERE ident = %s FOR UPDATE"
    row = uow.first(_Tried, sql, (command.ident,))
    if row is None or row.status not in ("SUBMITTING", "UPLOADED"):
        return
    status, tries = ("CREATED" if row.status == "SUBMITTING" else row.status), row.tries + 1
    at = uow.ctx.now() + wait_after(tries)
    sql = "UPDATE payment_file SET status = %s, reason = %s, tries = %s, try_at = %s WHERE ident = %s"
    uow.run(sql, (status, command.reason, tries, at, command.ident))
    uow.audit("payment_file", command.ident, {"status": status, "reason": command.reason, "try_at": at})


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """One worker at a time puts a tenant's files to servers: it holds a lock of the database, which is free at once when it dies."""
    who = caller("payment_files", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('sending'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY

        def still_ours() -> None:
            guard.run("SELECT 1")  # it is there as long as this says so, and with it the lock

        seen: set[str] = set()
        while files := [it for it in runtime.execute(take_files, TakeFiles(), who) if it.ident not in seen]:
            seen |= {it.ident for it in files}
            for file in files:
                runtime.go_on()
                still_ours()
                _send(runtime, tenant_id, file, still_ours)
        with runtime.transaction(who, reads=True) as uow:
            sql = (
                "SELECT min(try_at) FROM payment_file WHERE status IN ('CREATED', 'SUBMITTING', 'UPLOADED') AND try_at IS NOT NULL"
            )
            at = uow.scalar(dt.datetime, sql)
            return None if uow.ctx.is_test_clock else at


def _send(runtime: Runtime, tenant_id: int, file: ToSend, still_ours: Callable[[], None]) -> None:
    who = caller("payment_files", tenant_id)

    def whole() -> None:
        still_ours()
        if not runtime.execute(file_uploaded, FileUp(ident=file.ident), who):
            raise Unreachable("somebody said meanwhile that the bank has it")

    try:
        with runtime.transaction(who, reads=True) as uow:
            secret = unsealed_secret(uow, file.password, place_of(file.account_ident, file.target_ident))
            content = open_file(uow, Sealed(file.sha256, file.blob))
        server = Server(file.host, file.port, file.user_name, secret, file.host_key)
        said = put(
            server,
            Allowed.by(runtime.config),
            file.folder,
            Outgoing(f"{file.ident}.xml", content, file.status == "UPLOADED"),
            whole,
        )
    except (BlobMissing, BlobDamaged, SealBroken):
        reason = "The file is not what was kept: it has to come from a backup."
        runtime.execute(file_not_sent, FileSent(ident=file.ident, reason=reason), who)
    except (Unreachable, Refused) as error:
        reason = f"It could not be put to the server {file.host}: {error}."
        runtime.execute(file_not_sent, FileSent(ident=file.ident, reason=reason), who)
    else:
        runtime.execute(file_sent, FileSent(ident=file.ident, reason=said), who)


every_tenant(work(Work(name=SENDING, look=look, by_clock=True)), every=dt.timedelta(minutes=15))
