"""What became of asking a bank, written down."""

import base64
import dataclasses
import datetime as dt

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.gateways import OneSource, fetch_source
from contor.payments.open_banking.events import ConsentEnds
from contor.payments.open_banking.stored import LinkSecrets, require_link, sealed, unsealed
from contor.payments.open_banking.types import LinkStatus
from contor.payments.types import STATEMENT_FORMATS
from contor.runtime.uow import Uow


@shape
class SyncState:
    ident: str


@shape
class Synced:
    """A bank was asked. `asked_at`: when somebody had wanted that."""

    ident: str
    asked_at: dt.datetime | None = None
    status: LinkStatus = "LINKED"
    answered: bool = False
    """It answered, with whatever was booked."""
    known: bytes = b""
    """What its server told of itself."""
    problem: str | None = None

    def but(self, **said: object) -> "Synced":
        return dataclasses.replace(self, **said)  # type: ignore[arg-type]  # fields of its own


@operation("open_banking_account.mark_synced", permission="payments.write")
def mark_synced(uow: Uow, command: Synced) -> None:
    """What was wanted meanwhile stays wanted; who disabled it meanwhile has done so."""
    row, now = require_link(uow, command.ident, lock=True), uow.ctx.now()
    uow.audit("open_banking_account", row.ident, {"tried_at": now, "status": command.status, "problem": command.problem})
    if row.status != "LINKED":
        return
    secrets = row.secrets
    if command.status != "LINKED":
        secrets = None  # a PIN that serves no more is not kept
    elif command.known:
        kept = LinkSecrets(pin=unsealed(uow, row).pin, known=base64.b64encode(command.known).decode())
        secrets = sealed(uow, row.ident, kept)
    uow.run(
        "UPDATE open_banking_account SET status = %(status)s, secrets = %(secrets)s, problem = %(problem)s, tried_at = %(now)s,"
        " last_accessed_at = CASE WHEN %(answered)s THEN %(now)s ELSE last_accessed_at END,"
        " failing_since = CASE WHEN %(problem)s::text IS NOT NULL THEN coalesce(failing_since, %(now)s) END,"
        " asked_at = CASE WHEN asked_at > coalesce(%(asked_at)s::timestamptz, '-infinity') THEN asked_at END,"
        " last_modified_at = %(now)s WHERE ident = %(ident)s",
        {
            "status": command.status,
            "secrets": secrets,
            "problem": command.problem,
            "now": now,
            "answered": command.answered,
            "asked_at": command.asked_at,
            "ident": row.ident,
        },
    )


@operation("open_banking_account.tell_end", permission="payments.write")
def tell_end(uow: Uow, command: SyncState) -> None:
    """Say, once, that the consent of the bank ends soon."""
    row = require_link(uow, command.ident, lock=True)
    if row.status != "LINKED" or row.valid_until is None or row.last_informed_at is not None:
        uow.audit("open_banking_account", row.ident, {"told": "before"})
        return
    uow.run("UPDATE open_banking_account SET last_informed_at = %s WHERE ident = %s", (uow.ctx.now(), row.ident))
    uow.audit("open_banking_account", row.ident, {"last_informed_at": uow.ctx.now()})
    uow.emit(ConsentEnds(ident=row.ident, valid_until=row.valid_until))


@operation("open_banking_account.ask_files", permission="payments.write")
def ask_files(uow: Uow, command: SyncState) -> str | None:
    """Let the settlement sources by which its statements come be read now; what is wrong, in words."""
    row = require_link(uow, command.ident)
    sql = (
        "SELECT s.payment_provider_id, s.ident FROM settlement_source s JOIN merchant_payment_account a"
        " ON a.tenant_id = s.tenant_id AND a.payment_service_provider_id = s.payment_provider_id"
        " WHERE a.ident = %s AND s.type IN ('SFTP', 'DIRECTORY') AND s.format = ANY (%s) ORDER BY s.ident"
    )
    sources = uow.records(sql, (row.account_ident, list(STATEMENT_FORMATS)))
    for source in sources:
        fetch_source(uow, OneSource(source["payment_provider_id"], source["ident"]))
    uow.audit("open_banking_account", row.ident, {"sources": [source["ident"] for source in sources]})
    return None if sources else "The account's provider has no settlement source by which statements come: somebody uploads them."
